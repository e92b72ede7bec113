import Diagnostics
import Time

/// The arguments of one command, read and found to fit its description.
struct ParsedArguments: Sendable {
    /// By the names of options and the placeholders of operands, in the order given; an option
    /// without a value stands with an empty list.
    fileprivate(set) var values: [String: [ArgumentValue]] = [:]

    func has(_ option: OptionDescription) -> Bool { values[option.name] != nil }

    func text(of option: OptionDescription) -> String? { texts(named: option.name).last }

    func texts(of option: OptionDescription) -> [String] { texts(named: option.name) }

    func text(ofOperand placeholder: String) -> String? { texts(named: placeholder).last }

    /// The text of a required argument.
    func required(_ name: String) -> String {
        guard let text = texts(named: name).last else {
            preconditionFailure("parsing refuses a command line without \(name)")
        }
        return text
    }

    func moment(of option: OptionDescription) -> Instant? {
        guard case .moment(let instant) = values[option.name]?.last else { return nil }
        return instant
    }

    func count(of option: OptionDescription) -> Int? {
        guard case .count(let count) = values[option.name]?.last else { return nil }
        return count
    }

    func span(of option: OptionDescription) -> TimeSpan? {
        guard case .span(let span) = values[option.name]?.last else { return nil }
        return span
    }

    func size(of option: OptionDescription) -> Int64? {
        guard case .size(let bytes) = values[option.name]?.last else { return nil }
        return bytes
    }

    func share(of option: OptionDescription) -> Int? {
        guard case .share(let millionths) = values[option.name]?.last else { return nil }
        return millionths
    }

    private func texts(named name: String) -> [String] {
        (values[name] ?? []).compactMap { value in
            guard case .text(let text) = value else { return nil }
            return text
        }
    }
}

/// Reads a command's arguments from left to right.
struct ArgumentParser {
    private let command: CommandDescription
    private var rest: ArraySlice<String>
    private var operandCount = 0
    private var parsed = ParsedArguments()

    /// Reads the arguments behind a command's name.
    ///
    /// - Returns: nil where help is asked for; what stands behind `--help` is not looked at.
    /// - Throws: `TrueupError.usage` for the first argument that does not fit, or that is missing.
    static func parse(
        _ arguments: ArraySlice<String>, of command: CommandDescription
    ) throws(TrueupError) -> ParsedArguments? {
        var parser = ArgumentParser(command: command, rest: arguments)
        return try parser.parse()
    }

    private init(command: CommandDescription, rest: ArraySlice<String>) {
        self.command = command
        self.rest = rest
    }

    private mutating func parse() throws(TrueupError) -> ParsedArguments? {
        var areOptionsOver = false
        while let argument = rest.popFirst() {
            if areOptionsOver || !isOption(argument) {
                try takeOperand(argument)
            } else if argument == "--" {
                areOptionsOver = true
            } else if try takeOption(argument) == .help {
                return nil
            }
        }
        try requireAll()
        return parsed
    }

    private enum Step {
        case next, help
    }

    /// A single hyphen is a file's name by custom.
    private func isOption(_ argument: String) -> Bool {
        argument.hasPrefix("-") && argument != "-"
    }

    private mutating func takeOperand(_ text: String) throws(TrueupError) {
        guard operandCount < command.operands.count else {
            let names = command.operands.map(\.value.placeholder).joined(separator: " ")
            throw misuse(
                "an argument too many", expected: names.isEmpty ? "options only" : "only \(names)",
                found: text)
        }
        let operand = command.operands[operandCount]
        operandCount += 1
        try store(text, as: operand.value, name: operand.value.placeholder)
    }

    private mutating func takeOption(_ argument: String) throws(TrueupError) -> Step {
        let parts = argument.split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let spelling = String(parts[0])
        guard let option = command.options.first(where: { $0.spelling == spelling }) else {
            let spellings = command.options.map(\.spelling)
            throw misuse(
                "unknown option", expected: "one of \(spellings.joined(separator: ", "))",
                found: spelling, meant: nearestName(to: spelling, among: spellings))
        }
        let attached = parts.count == 2 ? String(parts[1]) : nil
        guard let value = option.value else {
            guard attached == nil else {
                throw misuse(
                    "\(spelling) takes no value", expected: spelling, found: argument)
            }
            parsed.values[option.name] = []
            return option.name == OptionDescription.help.name ? .help : .next
        }
        guard option.isRepeatable || !parsed.has(option) else {
            throw misuse(
                "\(spelling) is given more than once", expected: "\(spelling) once",
                found: argument)
        }
        let text: String
        if let attached { text = attached } else { text = try nextValue(of: option, value) }
        try store(text, as: value, name: option.name, spelling: spelling)
        return .next
    }

    /// The argument behind an option; another option there means that the value was forgotten.
    private mutating func nextValue(
        of option: OptionDescription, _ value: ValueDescription
    ) throws(TrueupError) -> String {
        if let next = rest.first, !isOption(next) { return rest.removeFirst() }
        throw .usage(
            Finding(
                "\(option.spelling) needs a value", expected: value.kind.expectation,
                found: rest.first ?? "the end of the command line",
                remedy: "write \(option.spelling) \(value.placeholder), or "
                    + "\(option.spelling)=\(value.placeholder) where it begins with a hyphen"))
    }

    private mutating func store(
        _ text: String, as value: ValueDescription, name: String, spelling: String? = nil
    ) throws(TrueupError) {
        guard let read = value.kind.read(text) else {
            throw misuse(
                "\(spelling ?? name) does not take this value", expected: value.kind.expectation,
                found: text.isEmpty ? "nothing" : text,
                meant: value.kind.words.flatMap { nearestName(to: text, among: $0) })
        }
        parsed.values[name, default: []].append(read)
    }

    private func requireAll() throws(TrueupError) {
        for operand in command.operands.dropFirst(operandCount) where operand.isRequired {
            throw missing(operand.value.placeholder, of: operand.value.kind)
        }
        for option in command.ownOptions where option.isRequired && !parsed.has(option) {
            guard let value = option.value else { continue }
            throw missing("\(option.spelling) \(value.placeholder)", of: value.kind)
        }
    }

    private func missing(_ name: String, of kind: ValueKind) -> TrueupError {
        misuse("\(name) is missing", expected: kind.expectation, found: nil)
    }

    private func misuse(
        _ summary: String, expected: String, found: String?, meant: String? = nil
    ) -> TrueupError {
        .usage(
            Finding(
                summary, expected: expected, found: found,
                remedy: hint(meant, help: "trueup \(command.name) --help")))
    }
}

/// What to do about a misuse: the word that was probably meant, if any, and where to read on.
func hint(_ meant: String?, help: String) -> String {
    let reading = "see `\(help)`"
    return meant.map { "perhaps \($0) was meant; \(reading)" } ?? reading
}
