import Records

/// The records to which something may still happen: what a run of incremental dumps hands on.
///
/// One entry for each row of a table; the other rows leave.
public struct OpenRecords: Sendable {
    /// Payments that stay.
    public var payments: ContiguousArray<Bool>
    /// Settlement lines that stay.
    public var settlements: ContiguousArray<Bool>
    /// Bookings that stay.
    public var bookings: ContiguousArray<Bool>
    /// Orders that stay.
    public var orders: ContiguousArray<Bool>
    /// Sessions that stay.
    public var sessions: ContiguousArray<Bool>
    /// Lines of the bank account that stay.
    public var bank: [Bool]
    /// Payouts, by their numbers, that have not come to their end.
    public var isPayoutOpen: [Bool]
    /// Settlement lines whose payout has come to its end.
    public var hasClosedPayout: ContiguousArray<Bool>

    /// Everything stays.
    public init(all tables: RecordTables) {
        payments = ContiguousArray(repeating: true, count: tables.payments.count)
        settlements = ContiguousArray(repeating: true, count: tables.settlements.count)
        bookings = ContiguousArray(repeating: true, count: tables.bookings.count)
        orders = ContiguousArray(repeating: true, count: tables.orders.count)
        sessions = ContiguousArray(repeating: true, count: tables.sessions.count)
        bank = Array(repeating: true, count: tables.bank.count)
        isPayoutOpen = Array(repeating: false, count: tables.payouts.count)
        hasClosedPayout = ContiguousArray(tables.settlements.rows.map(\.isPayoutClosed))
    }
}
