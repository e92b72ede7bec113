/// How what a run emitted goes into the business's own tables.
public struct LoadRules: Sendable, Hashable {
    /// By the file that is loaded; a file without an entry is left out.
    public var tables: [EmittedFile: LoadedTable] = [:]

    /// Nothing is loaded.
    public init() {}
}

/// Where one file goes.
public struct LoadedTable: Sendable, Hashable {
    /// The table's name, perhaps with its schema before a dot.
    public var table: String
    /// The columns that tell rows apart; the table has a unique constraint on them.
    public var key: [String]
    /// What each column is given.
    public var columns: [LoadedColumn]
    /// For columns with words of their own: the table's word for each of ours.
    public var values: [String: [String: String]] = [:]

    /// Creates a table without columns.
    public init(table: String) {
        self.table = table
        key = []
        columns = []
    }
}

/// What one column is given.
public struct LoadedColumn: Sendable, Hashable {
    /// The table's column.
    public var column: String
    /// What it gets.
    public var value: LoadedValue

    /// Creates a column.
    public init(column: String, value: LoadedValue) {
        self.column = column
        self.value = value
    }
}

/// What a column gets.
public enum LoadedValue: Sendable, Hashable {
    /// A field of the file, or `run` or `as_of`.
    case field(String)
    /// The same in every row.
    case constant(String)
}

/// A file of a run whose rows are to be loaded, in the order in which that is done: what is new
/// comes before what refers to it.
public enum EmittedFile: String, Sendable, CaseIterable, Hashable {
    case newBookings = "new_bookings"
    case newTickets = "new_tickets"
    case bookingLinks = "booking_links"
    case statusUpdates = "status_updates"
    case orderUpdates = "order_updates"
    case sessionUpdates = "session_updates"
    case transactions
    case payouts
    case payoutLines = "payout_lines"

    /// The fields of a row, in the order of the file.
    public var fields: [String] {
        switch self {
        case .newBookings:
            [
                "booking_id", "payment_id", "user", "item_id", "item_name", "kind", "participants",
                "amount", "currency", "status", "booking_date", "starts_at", "ends_at",
                "special_requests", "origin",
            ]
        case .newTickets:
            [
                "ticket_id", "payment_id", "user", "item_id", "item_name", "quantity", "amount",
                "currency", "status", "event_date", "special_requests", "origin",
            ]
        case .bookingLinks: ["payment_id", "booking_id", "match_rule"]
        case .statusUpdates:
            ["payment_id", "reference", "from_status", "to_status", "settlement_id", "evidence"]
        case .orderUpdates: ["id", "payment_id", "from_status", "to_status"]
        case .sessionUpdates: ["id", "booking_id", "from_status", "to_status"]
        case .transactions:
            [
                "transaction_id", "payment_id", "type", "user", "seller", "amount", "currency",
                "status", "created_at",
            ]
        case .payouts:
            [
                "payout_id", "seller", "currency", "amount", "transactions", "due_date", "status",
            ]
        case .payoutLines: ["payout_id", "transaction_id", "amount"]
        }
    }

    /// Whether its rows change what is there, in place of adding to it.
    public var changesRows: Bool {
        switch self {
        case .bookingLinks, .statusUpdates, .orderUpdates, .sessionUpdates: true
        case .newBookings, .newTickets, .transactions, .payouts, .payoutLines: false
        }
    }

    /// What every row can give besides: the run's id and its logical time.
    public static let ofTheRun = ["run", "as_of"]
}
