import DelimitedText
import Diagnostics
import Parallel
import Rules
import RunStore
import Time

/// The pages of users' summaries in a run, with a list of them and a page to search them.
///
/// They are made from the lines of `dashboards.jsonl` as they were written, so that they say the same
/// however the run was divided, and the same as `trueup dashboard --html`.
public struct DashboardPages: Sendable {
    /// The list of the pages, in the order of the lines.
    public static let table = "dashboards/pages.csv"
    /// The page with a link to each, as far as they are not too many.
    public static let index = "dashboards/index.html"

    private let rule: DashboardPageRule
    private let levels: [Level]
    private let pipeline: String
    private let run: String
    private let asOf: String

    /// How many lines one thread takes at a time.
    private static let linesOfTask = 64

    /// Prepares the pages of a run.
    public init(_ result: RunResult) {
        self.init(
            rule: result.dashboard.pages, levels: result.dashboard.levels,
            pipeline: result.pipeline, run: result.run,
            // The name of a run has no fractions of seconds, and a page tells what the name tells.
            asOf: TimeText.text(Instant(seconds: result.asOf.seconds)))
    }

    init(rule: DashboardPageRule, levels: [Level], pipeline: String, run: String, asOf: String) {
        self.rule = rule
        self.levels = levels
        self.pipeline = pipeline
        self.run = run
        self.asOf = asOf
    }

    /// Whether the definition names nobody.
    public var isEmpty: Bool { rule == .none }

    /// Writes the pages of those whom the definition names, or nothing.
    ///
    /// - Parameters:
    ///   - folder: Where `dashboards.jsonl` has been written.
    ///   - create: Opens a file of the run by name.
    ///   - workers: The threads among which the pages are shared out.
    ///   - beforeEach: Called before each user; what it throws ends the writing.
    /// - Returns: The list of the pages; nothing where the definition names nobody.
    /// - Throws: The first failure; the run is then not to be published.
    public func write(
        from folder: String, create: @Sendable (String) throws -> FileSink, workers: Workers,
        beforeEach: @Sendable () throws -> Void
    ) throws -> [WrittenFile] {
        guard rule != .none else { return [] }
        let path = folder + "/" + DashboardLines.file
        let columns = ["user", "name", "page"]
        var list = RowWriter(sink: try create(DashboardPages.table), columns: columns)
        var index = DashboardIndex(pipeline: pipeline, asOf: asOf, run: run, rule: rule)
        var users = 0
        var blocks = try DashboardPages.reading(path) { () throws(TextSourceError) in
            DashboardBlocks(try TextSource(path: path))
        }
        while let block = try DashboardPages.reading(
            path, { () throws(TextSourceError) in try blocks.next() })
        {
            let lines = DashboardPages.lines(of: block)
            users += lines.count
            for dashboard in try pages(of: lines, create, workers, beforeEach) {
                list.text(dashboard.user)
                list.text(dashboard.name ?? "")
                list.text(dashboard.file)
                try list.endRow()
                index.add(dashboard)
            }
        }
        let (rows, sums) = try list.close()
        var sink = try create(DashboardPages.index)
        try sink.write(index.page)
        try sink.close()
        return [
            WrittenFile(
                file: DashboardPages.table, columns: columns, rows: rows, sums: sums,
                controls: TableControls(rows: rule == .all ? users : index.count))
        ]
    }

    private static func reading<Value: ~Copyable>(
        _ path: String, _ body: () throws(TextSourceError) -> Value
    ) throws(TrueupError) -> Value {
        do throws(TextSourceError) {
            return try body()
        } catch {
            throw TrueupError.run(
                Finding(
                    "the users' summaries cannot be read again", at: SourcePosition(file: path),
                    found: error.description, remedy: "look after the disk, and run again"))
        }
    }

    private static func lines(of block: UnsafeRawBufferPointer) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = 0
        while let end = DashboardBlocks.lineEnd(block, from: start) {
            lines.append(Array(block[start..<end]))
            start = end + 1
        }
        return lines
    }

    /// Writes the pages of some lines; returns their summaries, in the order of the lines.
    private func pages(
        of lines: [[UInt8]], _ create: @Sendable (String) throws -> FileSink, _ workers: Workers,
        _ beforeEach: @Sendable () throws -> Void
    ) throws -> [UserDashboard] {
        let size = DashboardPages.linesOfTask
        let tasks = (lines.count + size - 1) / size
        return try workers.map(tasks) { task in
            Result {
                try lines[(task * size)...].prefix(size).compactMap { line in
                    try beforeEach()
                    return try page(of: line, create)
                }
            }
        }.flatMap { try $0.get() }
    }

    /// Writes the page of a line; nil where the definition does not name this user.
    private func page(
        of line: [UInt8], _ create: @Sendable (String) throws -> FileSink
    ) throws -> UserDashboard? {
        let dashboard = UserDashboard(
            reading: line, pipeline: pipeline, levels: levels, run: run, asOf: asOf)
        guard let dashboard else {
            preconditionFailure("a summary of this run cannot be read")
        }
        guard rule == .all || dashboard.isChanged else { return nil }
        var sink = try create("dashboards/" + dashboard.file)
        try sink.write(dashboard.page)
        try sink.close()
        return dashboard
    }
}

extension UserDashboard {
    /// Whether what the run emitted changes any figure.
    var isChanged: Bool { before != after }

    /// The page's name in the run: what a user is called says nothing about the name of a file.
    var file: String {
        SHA256Digest(joining: "dashboard", pipeline, user).hex(digits: 32) + ".html"
    }
}
