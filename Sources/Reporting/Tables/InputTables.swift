import DelimitedText
import Ingestion
import Money
import Reconciliation
import Records

/// `settlements.csv`: every settlement line with its payment.
struct SettlementsTable: OutputTable {
    let result: RunResult

    let file = "settlements.csv"
    let columns = [
        "settlement_id", "reference", "type", "state", "gross", "fee", "tax", "net", "currency",
        "payment_id", "payout", "outcome",
    ]
    var weight: Int { result.tables.settlements.count * 2 }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        let types = SettlementType.words
        let states = SettlementState.words
        let outcomes = SettlementOutcome.words
        let tables = result.tables
        for (line, row) in tables.settlements.rows.enumerated() {
            if let block = Lookahead.block(at: line, of: tables.settlements.count) {
                tables.payments.fetchIDs(result.settlements.paymentOfLine[block])
            }
            try texts.go(to: row.place)
            tables.settlements.withID(line) { out.text($0) }
            out.text(texts.id(SettlementField.reference))
            out.text(types[Int(row.type.rawValue)])
            out.text(states[Int(row.state.rawValue)])
            out.amount(row.gross, row.currency)
            out.amount(row.fee, row.currency)
            out.amount(row.tax, row.currency)
            out.amount(row.net, row.currency)
            out.currency(row.currency)
            let payment = result.settlements.paymentOfLine[line]
            if payment >= 0 {
                tables.payments.withID(Int(payment)) { out.text($0) }
            } else {
                out.empty()
            }
            out.text(texts.id(SettlementField.payout))
            out.text(outcomes[Int(result.classification.settlementOutcomes[line].rawValue)])
            try out.endRow(at: row.place)
        }
    }
}

/// `bookings.csv`: every booking with its payments.
struct BookingsTable: OutputTable {
    let result: RunResult

    let file = "bookings.csv"
    let columns = [
        "booking_id", "payment_ids", "user", "amount", "currency", "status", "match_rule",
        "outcome",
    ]
    var weight: Int { result.tables.bookings.count * 2 }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        let statuses = BookingStatus.words
        let rules = MatchRule.words
        let outcomes = BookingOutcome.words
        let tables = result.tables
        for (booking, row) in tables.bookings.rows.enumerated() {
            if let block = Lookahead.block(at: booking, of: tables.bookings.count) {
                tables.payments.fetchIDs { fetch in
                    result.bookings.linksOfBooking.forEach(in: block) {
                        fetch(Int(result.bookings.links[$0].payment))
                    }
                }
            }
            try texts.go(to: row.place)
            tables.bookings.withID(booking) { out.text($0) }
            out.ids(of: booking, in: result.bookings.linksOfBooking, tables.payments) {
                Int(result.bookings.links[$0].payment)
            }
            out.text(texts.user(BookingField.user))
            out.amount(row.amount, row.currency)
            out.currency(row.currency)
            out.text(statuses[Int(row.status.rawValue)])
            if let first = result.bookings.linksOfBooking.first(booking) {
                out.text(rules[Int(result.bookings.links[first].rule.rawValue)])
            } else {
                out.empty()
            }
            out.text(outcomes[Int(result.classification.bookingOutcomes[booking].rawValue)])
            try out.endRow(at: row.place)
        }
    }
}

/// `rejects.csv`: rows that are no records, as they stand; where they are no text, with U+FFFD in place
/// of what is none.
struct RejectsTable: OutputTable {
    let result: RunResult

    let file = "rejects.csv"
    let columns = ["file", "line", "column", "reason", "raw"]
    var weight: Int { result.ingested.rejects.count }

    /// Of a longer row only the beginning is written: the place says where the rest is.
    static let longestRaw = 1 << 20

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        let dumps = result.ingested.dumps
        for reject in result.ingested.rejects {
            try texts.go(to: reject.place)
            out.text(dumps.files.all[reject.place.file].name)
            out.number(Int64(reject.line))
            out.text(dumps.header(ofField: Int(reject.column), file: reject.place.file))
            out.text(reject.reason.text)
            let raw = UnsafeRawBufferPointer(
                rebasing: texts.raw.prefix(RejectsTable.longestRaw))
            if (try? UTF8Span(validating: raw.bindMemory(to: UInt8.self).span)) != nil {
                out.text(raw)
            } else {
                // Bytes that are no text would make the whole file unreadable.
                out.text(String(decoding: raw, as: UTF8.self))
            }
            try out.endRow()
        }
    }
}

/// `repeats.csv`: rows that repeat or precede another one of the same id.
struct RepeatsTable: OutputTable {
    let result: RunResult

    let file = "repeats.csv"
    let columns = ["file", "line", "kind", "id", "reason", "kept_file", "kept_line"]
    var weight: Int { result.ingested.repeats.count }

    func write(to out: inout RowWriter) throws {
        let files = result.ingested.dumps.files.all
        for item in result.ingested.repeats {
            out.text(files[item.place.file].name)
            out.number(Int64(item.line))
            out.text(item.kind.rawValue)
            out.text(item.id)
            out.text(item.reason.word)
            out.text(files[item.keptPlace.file].name)
            out.number(Int64(item.keptLine))
            try out.endRow()
        }
    }
}
