import Money
import Reconciliation
import Records

/// Why a break is no longer open: one of a few words, and what it was.
public struct ClearingCause: Sendable, Hashable {
    /// What kind of thing cleared it.
    public enum Kind: UInt8, Sendable, CaseIterable, Worded {
        /// The words of outputs.
        public static let words = spelled()

        /// A decision of two people: its action, and both of them.
        case override
        /// The record concerned is in no dump any more: its kind and id.
        case dump
        /// A new break of the same record stands in its place: its code and id.
        case replaced
        /// A record has another status: its id and status.
        case status
        /// A settlement line, by id.
        case settlement
        /// A payment, by id.
        case payment
        /// A booking or ticket, by id.
        case booking
        /// An emission has been loaded, by id.
        case loaded
        /// A payout of a gateway, by id.
        case payout
        /// A line of the bank account, by id.
        case bank
    }

    /// What kind of thing cleared it.
    public var kind: Kind
    /// Which one, in words separated by spaces.
    public var what: String

    /// Creates a cause.
    public init(_ kind: Kind, _ what: String) {
        self.kind = kind
        self.what = what
    }

    /// The cause as outputs have it.
    public var text: String { what.isEmpty ? kind.word : "\(kind.word) \(what)" }
}

/// The rows of what an item concerns, as this run's tables have them.
public struct ItemRows: Sendable, Hashable {
    /// The payment's row; nil where none is concerned, or it is in no dump any more.
    public var payment: Int?
    /// The settlement line's row; likewise.
    public var settlement: Int?
    /// The booking's row; likewise.
    public var booking: Int?

    /// Nothing is concerned.
    public init() {}
}

/// Finds out what cleared an item, from what the item concerned and what the run knows of it.
public struct ClearingCauses {
    let tables: RecordTables
    let settlements: SettlementMatch
    let verdicts: ContiguousArray<PaymentVerdict>
    let bookings: BookingMatch
    let made: [Int32: String]
    let waiting: WaitingEmissions
    /// The new and reopened breaks, by each of the records that they concern.
    private let successors: [Record: OpenItem]

    private enum Record: Hashable {
        case payment(String), settlement(String), booking(String)
    }

    /// Gathers what the run knows; `appeared` are the breaks that were not open before, in order of
    /// their ids.
    public init(
        tables: RecordTables, settlements: SettlementMatch,
        verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch, emissions: Emissions,
        waiting: WaitingEmissions, appeared: [OpenItem]
    ) {
        self.tables = tables
        self.settlements = settlements
        self.verdicts = verdicts
        self.bookings = bookings
        self.waiting = waiting
        var made: [Int32: String] = [:]
        for booking in emissions.bookings + emissions.tickets { made[booking.payment] = booking.id }
        self.made = made
        var successors: [Record: OpenItem] = [:]
        for item in appeared {
            for record in ClearingCauses.records(of: item) where successors[record] == nil {
                successors[record] = item
            }
        }
        self.successors = successors
    }

    private static func records(of item: OpenItem) -> [Record] {
        var records: [Record] = []
        if !item.settlementID.isEmpty { records.append(.settlement(item.settlementID)) }
        if !item.bookingID.isEmpty { records.append(.booking(item.bookingID)) }
        if !item.paymentID.isEmpty { records.append(.payment(item.paymentID)) }
        return records
    }

    /// The cause of an item's clearing; the first that applies of: a record that is gone, an emission
    /// that was loaded, what the code waited for, another break in its place, the record itself.
    public func cause(of item: OpenItem, _ rows: ItemRows) -> ClearingCause {
        if !item.settlementID.isEmpty, rows.settlement == nil {
            return ClearingCause(.dump, "settlement \(item.settlementID)")
        }
        if !item.bookingID.isEmpty, rows.booking == nil {
            return ClearingCause(.dump, "booking \(item.bookingID)")
        }
        if !item.paymentID.isEmpty, rows.payment == nil {
            return ClearingCause(.dump, "payment \(item.paymentID)")
        }
        if isOfBankLine(item), !tables.bank.contains(where: { $0.id == item.other }) {
            return ClearingCause(.dump, "bank \(item.other)")
        }
        if item.code == .unappliedEmission, !isWaiting(item) {
            return ClearingCause(.loaded, item.other)
        }
        return awaited(by: item, rows) ?? successor(of: item) ?? itself(item)
    }

    private func isOfBankLine(_ item: OpenItem) -> Bool {
        item.code != .unappliedEmission && !item.other.isEmpty && item.payout.isEmpty
            && ClearingCauses.records(of: item).isEmpty
    }

    /// Whether the emission that an item concerns still waits, so that only the time it may take has
    /// changed.
    private func isWaiting(_ item: OpenItem) -> Bool {
        EmittedThing.allCases.contains {
            waiting.has($0, id: item.other, paymentID: item.paymentID)
        }
    }

    private func successor(of item: OpenItem) -> ClearingCause? {
        let next = ClearingCauses.records(of: item).lazy.compactMap { successors[$0] }.first
        return next.map { ClearingCause(.replaced, "\($0.code.word) \($0.id)") }
    }

    /// What a break of this code waits for, where it has come.
    private func awaited(by item: OpenItem, _ rows: ItemRows) -> ClearingCause? {
        switch item.code {
        case .stuck:
            return rows.payment.flatMap {
                changedStatus(ofPayment: $0, from: .pending) ?? line(of: $0)
            }
        case .missingSettlement, .currencyMismatch, .falseSuccess:
            return rows.payment.flatMap {
                changedStatus(ofPayment: $0, from: .succeeded) ?? line(of: $0)
            }
        case .settledShort, .settledOver, .duplicateSettlement, .overRefund, .doubleReversal,
            .refundUnsettled, .chargeback:
            return rows.payment.flatMap(line)
        case .falseFailure:
            return rows.payment.flatMap { payment in
                let isFailed = tables.payments.rows[payment].status.isFailure
                return isFailed ? nil : status(ofPayment: payment)
            }
        case .unknownSettlement, .orphanRefund, .orphanChargeback:
            return rows.settlement.flatMap { owner(ofLine: $0) }
        case .orphanBooking, .unpaidBooking, .duplicateBooking:
            return rows.booking.flatMap(answer(toBooking:))
        case .unidentifiedItem, .ambiguousBooking: return rows.payment.flatMap(booking(ofPayment:))
        default: return nil
        }
    }

    /// The record that the item concerned: it, or what is asked of it, says something else now.
    private func itself(_ item: OpenItem) -> ClearingCause {
        if !item.settlementID.isEmpty { return ClearingCause(.settlement, item.settlementID) }
        if !item.bookingID.isEmpty { return ClearingCause(.booking, item.bookingID) }
        if !item.paymentID.isEmpty { return ClearingCause(.payment, item.paymentID) }
        if !item.payout.isEmpty { return ClearingCause(.payout, item.payout) }
        return ClearingCause(.bank, item.other)
    }

    // MARK: What came

    private func changedStatus(
        ofPayment payment: Int, from status: PaymentStatus
    ) -> ClearingCause? {
        tables.payments.rows[payment].status == status ? nil : self.status(ofPayment: payment)
    }

    private func status(ofPayment payment: Int) -> ClearingCause {
        let word = tables.payments.rows[payment].status.word
        return ClearingCause(.status, "\(tables.payments.id(payment)) \(word)")
    }

    /// The latest completed line of a payment; else the one that decides about it.
    private func line(of payment: Int) -> ClearingCause? {
        var latest: Int?
        settlements.linesOfPayment.forEach(payment) { line in
            let row = tables.settlements.rows[line]
            guard row.state == .completed else { return }
            if let held = latest, !follows(line, held) { return }
            latest = line
        }
        let deciding = Int(verdicts[payment].evidence)
        guard let line = latest ?? (deciding < 0 ? nil : deciding) else { return nil }
        return ClearingCause(.settlement, tables.settlements.id(line))
    }

    private func follows(_ line: Int, _ other: Int) -> Bool {
        let first = tables.settlements.rows[other].occurred
        let second = tables.settlements.rows[line].occurred
        return first == second ? tables.settlements.idPrecedes(other, line) : first < second
    }

    private func owner(ofLine line: Int) -> ClearingCause? {
        let payment = Int(settlements.paymentOfLine[line])
        return payment < 0 ? nil : ClearingCause(.payment, tables.payments.id(payment))
    }

    /// Why a booking needs nobody: it is no longer confirmed, or it has its payment.
    private func answer(toBooking booking: Int) -> ClearingCause? {
        let row = tables.bookings.rows[booking]
        if row.status != .confirmed {
            return ClearingCause(.status, "\(tables.bookings.id(booking)) \(row.status.word)")
        }
        let payments = bookings.payments(ofBooking: booking)
            .sorted(by: tables.payments.idPrecedes)
        guard let payment = payments.first else { return nil }
        return ClearingCause(.payment, tables.payments.id(payment))
    }

    /// The booking that a payment has, or that is on its way.
    private func booking(ofPayment payment: Int) -> ClearingCause? {
        let booked = bookings.bookings(ofPayment: payment).sorted(by: tables.bookings.idPrecedes)
        let id =
            booked.first.map(tables.bookings.id) ?? made[Int32(payment)]
            ?? waiting.booking(ofPayment: tables.payments.rows[payment].id)?.id
        if let id { return ClearingCause(.booking, id) }
        return verdicts[payment].resolved == .succeeded ? nil : status(ofPayment: payment)
    }
}

extension PaymentStatus {
    /// Whether the payment says that no money was taken.
    fileprivate var isFailure: Bool { self == .failed || self == .cancelled }
}
