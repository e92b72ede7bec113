import Definition
import Records
import Time

/// How the values of an input are written, where they are not as definitions expect them.
struct FormatGuess {
    private let input: InputGuess

    init(_ input: InputGuess) { self.input = input }

    /// The lines of the section, from `format:` on; none where nothing is to be said.
    var lines: [(text: String, comment: String?)] {
        let parts = [encoding, numbers, dates].compactMap { $0 }
        return parts.isEmpty ? [] : [("format:", nil)] + parts
    }

    private var encoding: (text: String, comment: String?)? {
        input.encoding.map { encoding in
            (
                "  encoding: \(encoding.rawValue)",
                "? not UTF-8, and nothing says what: look at its accents"
            )
        }
    }

    /// The line of what a preset leaves to whoever uses it; nil where that is nothing.
    func unstated(by preset: Preset) -> (text: String, comment: String?)? {
        var parts: [String] = []
        var dates: [String] = []
        var comments: [String] = []
        var isUnsure = preset.needsZone || input.encoding != nil
        let columns = input.example.columns
        if let encoding = input.encoding {
            parts.append("encoding: \(encoding.rawValue)")
            comments.append("not UTF-8: look at its accents")
        }
        if preset.inputs[input.kind]?.format.numbers == nil,
            columns.contains(where: { $0.amounts == .comma })
        {
            parts.append("numbers: {decimal: \",\"}")
            comments.append("a comma stands before the decimals")
        }
        if preset.needsPattern {
            let orders = columns.map(\.dayOrders).first { !$0.isEmpty } ?? ["DD/MM/YYYY"]
            dates.append("pattern: \(orders[0]) HH:mm:ss")
            if orders.count > 1 {
                comments.append("the month could stand first as well")
                isUnsure = true
            }
        }
        if preset.needsZone {
            dates.append("zone: pipeline")
            comments.append("the zone in which the report was made")
        }
        if !dates.isEmpty { parts.append("dates: {\(dates.joined(separator: ", "))}") }
        guard !parts.isEmpty else { return nil }
        let comment = (isUnsure ? "? " : "") + comments.joined(separator: "; ")
        return (
            "format: {\(parts.joined(separator: ", "))}", comments.isEmpty ? nil : comment
        )
    }

    private var numbers: (text: String, comment: String?)? {
        let notations = input.fields.filter { $0.field.content == .amount }
            .compactMap(\.column.amounts)
        if notations.contains(.comma) {
            return ("  numbers: {decimal: \",\"}", "a comma stands before the decimals")
        }
        if notations.contains(.point) {
            return ("  numbers: {decimal: \".\"}", "amounts with signs of currencies or thousands")
        }
        return nil
    }

    private var dates: (text: String, comment: String?)? {
        var patterns: [String] = []
        var isUnsure = false
        for guess in input.fields
        where guess.field.content == .moment || guess.field.content == .day {
            let fitting = guess.column.timePatterns.map(\.text)
            guard let first = fitting.first else { continue }
            if !patterns.contains(where: fitting.contains) { patterns.append(first) }
            let isMonthFirst = fitting.contains { $0.hasPrefix("MM") }
            isUnsure = isUnsure || (isMonthFirst && first.hasPrefix("DD"))
        }
        guard patterns.contains(where: { $0 != "iso" }) else { return nil }
        let list = patterns.map(YAMLText.scalar).joined(separator: ", ")
        return (
            "  dates: {pattern: [\(list)]}",
            isUnsure ? "? the month could stand first as well" : nil
        )
    }
}

/// What files of similar names are called together.
enum FileGlob {
    /// A glob that fits all the names, and whatever tomorrow's file will be called; nil where they
    /// have too little in common.
    static func glob(for names: [String]) -> String? {
        guard let first = names.first else { return nil }
        if names.count == 1 { return undated(first) }
        var prefix = first[...]
        var suffix = first[...]
        for name in names.dropFirst() {
            while !name.hasPrefix(prefix) { prefix.removeLast() }
            while !name.hasSuffix(suffix) { suffix.removeFirst() }
        }
        // Dates are what tells one night's file from the next.
        while let last = prefix.last, last.isNumber || (last == "-" && isDated(prefix)) {
            prefix.removeLast()
        }
        while let first = suffix.first,
            first.isNumber || (first == "-" && suffix.dropFirst().first?.isNumber ?? false)
        {
            suffix.removeFirst()
        }
        guard prefix.count >= 3, suffix.contains("."), names.allSatisfy(isPlain) else { return nil }
        return "\(prefix)*\(suffix)"
    }

    /// A glob that fits one name alone, whatever characters it has.
    static func literal(_ name: String) -> String {
        name.reduce(into: "") { glob, character in
            if "*?[]\\".contains(character) { glob += "\\" }
            glob.append(character)
        }
    }

    /// A name with `*` in place of a date.
    private static func undated(_ name: String) -> String? {
        guard isPlain(name) else { return nil }
        let characters = Array(name)
        let digits = characters.indices.filter {
            characters[$0].isNumber || "-_".contains(characters[$0])
        }
        // A date is four digits at least, with signs between them.
        var start: Int?
        var best: Range<Int>?
        for index in characters.indices {
            if characters[index].isNumber || (start != nil && digits.contains(index)) {
                if start == nil { start = index }
                let run = (start ?? index)..<(index + 1)
                if characters[index].isNumber, run.count > best?.count ?? 0 { best = run }
            } else {
                start = nil
            }
        }
        guard let best, characters[best].filter(\.isNumber).count >= 4, best.lowerBound >= 3 else {
            return name
        }
        return String(characters[..<best.lowerBound]) + "*"
            + String(characters[best.upperBound...])
    }

    /// Whether a prefix ends with digits and a hyphen, as of a year or a month.
    private static func isDated(_ prefix: Substring) -> Bool {
        prefix.dropLast().last?.isNumber ?? false
    }

    /// Whether no character of a name means something in a glob.
    private static func isPlain(_ name: String) -> Bool {
        !name.contains { "*?[]\\/".contains($0) }
    }
}
