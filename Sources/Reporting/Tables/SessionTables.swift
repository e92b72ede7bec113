import DelimitedText
import Emission
import Ingestion
import Money
import Records
import Time

/// `session_updates.csv`: sessions that nothing has ended although their bookings are over.
struct SessionUpdatesTable: OutputTable {
    let result: RunResult

    let file = "session_updates.csv"
    let columns = ["id", "booking_id", "from_status", "to_status"]
    var weight: Int { result.emissions.sessionUpdates.count }
    /// One for each session that was decided to be completed.
    var controls: TableControls {
        TableControls(rows: result.emissions.sessionDecisions.count { $0 == .completed })
    }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        let tables = result.tables
        for update in result.emissions.sessionUpdates {
            let row = tables.sessions.rows[Int(update.session)]
            try texts.go(to: row.place)
            tables.sessions.withID(Int(update.session)) { out.text($0) }
            tables.bookings.withID(Int(update.booking)) { out.text($0) }
            out.status(of: row, texts)
            out.text(SessionStatus.completed.word)
            try out.endRow()
        }
    }
}

/// `trace/sessions.csv`: every session, and what was decided on it.
public enum TracedSessions {
    /// The file's name in the run.
    public static let name = "trace/sessions.csv"
    /// Its columns, in order.
    public static let columns = [
        "session_id", "booking_id", "user", "status", "energy_kwh", "started_at", "ended_at",
        "decision", "file", "line",
    ]
}

struct TracedSessionsTable: OutputTable {
    let result: RunResult

    let file = TracedSessions.name
    let columns = TracedSessions.columns
    var weight: Int { result.tables.sessions.count * 2 }
    var inputControls: TableControls { TableControls(rows: result.recordCount(of: .sessions)) }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        let sessions = result.tables.sessions
        let files = result.ingested.dumps.files.all
        for (session, row) in sessions.rows.enumerated() {
            try texts.go(to: row.place)
            sessions.withID(session) { out.text($0) }
            out.text(texts.id(SessionField.booking))
            out.text(texts.user(SessionField.user))
            out.status(of: row, texts)
            if let energy = row.energy { out.energy(energy) } else { out.empty() }
            out.instant(row.started)
            out.instant(row.ended)
            out.text(result.emissions.sessionDecisions[session].word)
            out.text(files[row.place.file].name)
            out.number(Int64(row.line))
            try out.endRow(at: row.place)
        }
    }
}

extension RunResult {
    /// What a completed session is worth, as other emissions are: its payment, else its booking.
    func money(of update: SessionUpdate) -> (Currency, Int64) {
        guard update.payment >= 0 else {
            let row = tables.bookings.rows[Int(update.booking)]
            return (row.currency, row.amount)
        }
        let row = tables.payments.rows[Int(update.payment)]
        return (row.currency, row.amount)
    }
}

extension RowWriter {
    /// An energy in kWh, of which millionths are given.
    mutating func energy(_ millionths: Int64) { text(Amount.text(millionths, digits: 6)) }

    /// The status of the session at which a reader stands; a word that is none of ours as it is.
    fileprivate mutating func status(of row: SessionRow, _ texts: borrowing RowTexts) {
        if let status = row.status {
            text(status.word)
        } else {
            text(texts.text(SessionField.status))
        }
    }
}

extension CarriedEmissionsTable {
    /// A completed session, with its booking as what it is for.
    func write(
        _ update: SessionUpdate, _ texts: inout RowTexts, to out: inout RowWriter
    ) throws {
        let tables = result.tables
        let (currency, amount) = result.money(of: update)
        try texts.go(to: tables.bookings.rows[Int(update.booking)].place)
        out.text(EmittedThing.sessionUpdate.word)
        tables.sessions.withID(Int(update.session)) { out.guarded($0) }
        if update.payment >= 0 {
            tables.payments.withID(Int(update.payment)) { out.guarded($0) }
        } else {
            out.empty()
        }
        out.guarded(texts.user(BookingField.user))
        tables.bookings.withID(Int(update.booking)) { out.guarded($0) }
        out.amount(amount, currency)
        out.currency(currency)
        out.text(SessionStatus.completed.word)
        out.instant(result.asOf)
        try out.endRow()
    }
}

extension CarriedRecordsTable {
    func writeSessions(_ texts: inout RowTexts, to out: inout RowWriter) throws {
        for (session, row) in result.tables.sessions.rows.enumerated() where open.sessions[session]
        {
            try texts.go(to: row.place)
            for field in SessionField.allCases {
                switch field {
                case .status where row.status != nil: out.status(of: row, texts)
                case .energyKwh:
                    if let energy = row.energy { out.energy(energy) } else { out.empty() }
                case .startedAt: out.instant(row.started)
                case .endedAt: out.instant(row.ended)
                case .id, .booking, .user, .status: out.guarded(texts.text(field))
                }
            }
            write(isTrue: row.isConflicting, to: &out)
            out.instant(row.latestMoment.isPresent ? .absent : since(texts))
            try out.endRow()
        }
    }
}
