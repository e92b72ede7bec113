/// Which rows of some tables are kept.
public struct KeptRows: Sendable {
    /// For each payment.
    public var payments: ContiguousArray<Bool>
    /// For each settlement line.
    public var settlements: ContiguousArray<Bool>
    /// For each booking.
    public var bookings: ContiguousArray<Bool>
    /// For each order.
    public var orders: ContiguousArray<Bool>
    /// For each session.
    public var sessions: ContiguousArray<Bool>

    /// None of them, or all.
    public init(_ tables: RecordTables, all isKept: Bool = false) {
        payments = ContiguousArray(repeating: isKept, count: tables.payments.count)
        settlements = ContiguousArray(repeating: isKept, count: tables.settlements.count)
        bookings = ContiguousArray(repeating: isKept, count: tables.bookings.count)
        orders = ContiguousArray(repeating: isKept, count: tables.orders.count)
        sessions = ContiguousArray(repeating: isKept, count: tables.sessions.count)
    }
}

/// Where the rows of tables of one kind went that were gathered into one table.
public struct GatheredRows: Sendable {
    /// For each table the new number of each of its rows, or -1 for one that was not kept.
    public let numbers: [ContiguousArray<Int32>]
    /// For each row of the new table its old table and its number there.
    public let origins: ContiguousArray<(table: Int32, row: Int32)>

    /// Puts the kept rows of all tables into the order of their places.
    fileprivate init<Row>(_ tables: [Table<Row>], _ kept: [ContiguousArray<Bool>]) {
        var order: ContiguousArray<(place: UInt64, table: Int32, row: Int32)> = []
        for (index, table) in tables.enumerated() {
            for (row, isKept) in kept[index].enumerated() where isKept {
                order.append((table.rows[row].place.packed, Int32(index), Int32(row)))
            }
        }
        order.sort { $0.place < $1.place }
        var numbers = tables.map { ContiguousArray<Int32>(repeating: -1, count: $0.count) }
        for (new, entry) in order.enumerated() {
            numbers[Int(entry.table)][Int(entry.row)] = Int32(new)
        }
        self.numbers = numbers
        origins = ContiguousArray(order.map { ($0.table, $0.row) })
    }

    /// What a table holds of each row, beside the rows.
    public func gather<Value>(_ values: (Int) -> ContiguousArray<Value>) -> ContiguousArray<Value> {
        let all = numbers.indices.map(values)
        return ContiguousArray(origins.lazy.map { all[Int($0.table)][Int($0.row)] })
    }

    /// The new number of a row of one of the tables; -1 where it was not kept, or is none.
    public func number(_ row: Int32, of table: Int) -> Int32 {
        row < 0 ? -1 : numbers[table][Int(row)]
    }

    fileprivate func gather<Row>(_ tables: [Table<Row>]) -> Table<Row> {
        var made = Table<Row>()
        made.rows.reserveCapacity(origins.count)
        for origin in origins {
            let table = tables[Int(origin.table)]
            var row = table.rows[Int(origin.row)]
            let id = row.idText.offset..<(row.idText.offset + row.idText.count)
            row.idText = TextSlice(offset: made.idBytes.count, count: id.count)
            made.idBytes.append(contentsOf: table.idBytes[id])
            made.rows.append(row)
        }
        return made
    }

    fileprivate func gather<Links>(
        _ links: [ContiguousArray<Links>], absent: Links
    ) -> ContiguousArray<Links> {
        guard links.contains(where: { !$0.isEmpty }) else { return [] }
        return ContiguousArray(
            origins.lazy.map { origin in
                let all = links[Int(origin.table)]
                return all.isEmpty ? absent : all[Int(origin.row)]
            })
    }
}

/// Rows of several tables, gathered into one of each kind, in the order of the input.
///
/// No row stands in two of the tables.
public struct RowGathering: Sendable {
    /// The gathered records; kinds of which there are few are those of the first tables.
    public private(set) var tables: RecordTables
    /// Where the payments went.
    public let payments: GatheredRows
    /// Where the settlement lines went.
    public let settlements: GatheredRows
    /// Where the bookings went.
    public let bookings: GatheredRows
    /// Where the orders went.
    public let orders: GatheredRows
    /// Where the sessions went.
    public let sessions: GatheredRows

    /// Gathers what is kept of some tables, of which there is at least one.
    public init(_ all: [RecordTables], keeping kept: [KeptRows]) {
        payments = GatheredRows(all.map(\.payments), kept.map(\.payments))
        settlements = GatheredRows(all.map(\.settlements), kept.map(\.settlements))
        bookings = GatheredRows(all.map(\.bookings), kept.map(\.bookings))
        orders = GatheredRows(all.map(\.orders), kept.map(\.orders))
        sessions = GatheredRows(all.map(\.sessions), kept.map(\.sessions))
        var made = RecordTables()
        if let first = all.first {
            made.catalogue = first.catalogue
            made.userNames = first.userNames
            made.overrides = first.overrides
            made.bank = first.bank
            made.hasSettlements = first.hasSettlements
            made.hasBank = first.hasBank
        }
        made.payments = payments.gather(all.map(\.payments))
        made.paymentLinks = payments.gather(all.map(\.paymentLinks), absent: PaymentLinks())
        made.settlements = settlements.gather(all.map(\.settlements))
        made.bookings = bookings.gather(all.map(\.bookings))
        made.orders = orders.gather(all.map(\.orders))
        made.sessions = sessions.gather(all.map(\.sessions))
        tables = made
        gatherSettlementLinks(all)
    }

    /// The payouts are numbered anew: the tables do not know each other's numbers.
    private mutating func gatherSettlementLinks(_ all: [RecordTables]) {
        var numbers: [String: Int32] = [:]
        var renumbered: [[Int32]] = []
        for table in all {
            renumbered.append(
                table.payouts.map { id in
                    if let known = numbers[id] { return known }
                    let number = Int32(tables.payouts.count)
                    numbers[id] = number
                    tables.payouts.append(id)
                    return number
                })
        }
        let links = all.enumerated().map { index, table in
            ContiguousArray(
                table.settlementLinks.map { link in
                    var link = link
                    if link.payout >= 0 { link.payout = renumbered[index][Int(link.payout)] }
                    return link
                })
        }
        tables.settlementLinks = settlements.gather(links, absent: SettlementLinks())
    }
}
