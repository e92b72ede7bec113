import Emission
import Money
import Parallel
import Reconciliation
import Records

/// What the pure stages find in a world, asked for by ids.
public struct Reconciled {
    /// The world itself.
    public let world: World
    /// Which line belongs to which payment.
    public let settlements: SettlementMatch
    /// What became of each payment.
    public let verdicts: ContiguousArray<PaymentVerdict>
    /// Which booking belongs to which payment.
    public let bookings: BookingMatch
    /// The gateways' payouts against the bank account.
    public let tieOuts: PayoutTieOuts
    /// What does not agree.
    public let classification: Classification

    /// The breaks of payouts and bank lines, as `code payout-or-bank-line currency at-risk`, in
    /// alphabetical order.
    public var payoutBreaks: [String] {
        classification.breaks.filter { !$0.payout.isEmpty || !$0.other.isEmpty }.map {
            "\($0.code.word) \($0.payout)\($0.other) \($0.currency.code) \($0.atRisk)"
        }.sorted()
    }

    /// What came of each payout, as `payout currency net status residual reason bank-lines`.
    public var payouts: [String] {
        tieOuts.payouts.map { payout in
            let lines = payout.bankLines.map { world.tables.bank[$0].id }.sorted()
            let residual = payout.residual.map { String($0) } ?? "-"
            return "\(payout.payout) \(payout.currency.code) \(payout.net) "
                + "\(payout.status.word) \(residual) \(payout.reason.word) "
                + lines.joined(separator: "+")
        }
    }

    /// Every break, as `code payment line booking at-risk`, a hyphen for what it does not concern,
    /// in alphabetical order.
    public var breaks: [String] {
        let tables = world.tables
        func name<Row>(_ row: Int32, _ table: Table<Row>) -> String {
            row < 0 ? "-" : table.id(Int(row))
        }
        return classification.breaks.map {
            "\($0.code.word) \(name($0.payment, tables.payments)) "
                + "\(name($0.settlement, tables.settlements)) "
                + "\(name($0.booking, tables.bookings)) \($0.atRisk)"
        }.sorted()
    }

    /// The codes of a payment's breaks, in alphabetical order.
    public func codes(_ payment: String) -> [String] {
        classification.codes[row(payment, world.tables.payments)].codes.map(\.word).sorted()
    }

    /// What the evidence says of a payment.
    public func verdict(_ payment: String) -> PaymentVerdict {
        verdicts[row(payment, world.tables.payments)]
    }

    /// Every link, as `payment booking rule`, in alphabetical order.
    public var links: [String] {
        bookings.links.map {
            "\(world.tables.payments.id(Int($0.payment))) "
                + "\(world.tables.bookings.id(Int($0.booking))) \($0.rule.word)"
        }.sorted()
    }

    /// The payments in doubt, in alphabetical order.
    public var ambiguous: [String] {
        bookings.ambiguousPayments.map { world.tables.payments.id(Int($0)) }.sorted()
    }

    /// The payment of each line that has one, as `line payment`, in alphabetical order.
    public var owners: [String] {
        settlements.paymentOfLine.enumerated().filter { $0.element >= 0 }.map {
            "\(world.tables.settlements.id($0.offset)) "
                + world.tables.payments.id(Int($0.element))
        }.sorted()
    }

    /// What became of a settlement line.
    public func outcome(ofLine line: String) -> SettlementOutcome {
        classification.settlementOutcomes[row(line, world.tables.settlements)]
    }

    /// What became of a booking.
    public func outcome(ofBooking booking: String) -> BookingOutcome {
        classification.bookingOutcomes[row(booking, world.tables.bookings)]
    }

    /// Everything that must not depend on the order of the rows, in words.
    public var summary: [String] {
        let tables = world.tables
        let payments = tables.payments.rows.indices.map { payment in
            let verdict = verdicts[payment]
            return "payment \(tables.payments.id(payment)) \(verdict.resolved.word) "
                + "\(verdict.captured) \(verdict.refunded) \(verdict.chargedBack) \(verdict.fee) "
                + "\(verdict.net) \(verdict.isExpected) \(verdict.isEvidenced)"
        }
        let lines = tables.settlements.rows.indices.map {
            "line \(tables.settlements.id($0)) \(classification.settlementOutcomes[$0].word)"
        }
        let booked = tables.bookings.rows.indices.map {
            "booking \(tables.bookings.id($0)) \(classification.bookingOutcomes[$0].word)"
        }
        return (payments + lines + booked).sorted() + breaks + links + owners + ambiguous
    }

    /// The row of an id.
    public func row<Row>(_ id: String, _ table: Table<Row>) -> Int {
        guard let row = table.rows.firstIndex(where: { $0.id == world.print(id) }) else {
            preconditionFailure("no record has the id \(id)")
        }
        return row
    }
}

extension World {
    /// Runs resolve, match and classify over the world.
    public func reconciled(threads: Int = 1) -> Reconciled {
        let settlements = SettlementMatch(tables)
        let verdicts = Resolver(tables: tables, matched: settlements, rules: rules)
            .verdicts(Workers(count: threads))
        let linked = BookingLinker(tables: tables).linked()
        let bookings = AttributeMatcher(tables: tables, rules: rules).extend(
            linked, payments: unlinkedPayments(verdicts, linked), bookings: unlinkedBookings(linked)
        )
        var classification = Classifier(
            tables: tables, settlements: settlements, verdicts: verdicts, bookings: bookings,
            rules: rules
        ).classify()
        let tieOuts = PayoutMatcher(tables: tables, rules: rules).tieOuts()
        classification.add(tieOuts, tables: tables)
        return Reconciled(
            world: self, settlements: settlements, verdicts: verdicts, bookings: bookings,
            tieOuts: tieOuts, classification: classification)
    }

    private func unlinkedPayments(
        _ verdicts: ContiguousArray<PaymentVerdict>, _ linked: BookingMatch
    ) -> [(row: Int32, subject: KnownSubject)] {
        Backfiller.candidates(
            tables: tables, verdicts: verdicts, linked: linked, waiting: WaitingEmissions(),
            includesPending: false
        ).map { payment in
            let id = tables.payments.id(Int(payment))
            let item = itemOfPayment[id]
            return (
                payment,
                KnownSubject(item: print(item), content: print(contentOfPayment[id] ?? item))
            )
        }
    }

    private func unlinkedBookings(
        _ linked: BookingMatch
    ) -> [(row: Int32, subject: KnownSubject)] {
        tables.bookings.rows.indices.filter {
            linked.linksOfBooking.count($0) == 0 && !tables.bookings.rows[$0].payment.isPresent
        }.map { booking in
            let item = print(itemOfBooking[tables.bookings.id(booking)])
            return (Int32(booking), KnownSubject(item: item, content: .none))
        }
    }
}
