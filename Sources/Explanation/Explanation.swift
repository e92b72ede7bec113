import Diagnostics
import Reporting

/// What a published run tells of a payment, settlement line, booking, order, session, transaction,
/// payout or break, from the run's own files alone.
public struct Explanation: Sendable {
    let run: String
    let reference: String
    let chapters: [Chapter]
    let dossier: Dossier
    let teller: StoryTeller

    /// Looks a reference up in the latest run of an output folder, or in the one of this name.
    ///
    /// - Parameters:
    ///   - outputFolder: the folder in which runs are published.
    ///   - reference: an id, or a reference, which may belong to several payments.
    ///   - name: the name of a run; nil for the latest.
    ///   - threads: among how many the search is shared out.
    /// - Throws: `TrueupError.usage` where there is no such run or nothing of this name, with what
    ///   was probably meant; `TrueupError.run` where only a rejected row holds it, or where the run
    ///   cannot be read.
    public init(
        outputFolder: String, reference: String, run name: String? = nil, threads: Int
    ) throws {
        let reader = try RunReader(outputFolder: outputFolder, run: name, threads: threads)
        let reference = Explanation.trimmed(reference)
        let dossier = try Gatherer(run: reader, reference: reference).gather()
        let teller = StoryTeller(run: reader, dossier: dossier, reference: reference)
        chapters = try teller.chapters()
        guard !chapters.isEmpty else { throw try Unknown(reader, reference).error() }
        run = reader.name
        self.reference = reference
        self.dossier = dossier
        self.teller = teller
    }

    /// The story as plain text of 80 columns, without anything that could drive a terminal.
    public var text: String { StoryText.text(chapters, run: run) }

    /// As ids are read from dumps: without surrounding blanks and a spreadsheet's apostrophe.
    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        if text.first == "'" { text = text.dropFirst() }
        return String(text)
    }
}

/// Finds out what to say of a reference that no record of a run has.
private struct Unknown {
    let run: RunReader
    let reference: String

    init(_ run: RunReader, _ reference: String) {
        self.run = run
        self.reference = reference
    }

    func error() throws -> TrueupError {
        let bytes = Array(reference.utf8)
        if let reject = try run.rows(.rejects, where: [.word(of: "raw", bytes)]).first {
            return .run(
                Finding(
                    "only a rejected row holds it, so there is nothing to explain yet",
                    at: SourcePosition(file: reject["file"], line: Int(reject["line"]) ?? 0),
                    expected: "a row that is a record",
                    found: reject["reason"]
                        + (reject["column"].isEmpty ? "" : " in column \(reject["column"])"),
                    remedy: "correct the row where it was exported, and run again"))
        }
        let meant = try nearest(bytes)
        return .usage(
            Finding(
                "run \(run.name) knows nothing of this name",
                expected: "the id or reference of a payment, or the id of a settlement line, "
                    + "booking, ticket, order, session, transaction, payout or break",
                found: reference,
                remedy: meant.map { "perhaps \($0) was meant" }
                    ?? "look it up in payments.csv or settlements.csv; what an earlier run wrote is "
                    + "explained with --run, and trueup runs lists them"))
    }

    /// An id that differs by case or by one slip; nil where there is none.
    private func nearest(_ bytes: [UInt8]) throws -> String? {
        guard bytes.count > 2, bytes.count <= 200 else { return nil }
        for (table, columns) in [
            (TableName.payments, ["payment_id", "reference"]),
            (.settlements, ["settlement_id", "reference", "payout"]), (.bookings, ["booking_id"]),
            (.newBookings, ["booking_id"]), (.newTickets, ["ticket_id"]),
            (.breaks, ["break_id"]), (.payouts, ["payout_id"]),
            (.transactions, ["transaction_id"]), (.orders, ["order_id"]),
            (.sessions, ["session_id"]),
        ] {
            let rows = try run.rows(table, where: columns.map { .nearly(of: $0, bytes) })
            let values = rows.flatMap { row in columns.map { row[$0] } }.filter { value in
                Array(value.utf8).withUnsafeBytes { $0.isNearly(bytes) }
            }
            let typed = reference.lowercased()
            if let same = values.first(where: { $0.lowercased() == typed }) { return same }
            if let near = values.first { return near }
        }
        return nil
    }
}
