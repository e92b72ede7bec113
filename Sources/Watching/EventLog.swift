import Diagnostics
import Reporting
import Time

/// Something that is worth a line in the log of a service.
public struct Event: Sendable, Hashable {
    /// A figure with its name.
    public struct Field: Sendable, Hashable {
        /// The name, a word.
        public var name: String
        /// The value as text.
        public var value: String

        /// Creates a figure.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// How much it matters, by the words of the journal.
    public enum Level: String, Sendable {
        case info, warning, error
    }

    /// How much it matters.
    public var level: Level
    /// What it is, in a word for programs: `published`, `failed`.
    public var name: String
    /// What happened, in a sentence for people.
    public var message: String
    /// The figures concerned, in order.
    public var fields: [Field]

    /// Creates an event.
    public init(
        _ level: Level, _ name: String, _ message: String, fields: [Field] = []
    ) {
        self.level = level
        self.name = name
        self.message = message
        self.fields = fields
    }
}

/// Writes events, a line each: for people, or as JSON for the journal.
public struct EventLog: Sendable {
    private let isJSON: Bool
    private let mark: @Sendable (Event.Level) -> String
    private let write: @Sendable (String) -> Void

    /// Creates a log, in words or as JSON; `write` takes each line with its line feed.
    ///
    /// `mark` stands before each line, for whoever sorts lines by how much they matter.
    public init(
        isJSON: Bool, mark: @escaping @Sendable (Event.Level) -> String = { _ in "" },
        write: @escaping @Sendable (String) -> Void
    ) {
        self.isJSON = isJSON
        self.mark = mark
        self.write = write
    }

    /// Writes one event.
    public func tell(_ event: Event, at moment: Instant) {
        write(
            mark(event.level)
                + (isJSON ? EventLog.json(event, moment) : EventLog.text(event, moment)))
    }

    /// No value can break the line: control characters are shown, not written.
    private static func text(_ event: Event, _ moment: Instant) -> String {
        let fields = event.fields.map { " \($0.name)=\(Finding.printable($0.value))" }.joined()
        return "\(TimeText.text(moment)) \(event.level.rawValue): "
            + Finding.printable(event.message) + fields + "\n"
    }

    private static func json(_ event: Event, _ moment: Instant) -> String {
        var json = JSONWriter(.compact)
        json.object { json in
            json.field("time", TimeText.text(moment))
            json.field("level", event.level.rawValue)
            json.field("event", event.name)
            json.field("message", event.message)
            for field in event.fields { json.field(field.name, field.value) }
        }
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
