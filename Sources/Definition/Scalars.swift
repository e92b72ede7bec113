import Diagnostics
import Money
import Time

/// How a text fits a shape.
enum Fit<Value> {
    case value(Value)
    /// Something else altogether.
    case wrong
    /// The right kind of thing, too small or too large.
    case outOfRange
}

extension Shape {
    /// A single value, read from its text exactly as it stands.
    ///
    /// Messages say that a wrong one is not `noun`, then the rule in full (`expected`), and show a
    /// right one (`example`). `unquoted` means that quotes make it something else, as they do with
    /// numbers.
    static func scalar(
        _ noun: String, expected: String, example: String, unquoted: Bool = false, schema: JSON,
        _ convert: @escaping @Sendable (String, Decoding) -> Fit<Value>
    ) -> Shape {
        Shape(schema: schema) { node, decoding in
            var fit = Fit<Value>.wrong
            if case .scalar(let text, let isPlain) = node.content, !node.isNull,
                isPlain || !unquoted
            {
                fit = convert(text, decoding)
            }
            let problem: String
            switch fit {
            case .value(let value): return value
            case .wrong: problem = "not \(noun)"
            case .outOfRange: problem = "out of range"
            }
            decoding.report(
                "\(decoding.place) is \(problem)", at: node.position, expected: expected,
                found: node.shown, remedy: "write it like \(example)")
            return nil
        }
    }

    /// A single value that either fits or does not.
    static func scalar(
        _ noun: String, expected: String, example: String, schema: JSON,
        _ convert: @escaping @Sendable (String) -> Value?
    ) -> Shape {
        scalar(noun, expected: expected, example: example, schema: schema) { text, _ in
            convert(text).map { .value($0) } ?? .wrong
        }
    }
}

extension Shape where Value == String {
    /// Any text, such as a column's header; numbers and words like true are taken as they stand.
    static func text(_ noun: String, example: String) -> Shape {
        // YAML without quotes gives editors a number or a boolean where a text is meant.
        let schema: JSON = ["type": ["string", "number", "boolean"], "pattern": "\\S"]
        return scalar(
            noun, expected: "a text that is not empty", example: example, schema: schema
        ) { text in
            text.allSatisfy(\.isWhitespace) ? nil : text
        }
    }

    /// A user, compared as users are: in any case, and without the space around it.
    static func user(_ noun: String, example: String) -> Shape {
        text(noun, example: example).map { text in
            let start = text.drop { $0.isWhitespace }
            let end = start.lastIndex { !$0.isWhitespace }
            return end.map { start[...$0].lowercased() } ?? ""
        }
    }

    /// A text of ASCII letters, digits or other signs that each fit.
    static func word(
        _ noun: String, expected: String, example: String, pattern: String, longest: Int,
        _ fits: @escaping @Sendable (UInt8) -> Bool
    ) -> Shape {
        let schema: JSON = [
            "type": "string", "pattern": .string(pattern), "maxLength": .number(String(longest)),
        ]
        return scalar(noun, expected: expected, example: example, schema: schema) { text in
            (1...longest).contains(text.utf8.count) && text.utf8.allSatisfy(fits) ? text : nil
        }
    }

    /// A zone of the IANA database.
    static let timeZone = Shape.scalar(
        "a known time zone", expected: "a zone's name in the IANA time zone database",
        example: "Africa/Accra", schema: ["type": "string", "pattern": "^[A-Za-z0-9_+/-]+$"]
    ) { text, decoding in decoding.isKnownZone(text) ? .value(text) : .wrong }

    /// A glob that cannot leave the input folder.
    static let glob = Shape.scalar(
        "a path in the input folder",
        expected: "a file's path or glob inside the input folder: relative, without . and ..",
        example: "payments*.csv",
        schema: [
            "type": ["string", "number", "boolean"],
            "pattern": "^(?!\\.{1,2}(/|$))[^/]+(/(?!\\.{1,2}(/|$))[^/]+)*$",
        ]
    ) { text in
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let stays = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        return stays ? text : nil
    }

    /// A path into JSON.
    static let detailsPath = Shape.scalar(
        "a path into the details", expected: "keys of JSON objects, joined by dots",
        example: "tour.name",
        schema: ["type": ["string", "number", "boolean"], "pattern": "^[^.]+(\\.[^.]+)*$"]
    ) { text in
        let keys = text.split(separator: ".", omittingEmptySubsequences: false)
        return keys.allSatisfy { !$0.isEmpty } ? text : nil
    }
}

extension Shape where Value == Int {
    /// A whole number within bounds.
    static func wholeNumber(_ bounds: ClosedRange<Int>, example: Int) -> Shape {
        scalar(
            "a whole number",
            expected: "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)",
            example: String(example), unquoted: true,
            schema: [
                "type": "integer", "minimum": .number(String(bounds.lowerBound)),
                "maximum": .number(String(bounds.upperBound)),
            ]
        ) { text, _ in
            let digits =
                text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
            guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return .wrong
            }
            guard let number = Int(text), bounds.contains(number) else { return .outOfRange }
            return .value(number)
        }
    }
}

extension Shape where Value == Bool {
    /// `true` or `false`, and none of the other words that YAML once had for them.
    static let truth = Shape.scalar(
        "true or false", expected: "true or false, without quotes", example: "true",
        unquoted: true, schema: ["type": "boolean"]
    ) { text, _ in
        switch text {
        case "true": .value(true)
        case "false": .value(false)
        default: .wrong
        }
    }
}

extension Shape where Value == TimeSpan {
    /// A length of time.
    static let timeSpan = Shape.scalar(
        "a time span", expected: "a whole number and one of the units s, m, h and d",
        example: "30m", schema: ["type": "string", "pattern": "^[0-9]+[smhd]$"]
    ) { text in text.hasSuffix("w") ? nil : TimeSpan(text) }

    /// A length of time that is not nothing.
    static let positiveTimeSpan = timeSpan.checked { span, node, decoding in
        guard span.microseconds == 0 else { return }
        decoding.report(
            "\(decoding.place) is out of range", at: node.position,
            expected: "a time span of more than nothing", found: node.shown,
            remedy: "write it like 30d, or remove the key")
    }
}

extension Shape {
    /// The shape of a mapping whose amounts are in the currency that its key `currency` names.
    var inOwnCurrency: Shape {
        Shape(schema: schema) { node, decoding in
            let pipelines = decoding.currency
            if case .scalar(let code, _) = node["currency"]?.content {
                decoding.currency = Currency(code)
            }
            defer { decoding.currency = pipelines }
            return read(node, &decoding)
        }
    }
}

extension Shape where Value == Int64 {
    /// An amount of the pipeline's currency, or of another as messages call it, in minor units, as
    /// the minimum is: 0 or 1 of them.
    static func amount(
        atLeast minimum: Int64 = 0, of currency: String = "the pipeline's currency"
    ) -> Shape {
        scalar(
            "an amount",
            expected: (minimum > 0 ? "an amount above 0" : "an amount of at least 0")
                + ", with no more decimals than \(currency) has",
            example: "\"10\"",
            schema: [
                "type": ["string", "number"], "pattern": "^[0-9]+([.][0-9]+)?$",
                minimum > 0 ? "exclusiveMinimum" : "minimum": 0,
            ]
        ) { text, decoding in
            // No currency has more than four digits: where it is unknown, all are let pass.
            switch Amount.parse(text, digits: decoding.currency?.digits ?? 4) {
            case .success(let amount): amount < minimum ? .outOfRange : .value(amount)
            case .failure(.outOfRange): .outOfRange
            case .failure: .wrong
            }
        }
    }

    /// A decimal number from 0 to 1, in millionths.
    static let similarity = Shape.scalar(
        "a number from 0 to 1", expected: "a decimal number from 0 to 1 with at most 6 decimals",
        example: "0.85", unquoted: true, schema: ["type": "number", "minimum": 0, "maximum": 1]
    ) { text, _ in
        switch Amount.parse(text, digits: 6) {
        case .success(let millionths):
            (0...1_000_000).contains(millionths) ? .value(millionths) : .outOfRange
        case .failure(.outOfRange): .outOfRange
        case .failure: .wrong
        }
    }
}

extension Shape where Value == Rate {
    /// A percentage.
    static let percentage = Shape.scalar(
        "a percentage", expected: "a decimal number from 0 to 100 with at most 6 decimals",
        example: "2.9", unquoted: true, schema: ["type": "number", "minimum": 0, "maximum": 100]
    ) { text, _ in
        guard let rate = Rate(percent: text) else { return .wrong }
        let isShare = (0...100_000_000).contains(rate.millionthsOfPercent)
        return isShare ? .value(rate) : .outOfRange
    }
}

extension Shape where Value == Currency {
    /// A currency's code, in any case.
    static let currency = Shape.scalar(
        "a known currency", expected: "a code of ISO 4217", example: "GHS",
        schema: ["type": "string", "pattern": "^[A-Za-z]{3}$"]
    ) { text in Currency(text) }
}

extension Shape where Value == CivilDate {
    /// A day.
    static let date = Shape.scalar(
        "a date", expected: "a day of the calendar as YYYY-MM-DD", example: "2025-12-25",
        schema: ["type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"]
    ) { text in
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2],
            parts.joined().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let numbers = parts.compactMap { Int(String($0) ?? "") }
        return CivilDate(year: numbers[0], month: numbers[1], day: numbers[2])
    }
}

extension Shape {
    /// One of a few words.
    static func choice(_ words: [(word: String, value: Value)]) -> Shape {
        let all = words.map(\.word)
        return Shape(schema: ["enum": .strings(all)]) { node, decoding in
            var nearest: String?
            if case .scalar(let text, _) = node.content, !node.isNull {
                if let found = words.first(where: { $0.word == text }) { return found.value }
                nearest = nearestWord(to: text, among: all)
            }
            let choices = listed(all, "or")
            decoding.report(
                "\(decoding.place) is not \(choices)", at: node.position,
                expected: "one of the words \(choices)", found: node.shown,
                remedy: nearest.map { "write \($0), if that is meant" } ?? "write one of the words")
            return nil
        }
    }
}

extension Shape where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of an enumeration's words.
    static var choice: Shape { choice(Value.allCases.map { ($0.rawValue, $0) }) }
}
