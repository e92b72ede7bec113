import Emission
import Ingestion
import Reconciliation
import Records
import RunStore

/// Writes how a run's decisions came about: `trace/*.bin`.
struct RunTrace: Sendable {
    let result: RunResult

    private var inputs: [String] { result.ingested.dumps.files.all.map(\.name) }

    /// Writes a file; returns how many records it has.
    func write(_ file: TraceFile, to sink: consuming FileSink) throws -> Int {
        switch file {
        case .payments: try writePayments(to: sink)
        case .settlements: try writeSettlements(to: sink)
        case .bookings: try writeBookings(to: sink)
        case .trials: try writeTrials(to: sink)
        }
    }

    // MARK: Payments

    private func writePayments(to sink: consuming FileSink) throws -> Int {
        let tables = result.tables
        var hasTransaction = PaymentsInOrder(result.emissions.transactions.map(\.payment))
        var hasSeller = PaymentsInOrder(result.emissions.paymentsWithSeller ?? [])
        let settledEarlier = Set(
            result.waiting.entries.filter { $0.thing == .commission }.map(\.payment))
        var undecided = result.emissions.bookingDecisions.map { $0[...] } ?? []
        var out = try TraceWriter<PaymentTrace>(
            .payments, sink: sink, inputs: inputs, count: tables.payments.count)
        for (payment, row) in tables.payments.rows.enumerated() {
            if let block = Lookahead.block(at: payment, of: tables.payments.count) {
                tables.bookings.fetchRows { fetch in
                    result.bookings.linksOfPayment.forEach(in: block) {
                        fetch(Int(result.bookings.links[$0].booking))
                    }
                }
            }
            let verdict = result.verdicts[payment]
            let link = result.bookings.linksOfPayment.first(payment).map {
                result.bookings.links[$0]
            }
            var decision: BackfillDecision?
            if let next = undecided.first, next.payment == payment {
                decision = next.decision
                undecided = undecided.dropFirst()
            }
            var settle = settleStep(verdict, hasSeller: hasSeller.has(payment))
            if hasTransaction.has(payment) {
                settle = .made
            } else if settle == .notSelected, settledEarlier.contains(row.id) {
                settle = .emittedEarlier
            }
            let names = tables.links(ofPayment: payment)
            try out.write(
                PaymentTrace(
                    place: TracedPlace(row), charges: verdict.charges, decision: verdict.decision,
                    naming: naming(link, isNaming: names.booking.isPresent),
                    order: orderStep(link, names.order),
                    attributes: attributeStep(ofPayment: payment, row, link),
                    backfill: backfillStep(payment, row, link, decision), settle: settle,
                    lines: UInt16(
                        clamping: result.settlements.linesOfPayment.count(payment))))
        }
        return try out.close()
    }

    /// What keeps a payment without transactions from having any.
    private func settleStep(_ verdict: PaymentVerdict, hasSeller: Bool) -> SettleStep {
        if result.emissions.paymentsWithSeller == nil { return .notAsked }
        if verdict.resolved != .succeeded { return .notSucceeded }
        guard verdict.isEvidenced else { return .unevidenced }
        return hasSeller ? .notSelected : .noSeller
    }

    private func attributeStep(
        ofPayment payment: Int, _ row: PaymentRow, _ link: BookingLink?
    ) -> AttributeStep {
        if let link { return AttributeStep(link.rule) }
        if result.verdicts[payment].resolved != .succeeded
            || result.waiting.booking(ofPayment: row.id) != nil
        {
            return .notEligible
        }
        return result.bookings.ambiguousPayments.contains(Int32(payment)) ? .inDoubt : .noMatch
    }

    private func backfillStep(
        _ payment: Int, _ row: PaymentRow, _ link: BookingLink?, _ decision: BackfillDecision?
    ) -> BackfillStep {
        if let decision { return BackfillStep(decision) }
        if result.emissions.bookingDecisions == nil { return .notAsked }
        if link != nil { return .hasBooking }
        return result.waiting.booking(ofPayment: row.id) == nil ? .notSucceeded : .emittedEarlier
    }

    // MARK: Rules 1 and 2

    /// How the two of a link name each other; without one, whether the record names anybody.
    private func naming(_ link: BookingLink?, isNaming: Bool) -> NamingStep {
        guard let link, link.rule == .linked else { return isNaming ? .unknownName : .nobody }
        let name = result.tables.bookings.rows[Int(link.booking)].payment
        let payment = result.tables.payments.rows[Int(link.payment)]
        if name == payment.id { return .bookingNamesID }
        return name == payment.reference ? .bookingNamesReference : .paymentNames
    }

    private func orderStep(_ link: BookingLink?, _ order: Fingerprint) -> OrderStep {
        if link?.rule == .linked { return .notTried }
        if link?.rule == .order { return .matched }
        return order.isPresent ? .noPartner : .noOrder
    }

    // MARK: Lines and bookings

    private func writeSettlements(to sink: consuming FileSink) throws -> Int {
        let tables = result.tables
        let shared = result.settlements.sharesReference
        var out = try TraceWriter<LineTrace>(
            .settlements, sink: sink, inputs: inputs, count: tables.settlements.count)
        for (line, row) in tables.settlements.rows.enumerated() {
            if let block = Lookahead.block(at: line, of: tables.settlements.count) {
                tables.payments.fetchRows(result.settlements.paymentOfLine[block])
            }
            let payment = result.settlements.paymentOfLine[line]
            let step: LineStep
            if payment < 0 {
                step = row.reference.isPresent ? .unknownReference : .noReference
            } else if tables.payments.rows[Int(payment)].reference != row.reference {
                step = .overridden
            } else if shared.isEmpty || !shared.contains(payment) {
                step = .onlyPayment
            } else {
                let paid = tables.payments.rows[Int(payment)]
                let isEqual = paid.amount == row.gross && paid.currency == row.currency
                step = isEqual ? .sharedByAmount : .sharedByTime
            }
            try out.write(LineTrace(place: TracedPlace(row), step: step))
        }
        return try out.close()
    }

    private func writeBookings(to sink: consuming FileSink) throws -> Int {
        let tables = result.tables
        var out = try TraceWriter<BookingTrace>(
            .bookings, sink: sink, inputs: inputs, count: tables.bookings.count)
        for (booking, row) in tables.bookings.rows.enumerated() {
            if let block = Lookahead.block(at: booking, of: tables.bookings.count) {
                tables.payments.fetchRows { fetch in
                    result.bookings.linksOfBooking.forEach(in: block) {
                        fetch(Int(result.bookings.links[$0].payment))
                    }
                }
            }
            let link = result.bookings.linksOfBooking.first(booking).map {
                result.bookings.links[$0]
            }
            let attributes: AttributeStep
            if let link {
                attributes = AttributeStep(link.rule)
            } else if row.payment.isPresent {
                attributes = .notEligible
            } else {
                let isInDoubt = result.bookings.ambiguousBookings.contains(Int32(booking))
                attributes = isInDoubt ? .inDoubt : .noMatch
            }
            try out.write(
                BookingTrace(
                    place: TracedPlace(row), naming: naming(link, isNaming: row.payment.isPresent),
                    order: orderStep(link, row.order), attributes: attributes))
        }
        return try out.close()
    }

    private func writeTrials(to sink: consuming FileSink) throws -> Int {
        let trials = result.bookings.trials
        var out = try TraceWriter<TrialTrace>(
            .trials, sink: sink, inputs: inputs,
            count: trials.payments.count + trials.bookings.count)
        for trial in trials.payments { try out.write(TrialTrace(trial, isOfBooking: false)) }
        for trial in trials.bookings { try out.write(TrialTrace(trial, isOfBooking: true)) }
        return try out.close()
    }
}

/// Payments of which each is asked for once, in order.
private struct PaymentsInOrder {
    private var rest: ArraySlice<Int32>

    init(_ payments: [Int32]) { rest = payments[...] }

    /// Whether the payment is among them; payments must be asked for in rising order.
    mutating func has(_ payment: Int) -> Bool {
        var isThere = false
        while let next = rest.first, next <= payment {
            isThere = next == payment
            rest = rest.dropFirst()
        }
        return isThere
    }
}

extension AttributeStep {
    /// What a link says of rule 3.
    init(_ rule: MatchRule) {
        switch rule {
        case .none, .linked, .order: self = .notTried
        case .attributes: self = .matched
        case .emitted: self = .promised
        case .override: self = .overridden
        }
    }
}

extension TracedPlace {
    init(_ row: some TableRow) {
        self.init(file: UInt16(row.place.file), line: row.line)
    }
}
