import DelimitedText
import Emission
import Ingestion
import Money
import Records
import Time

/// `carried/KIND.csv`: the open records of a kind as a dump of canonical columns.
///
/// Amounts, times, dates and words of fixed meaning are written in one way; every other text stands
/// as it was read, byte for byte.
struct CarriedRecordsTable: OutputTable {
    let result: RunResult
    let open: OpenRecords
    let kind: RecordKind

    var file: String { CarriedRecordsFile.name(kind) }
    var columns: [String] { CarriedRecordsFile.columns(kind) }
    var weight: Int {
        switch kind {
        case .payments: result.tables.payments.count * 3
        case .settlements: result.tables.settlements.count * 2
        case .bookings: result.tables.bookings.count * 2
        default: result.tables.orders.count
        }
    }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        switch kind {
        case .payments: try writePayments(&texts, to: &out)
        case .settlements: try writeSettlements(&texts, to: &out)
        case .bookings: try writeBookings(&texts, to: &out)
        case .orders: try writeOrders(&texts, to: &out)
        case .sessions: try writeSessions(&texts, to: &out)
        case .bank: try writeBank(&texts, to: &out)
        case .catalogue, .users, .overrides: return
        }
    }

    private func writePayments(_ texts: inout RowTexts, to out: inout RowWriter) throws {
        for (payment, row) in result.tables.payments.rows.enumerated()
        where open.payments[payment] {
            try texts.go(to: row.place)
            for field in PaymentField.allCases {
                switch field {
                case .amount: out.amount(row.amount, row.currency)
                case .currency: out.currency(row.currency)
                case .status: out.text(row.status.word)
                case .createdAt: out.instant(row.created)
                case .completedAt: out.instant(row.completed)
                case .refunded:
                    if let refunded = result.tables.links(ofPayment: payment).refunded {
                        out.amount(refunded, row.currency)
                    } else {
                        out.empty()
                    }
                case .id, .reference, .user, .description, .details, .kind, .order, .booking,
                    .seller, .gateway:
                    out.guarded(texts.text(field))
                }
            }
            write(isTrue: row.isConflicting, to: &out)
            try out.endRow()
        }
    }

    private func writeSettlements(_ texts: inout RowTexts, to out: inout RowWriter) throws {
        for (line, row) in result.tables.settlements.rows.enumerated() where open.settlements[line]
        {
            try texts.go(to: row.place)
            for field in SettlementField.allCases {
                switch field {
                case .type: out.text(row.type.word)
                case .state: out.text(row.state.word)
                case .gross: out.amount(row.gross, row.currency)
                case .fee where row.hasFee: out.amount(row.fee, row.currency)
                case .tax: out.amount(row.tax, row.currency)
                case .net where row.hasNet: out.amount(row.net, row.currency)
                case .fee, .net: out.empty()
                case .currency: out.currency(row.currency)
                case .occurredAt: out.instant(row.occurred)
                case .settledOn: out.date(row.settledOn)
                case .id, .reference, .payout, .gateway, .method: out.guarded(texts.text(field))
                }
            }
            write(isTrue: row.isConflicting, to: &out)
            write(isTrue: open.hasClosedPayout[line], to: &out)
            let hasTime = row.latestMoment.isPresent
            out.instant(hasTime ? .absent : since(texts))
            try out.endRow()
        }
    }

    private func writeBookings(_ texts: inout RowTexts, to out: inout RowWriter) throws {
        for (booking, row) in result.tables.bookings.rows.enumerated() where open.bookings[booking]
        {
            try texts.go(to: row.place)
            for field in BookingField.allCases {
                switch field {
                case .amount: out.amount(row.amount, row.currency)
                case .currency: out.currency(row.currency)
                case .status: out.text(row.status.word)
                case .createdAt: out.instant(row.created)
                case .id, .payment, .user, .item, .kind, .quantity, .date, .startsAt, .endsAt,
                    .order:
                    out.guarded(texts.text(field))
                }
            }
            write(isTrue: row.isConflicting, to: &out)
            out.instant(row.created.isPresent ? .absent : since(texts))
            try out.endRow()
        }
    }

    private func writeOrders(_ texts: inout RowTexts, to out: inout RowWriter) throws {
        for (order, row) in result.tables.orders.rows.enumerated() where open.orders[order] {
            try texts.go(to: row.place)
            for field in OrderField.allCases {
                switch field {
                case .status where row.status != .other: out.text(row.status.word)
                default: out.guarded(texts.text(field))
                }
            }
            write(isTrue: row.isConflicting, to: &out)
            out.instant(since(texts))
            try out.endRow()
        }
    }

    private func writeBank(_ texts: inout RowTexts, to out: inout RowWriter) throws {
        for (line, row) in result.tables.bank.enumerated() where open.bank[line] {
            try texts.go(to: row.place)
            for field in BankField.allCases {
                switch field {
                case .amount: out.amount(row.amount, row.currency)
                case .currency: out.currency(row.currency)
                case .date: out.date(row.date)
                case .id, .payout, .description: out.guarded(texts.text(field))
                }
            }
            write(isTrue: row.isConflicting, to: &out)
            try out.endRow()
        }
    }

    func write(isTrue: Bool, to out: inout RowWriter) {
        if isTrue { out.text(CarriedField.yes) } else { out.empty() }
    }

    /// When a run first read the record: this one, where no run before handed it on.
    func since(_ texts: borrowing RowTexts) -> Instant {
        let since = texts.since()
        return since.isPresent ? since : result.asOf
    }
}
