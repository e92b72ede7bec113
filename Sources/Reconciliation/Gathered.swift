import Records

// What the parts of a divided run found, as one: the rows have new numbers.

extension SettlementMatch {
    /// The matches of the rows that were gathered.
    public init(_ parts: [SettlementMatch], _ rows: RowGathering) {
        paymentOfLine = ContiguousArray(
            rows.settlements.origins.map { part, line in
                rows.payments.number(
                    parts[Int(part)].paymentOfLine[Int(line)], of: Int(part))
            })
        linesOfPayment = Adjacency(count: rows.tables.payments.count, owners: paymentOfLine)
        sharesReference = rows.payments.numbers(parts.map(\.sharesReference))
    }
}

extension BookingMatch {
    /// The matches of the rows that were gathered, without what rule 3 compared.
    public init(_ parts: [BookingMatch], _ rows: RowGathering) {
        var links: ContiguousArray<BookingLink> = []
        for (part, match) in parts.enumerated() {
            for link in match.links {
                let payment = rows.payments.number(link.payment, of: part)
                let booking = rows.bookings.number(link.booking, of: part)
                guard payment >= 0, booking >= 0 else { continue }
                links.append(BookingLink(payment: payment, booking: booking, rule: link.rule))
            }
        }
        links.sort { ($0.payment, $0.booking) < ($1.payment, $1.booking) }
        self.init(tables: rows.tables, links: links)
        ambiguousPayments = rows.payments.numbers(parts.map(\.ambiguousPayments))
        ambiguousBookings = rows.bookings.numbers(parts.map(\.ambiguousBookings))
        sizesInDoubt = rows.payments.numbers(parts.map(\.sizesInDoubt))
        itemOfPayment = rows.payments.numbers(parts.map(\.itemOfPayment))
        itemOfBooking = rows.bookings.numbers(parts.map(\.itemOfBooking))
    }
}

extension Classification {
    /// Nothing, of no records.
    public init() {
        codes = []
        settlementOutcomes = []
        bookingOutcomes = []
    }

    /// The breaks and outcomes of the rows that were gathered; all rows that breaks concern must be
    /// among them.
    public init(_ parts: [Classification], _ rows: RowGathering) {
        codes = rows.payments.gather { parts[$0].codes }
        settlementOutcomes = rows.settlements.gather { parts[$0].settlementOutcomes }
        bookingOutcomes = rows.bookings.gather { parts[$0].bookingOutcomes }
        for (part, classification) in parts.enumerated() {
            breaks += classification.breaks.map { $0.renumbered(rows, part) }
            decided += classification.decided.map { $0.renumbered(rows, part) }
        }
    }
}

extension Break {
    /// The same break of the rows that were gathered.
    fileprivate func renumbered(_ rows: RowGathering, _ part: Int) -> Break {
        var item = self
        item.payment = rows.payments.number(payment, of: part)
        item.settlement = rows.settlements.number(settlement, of: part)
        item.booking = rows.bookings.number(booking, of: part)
        // The row of the payment that was made before.
        if let earlier = earlierPayment {
            item.expected = Int64(rows.payments.number(earlier, of: part))
        }
        return item
    }
}

extension PaymentVerdict {
    /// The verdicts of the payments that were gathered.
    public static func gathered(
        _ parts: [ContiguousArray<PaymentVerdict>], _ rows: RowGathering
    ) -> ContiguousArray<PaymentVerdict> {
        ContiguousArray(
            rows.payments.origins.map { part, payment in
                var verdict = parts[Int(part)][Int(payment)]
                verdict.evidence = rows.settlements.number(verdict.evidence, of: Int(part))
                return verdict
            })
    }
}

extension GatheredRows {
    /// The new numbers of rows of each table; those that were not kept are left out.
    func numbers(_ rows: [Set<Int32>]) -> Set<Int32> {
        var found: Set<Int32> = []
        for (table, rows) in rows.enumerated() {
            for row in rows where number(row, of: table) >= 0 {
                found.insert(number(row, of: table))
            }
        }
        return found
    }

    /// What is known of rows of each table, under their new numbers.
    func numbers<Value>(_ facts: [[Int32: Value]]) -> [Int32: Value] {
        var found: [Int32: Value] = [:]
        for (table, facts) in facts.enumerated() {
            for (row, value) in facts where number(row, of: table) >= 0 {
                found[number(row, of: table)] = value
            }
        }
        return found
    }
}
