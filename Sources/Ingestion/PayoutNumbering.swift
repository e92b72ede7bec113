import DelimitedText
import Records

/// What a settlement line names besides, as it is read.
struct SettlementNames: Sendable {
    /// The print of the payout's id; `none` where the line names none.
    var payout = Fingerprint.none
    /// The gateway, by its number among the words of the agreed fees.
    var gateway: UInt8 = 0
    /// The method of payment, likewise.
    var method: UInt8 = 0
}

/// Numbers the payouts that settlement lines name: there are few of them, and many lines.
struct PayoutNumbering: Sendable {
    private var numbers = FingerprintNumbering()
    // The lines of one payout mostly follow each other.
    private var last = Fingerprint.none
    private var lastNumber: Int32 = -1

    /// How many payouts have been numbered.
    var count: Int { numbers.count }

    /// What is kept of a line's names.
    mutating func links(_ names: SettlementNames) -> SettlementLinks {
        if names.payout != last {
            last = names.payout
            lastNumber = last.isPresent ? Int32(numbers.number(last)) : -1
        }
        var links = SettlementLinks()
        links.payout = lastNumber
        links.gateway = names.gateway
        links.method = names.method
        return links
    }
}

extension Dumps {
    /// The ids of `count` payouts by their numbers, each read again from the first of its lines;
    /// empty for one that has no line any more.
    func payoutIDs(_ tables: RecordTables, count: Int) throws -> [String] {
        var ids = [String](repeating: "", count: count)
        guard count > 0 else { return ids }
        var texts = RowTexts(self)
        for (line, links) in tables.settlementLinks.enumerated()
        where links.payout >= 0 && ids[Int(links.payout)].isEmpty {
            let row = tables.settlements.rows[line]
            try texts.go(to: row.place)
            // In the order in which the parser takes a line's payout.
            var id = texts.id(SettlementField.payout)
            if id.isEmpty, row.type == .payout { id = texts.id(SettlementField.reference) }
            ids[Int(links.payout)] =
                id.isEmpty
                ? tables.settlements.id(line) : String(decoding: id, as: UTF8.self)
        }
        return ids
    }
}
