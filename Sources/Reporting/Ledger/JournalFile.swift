import DelimitedText
import Diagnostics
import Emission
import Money
import Reconciliation
import Records
import RunStore
import Time

/// `ledger.journal`: the run's money as double entry, as hledger and its relatives read it.
struct JournalFile {
    static let file = "ledger.journal"
    private static let blockSize = 1 << 20

    let result: RunResult
    /// What the accounts must hold, for the currencies that are declared.
    let expected: LedgerBalances

    /// Writes every entry.
    ///
    /// - Returns: How many entries there are, and what they leave on each account.
    /// - Throws: `TrueupError.run` where the debits of an entry are not its credits.
    func write(to sink: consuming FileSink) throws -> (entries: Int, balances: LedgerBalances) {
        var journal = JournalText(currencies: expected.currencies)
        writeHeader(expected.currencies, to: &journal)
        return try write(to: sink, &journal, marks: nil) { ledger, body in
            try ledger.forEachRecordEntry(body)
            try ledger.forEachPayoutEntry(body)
        }
    }

    /// Writes the entries of a part's payments and lines.
    func write(
        to sink: consuming FileSink, marks: PieceMarks
    ) throws -> (entries: Int, balances: LedgerBalances) {
        var journal = JournalText(currencies: expected.currencies)
        return try write(to: sink, &journal, marks: marks) { try $0.forEachRecordEntry($1) }
    }

    /// Writes the parts' entries in their order, then those of the payouts, which no part knows.
    func write(
        to sink: consuming FileSink, merging parts: consuming PieceMerger
    ) throws -> (entries: Int, balances: LedgerBalances) {
        var journal = JournalText(currencies: expected.currencies)
        writeHeader(expected.currencies, to: &journal)
        try JournalFile.flush(&journal, &sink)
        try parts.copy(to: &sink)
        return try write(to: sink, &journal, marks: nil) { try $0.forEachPayoutEntry($1) }
    }

    private func write(
        to sink: consuming FileSink, _ journal: inout JournalText, marks: PieceMarks?,
        forEach: (Ledger, (borrowing LedgerEntry) throws -> Void) throws -> Void
    ) throws -> (entries: Int, balances: LedgerBalances) {
        let currencies = expected.currencies
        var balances = LedgerBalances()
        var count = 0
        let tables = result.tables
        try forEach(result.ledger) { entry in
            let start = journal.buffer.count
            guard entry.difference == 0, currencies.contains(entry.currency) else {
                throw unbalanced(entry)
            }
            journal.head(entry) { buffer in
                tables.payments.withID(Int(entry.payment)) {
                    JournalText.append(id: $0, to: &buffer)
                }
            } line: { buffer in
                tables.settlements.withID(Int(entry.line)) {
                    JournalText.append(id: $0, to: &buffer)
                }
            } bank: { buffer in
                appendBank(entry, to: &buffer)
            }
            journal.postings(of: entry)
            balances.add(entry)
            count += 1
            try marks?.add(mark(of: entry, length: journal.buffer.count - start))
            if journal.buffer.count >= JournalFile.blockSize {
                try JournalFile.flush(&journal, &sink)
            }
        }
        try JournalFile.flush(&journal, &sink)
        try sink.close()
        return (count, balances)
    }

    /// Entries of payments stand in the order of those, behind them those of other lines in theirs.
    private func mark(of entry: borrowing LedgerEntry, length: Int) -> PieceMark {
        if entry.line >= 0, !result.ledger.movesPayment(Int(entry.line)) {
            let place = result.tables.settlements.rows[Int(entry.line)].place
            return PieceMark(section: 1, place: place, length: length)
        }
        let place = result.tables.payments.rows[Int(entry.payment)].place
        return PieceMark(section: 0, place: place, length: length)
    }

    /// The ids of a bank line and of a payout, where the entry is of one.
    private func appendBank(_ entry: borrowing LedgerEntry, to buffer: inout OutputBuffer) {
        if entry.bankLine >= 0 {
            buffer.append(" ")
            JournalText.append(id: result.tables.bank[entry.bankLine].id, to: &buffer)
        }
        if entry.payout >= 0 {
            buffer.append(" of payout ")
            JournalText.append(id: result.tieOuts.payouts[entry.payout].payout, to: &buffer)
        }
    }

    private func writeHeader(_ currencies: [Currency], to journal: inout JournalText) {
        journal.comment("The money of run \(result.run), pipeline \(result.pipeline)")
        journal.comment("as of \(TimeText.text(result.asOf)), days in \(result.zone.name).")
        journal.comment("Each run's journal stands on its own: do not add up several of them.")
        journal.declare(currencies: currencies)
    }

    private static func flush(_ journal: inout JournalText, _ sink: inout FileSink) throws {
        try journal.buffer.withUnsafeBytes { bytes throws(TrueupError) in try sink.write(bytes) }
        journal.buffer.removeAll()
    }

    private func unbalanced(_ entry: borrowing LedgerEntry) -> TrueupError {
        let id =
            entry.payment >= 0
            ? "payment " + result.tables.payments.id(Int(entry.payment))
            : entry.line >= 0
                ? "line " + result.tables.settlements.id(Int(entry.line)) : "no record"
        let sum = DisplayText.plain(entry.difference, digits: entry.currency.digits)
        return .run(
            Finding(
                "the run does not add up: ledger.journal, an entry of \(id)",
                expected: "debits and credits of the same sum in one declared currency",
                found: "\(sum) \(entry.currency.reportCode) more debits than credits",
                remedy: ControlTotalsText.remedy))
    }
}

/// What a run says that does not add up.
public enum ControlTotalsText {
    /// What to do.
    public static let remedy =
        "nothing was published; please report this with the run's definition"
}
