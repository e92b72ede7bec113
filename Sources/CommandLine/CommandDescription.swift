import Time

/// All that is known of a command: parsing, help and completions follow from it.
struct CommandDescription: Sendable {
    var name: String
    /// What it does, in a line without a full stop.
    var summary: String
    /// What it does, in sentences.
    var discussion: String
    /// Operands by position.
    var operands: [OperandDescription] = []
    /// Options, in the order of the help text; `--help` is not among them.
    var ownOptions: [OptionDescription] = []
    /// A command line that works from the project's folder.
    var example: String
    /// What exit code 0 means.
    var successMeaning: String
    /// What exit code 1 means, where it says more than that nothing was published.
    var failureMeaning: String?
    /// The other ways in which it can end.
    var otherExits: [ExitStatus] = [.failure, .misuse]
    /// What it reads and writes; empty for nothing.
    var files: [FileDescription] = []
    /// Makes the request out of arguments that fit the description.
    var request: @Sendable (ParsedArguments) -> Request

    /// Every option that the command takes.
    var options: [OptionDescription] { ownOptions + [.help] }
}

/// A file or folder that a command reads or writes.
struct FileDescription: Sendable {
    var path: String
    var meaning: String
}

/// An argument that is told by its position.
struct OperandDescription: Sendable {
    var value: ValueDescription
    var help: String
    var isRequired = true
}

/// An argument that is told by its name.
struct OptionDescription: Sendable {
    /// Without the two hyphens.
    var name: String
    /// Nil where the option takes no value.
    var value: ValueDescription?
    /// What it does, in a line without a full stop.
    var help: String
    var isRequired = false
    var isRepeatable = false
    /// What holds where the option is left out, in words.
    var defaultText: String?

    /// As it is typed.
    var spelling: String { "--\(name)" }

    static let help = OptionDescription(name: "help", help: "show this text")
    static let version = OptionDescription(
        name: "version",
        help: "show the version; with --verbose those of formats and libraries, too")
    static let verboseSpelling = "--verbose"
}

/// What an argument's value may be.
struct ValueDescription: Sendable {
    /// What help texts call it.
    var placeholder: String
    var kind: ValueKind

    /// One of a few words, which stand for the placeholder as well.
    static func word(_ words: [String]) -> ValueDescription {
        ValueDescription(placeholder: words.joined(separator: "|"), kind: .word(words))
    }
}

/// The kinds of values.
enum ValueKind: Sendable {
    case text
    case folder
    /// A file with one of these endings, which only completions insist on.
    case file(endings: [String])
    /// A moment; UTC where it names no offset.
    case moment
    case count(ClosedRange<Int>)
    /// A length of time: seconds, or a whole number with a unit.
    case span
    /// The same, but not nothing.
    case positiveSpan
    /// A decimal from 0 to 1.
    case share
    /// An amount of memory: bytes, or a number of them with K, M, G or T for powers of 1024.
    case size
    case word([String])
    /// The name of a command.
    case command
}

/// A value after reading.
enum ArgumentValue: Sendable, Hashable {
    case text(String)
    case moment(Instant)
    case count(Int)
    case span(TimeSpan)
    /// In millionths.
    case share(Int)
    /// In bytes.
    case size(Int64)
}

extension ValueKind {
    /// The words that are allowed; nil where others are, too.
    var words: [String]? {
        switch self {
        case .word(let words): words
        case .command: Commands.all.map(\.name)
        case .text, .folder, .file, .moment, .count, .span, .positiveSpan, .share, .size: nil
        }
    }

    /// What a right value would be.
    var expectation: String {
        switch self {
        case .text: "a text that is not empty"
        case .folder: "the path of a folder"
        case .file: "the path of a file"
        case .moment: "a moment such as 2026-11-20T02:00:00Z"
        case .count(let range):
            "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .span: "whole seconds, or a length of time such as 90s, 5m or 2h"
        case .positiveSpan: "a second or more, in seconds or as 90s, 5m or 2h"
        case .size: "an amount of memory such as 512M or 2G"
        case .share: "a decimal from 0 to 1, with at most six digits behind the point"
        case .word, .command: "one of \((words ?? []).joined(separator: ", "))"
        }
    }

    /// Reads a value; nil where the text is none of this kind.
    func read(_ text: String) -> ArgumentValue? {
        switch self {
        case .text, .folder, .file:
            return text.isEmpty ? nil : .text(text)
        case .word, .command:
            return words?.contains(text) == true ? .text(text) : nil
        case .count(let range):
            // `Int` alone would take a sign.
            guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let count = Int(text),
                range.contains(count)
            else { return nil }
            return .count(count)
        case .span:
            let isNumber = text.utf8.last.map { $0 >= 0x30 && $0 <= 0x39 } ?? false
            return TimeSpan(isNumber ? text + "s" : text).map { .span($0) }
        case .positiveSpan:
            guard case .span(let span) = ValueKind.span.read(text), span.microseconds > 0 else {
                return nil
            }
            return .span(span)
        case .share:
            return ValueKind.millionths(text).map { .share($0) }
        case .size:
            return ValueKind.bytes(text).map { .size($0) }
        case .moment:
            guard case .success(let instant) = TimeText.instant(text, in: .utc) else { return nil }
            return .moment(instant)
        }
    }

    /// An amount of memory in bytes; nil where the text is none, or nothing.
    private static func bytes(_ text: String) -> Int64? {
        var digits = text[...]
        var unit: Int64 = 1
        if let last = digits.last, let power = "KMGT".firstIndex(of: last) {
            digits.removeLast()
            for _ in 0...("KMGT".distance(from: "KMGT".startIndex, to: power)) { unit *= 1024 }
        }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let number = Int64(digits), number > 0
        else { return nil }
        let (bytes, over) = number.multipliedReportingOverflow(by: unit)
        return over ? nil : bytes
    }

    /// A decimal from 0 to 1 in millionths; nil where the text is none.
    private static func millionths(_ text: String) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? String(parts[1]) : "0"
        guard let whole = parts.first, whole == "0" || whole == "1", !decimals.isEmpty,
            decimals.utf8.count <= 6, decimals.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let fraction = Int(
                decimals + String(repeating: "0", count: 6 - decimals.utf8.count))
        else { return nil }
        let value = (whole == "1" ? 1_000_000 : 0) + fraction
        return value <= 1_000_000 ? value : nil
    }
}
