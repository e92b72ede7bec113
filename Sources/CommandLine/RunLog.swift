import Diagnostics
import Pipeline
import Time
import Watching

extension EventLog {
    /// A log of JSON objects, one a line, on a stream.
    static func json(on stream: CInt) -> EventLog {
        EventLog(isJSON: true) { _ = Console.writeAll($0, to: stream) }
    }
}

extension Event {
    /// Something that is wrong, as an event.
    init(_ finding: Finding) {
        let level: Level =
            switch finding.severity {
            case .error: .error
            case .warning: .warning
            case .info: .info
            }
        var fields: [Field] = []
        if let position = finding.position { fields.append(Field("position", "\(position)")) }
        self.init(
            level, level == .error ? "failed" : level.rawValue, finding.description,
            fields: fields)
    }
}

/// Tells of a run's stages as events: what a progress line on a terminal shows, for programs.
final class RunLog: ProgressReporting {
    private let log: EventLog
    private let now: @Sendable () -> Instant

    init(_ log: EventLog, now: @escaping @Sendable () -> Instant) {
        self.log = log
        self.now = now
    }

    /// Stages without a measure take too short to be told of.
    func begin(stage name: String, totalBytes: Int, totalRows: Int) {
        guard totalBytes > 0 || totalRows > 0 else { return }
        let amount =
            totalBytes > 0
            ? Event.Field("bytes", String(totalBytes)) : Event.Field("rows", String(totalRows))
        log.tell(
            Event(.info, "stage", name, fields: [Event.Field("stage", name), amount]), at: now())
    }

    func advance(bytes: Int, rows: Int) {}

    func end() {}
}
