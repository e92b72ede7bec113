import Money
import Records
import Time

/// Refuses records that come again after they have left (contract, Carry forward).
///
/// A payment or booking of tonight's dumps that is older than what is carried was dealt with to its
/// end, or comes so late that nobody can tell: taking it for a new one could book or count it twice.
struct ReturningRecords {
    let dumps: Dumps
    let zone: Zone
    /// Places of rows that took over from carried ones.
    let successors: Set<RowPlace>
    private(set) var rejects: [Reject] = []
    /// What the rejected rows add up to, by file.
    private(set) var sums: [Int: [Currency: Int128]] = [:]

    init(dumps: Dumps, zone: Zone, successors: Set<RowPlace>) {
        self.dumps = dumps
        self.zone = zone
        self.successors = successors
    }

    /// Takes them out of the tables; where nothing was carried, everything is new.
    mutating func take(from tables: inout RecordTables) throws {
        guard let horizon = dumps.files.carried?.horizon else { return }
        var texts = RowTexts(dumps)
        let payments = try refused(
            tables.payments, field: PaymentField.createdAt.rawValue, &texts,
            money: { ($0.amount, $0.currency) }
        ) { row, _ in
            row.latestMoment < horizon
        }
        if !tables.paymentLinks.isEmpty { tables.paymentLinks.remove(at: payments) }
        tables.payments.rows.remove(at: payments)
        let zone = zone
        let bookings = try refused(
            tables.bookings, field: BookingField.createdAt.rawValue, &texts,
            money: { ($0.amount, $0.currency) }
        ) { row, texts in
            guard row.created.isPresent, row.created < horizon else { return false }
            return try texts.latestMoment(of: row, in: zone) < horizon
        }
        tables.bookings.rows.remove(at: bookings)
    }

    /// The rows of tonight's dumps that are too old, in rising order.
    private mutating func refused<Row>(
        _ table: Table<Row>, field: Int, _ texts: inout RowTexts,
        money: (Row) -> (Int64, Currency), isOld: (Row, inout RowTexts) throws -> Bool
    ) throws -> [Int] {
        var found: [Int] = []
        for (index, row) in table.rows.enumerated()
        where !dumps.files.all[row.place.file].isCarried {
            guard try isOld(row, &texts), !successors.contains(row.place) else { continue }
            try texts.go(to: row.place)
            rejects.append(
                Reject(
                    place: row.place, count: texts.raw.count, line: row.line,
                    column: Int32(field), reason: .hasLeft))
            let (amount, currency) = money(row)
            sums[row.place.file, default: [:]][currency, default: 0] += Int128(amount)
            found.append(index)
        }
        return found
    }
}
