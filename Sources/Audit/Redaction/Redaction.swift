import Diagnostics
import JSONText
import RunStore

/// A copy of a run's reports for passing on, in which people have other names.
///
/// The run itself is left alone. Dashboards, notifications, the ledger, the trace, what is handed on
/// and the definition are not in the copy: they are about people, or quote what people wrote.
public struct Redaction: Sendable {
    /// What was written, and what was left out, in whole lines.
    public private(set) var text = ""

    private static let tables = [
        "payments.csv", "settlements.csv", "bookings.csv", "status_updates.csv",
        "booking_links.csv", "new_bookings.csv", "new_tickets.csv", "order_updates.csv",
        "session_updates.csv", "transactions.csv", "payouts.csv", "payout_lines.csv",
        "breaks.csv", "cleared.csv", "rejects.csv", "repeats.csv",
    ]
    /// No report of a run is longer.
    private static let longestReport = 256 << 20

    /// Writes the copy of a run, by default of the latest one, into a folder that is new or empty.
    ///
    /// `checkStopped` is asked between files, and throws where somebody asks to stop.
    ///
    /// - Throws: `TrueupError` where the run cannot be read or the copy not be written; what was
    ///   written of it is then removed.
    public init(
        outputFolder: String, run: RunID?, key: PseudonymKey, folder: String,
        checkStopped: () throws(TrueupError) -> Void
    ) throws {
        let history = try RunHistory(path: outputFolder)
        let run = try history.existing(run)
        try ReplayFolder.take(folder)
        do {
            try write(history.folder(of: run), key, to: folder, checkStopped)
        } catch {
            ReplayFolder.empty(folder)
            throw error
        }
        text = "run \(run): a copy for passing on is in \(Finding.printable(folder))\n" + text
    }

    private mutating func write(
        _ run: String, _ key: PseudonymKey, to folder: String,
        _ checkStopped: () throws(TrueupError) -> Void
    ) throws {
        var redactor = Redactor(key: key)
        let tables = try Redaction.tables.filter { try RunHistory.holds($0, in: run) }
        for table in tables {
            try checkStopped()
            try RedactedTable(path: "\(run)/\(table)").people {
                redactor.people.insert($0.lowercased())
            }
        }
        for table in tables {
            try checkStopped()
            let emptied = try RedactedTable(path: "\(run)/\(table)")
                .write(to: "\(folder)/\(table)", by: redactor)
            text += "  \(table)"
            text += emptied.isEmpty ? "\n" : ", without \(emptied.joined(separator: ", "))\n"
        }
        try writeReports(run, redactor, to: folder)
        text += count(redactor.people.count, "person") + " by other names\n"
    }

    private mutating func writeReports(
        _ run: String, _ redactor: Redactor, to folder: String
    ) throws {
        var report = RedactedReport(redactor: redactor)
        let path = "\(run)/report.json"
        let bytes = try RunHistory.bytes(of: path, limit: Redaction.longestReport)
        guard let tree = JSONTree(bytes) else {
            throw TrueupError.run(
                Finding(
                    "the run's report cannot be read", at: SourcePosition(file: path),
                    remedy: "restore the run's folder from its archive"))
        }
        try ReplayFolder.write(report.document(tree), to: "\(folder)/report.json")
        let page = try RunHistory.bytes(
            of: "\(run)/report.html", limit: Redaction.longestReport)
        let html = report.page(String(decoding: page, as: UTF8.self))
        try ReplayFolder.write(Array(html.utf8), to: "\(folder)/report.html")
        text += "  report.json, report.html, without details\n"
    }
}
