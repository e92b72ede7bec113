import Reconciliation
import Reporting

extension StoryTeller {
    /// All that a run left about a payment, in the order of its stages.
    func paymentChapter(_ row: FoundRow) throws -> Chapter {
        let id = row["payment_id"]
        let trace = try run.payments?.record(row.number)
        let lines = dossier.rows(.settlements, "payment_id", is: id)
        let bookings = dossier.rows(.bookings).filter { $0.list("payment_ids").contains(id) }
        var chapter = Chapter("payment", id, title: "Payment")
        var said = [try paymentLine(row)] + repeatLines("payments", id)
        for line in lines {
            said.append(try settlementLine(line))
            said += repeatLines("settlements", line["settlement_id"])
        }
        for booking in bookings {
            said.append(try bookingLine(booking))
            said += repeatLines("bookings", booking["booking_id"])
        }
        said += sessionLines(ofBookings: Set(bookings.map { $0["booking_id"] }))
        for order in ordersNamed(by: id, "payment") { said += orderPlaces(order) }
        chapter.add("What the dumps say", said)
        chapter.add("How it was resolved", resolution(row, trace))
        chapter.add("Settlement", settlement(row, lines, trace))
        chapter.add("Booking", try bookingRules(row, bookings, trace))
        chapter.add("Backfill", backfill(row, trace))
        chapter.add("Money", money(row, trace))
        chapter.add("Emitted", emitted(row))
        let lineIDs = Set(lines.map { $0["settlement_id"] })
        let bookingIDs = Set(bookings.map { $0["booking_id"] })
        let breaks = dossier.rows(.breaks).filter {
            $0["payment_id"] == id || lineIDs.contains($0["settlement_id"])
                || bookingIDs.contains($0["booking_id"])
        }
        chapter.add("Breaks", breaks.flatMap(breakLines))
        chapter.add("Outcome", [StoryLine(outcome(row))])
        return chapter
    }

    // MARK: Resolve

    /// The cell of the contract's table of statuses, in words.
    private func resolution(_ row: FoundRow, _ trace: PaymentTrace?) -> [StoryLine] {
        let status = row["status"]
        guard let trace else {
            return [
                StoryLine(
                    "The dump says \(status), and the run found it \(row["resolved_status"]). "
                        + "How it came to that is not recorded: the run has no trace.")
            ]
        }
        let said = "The dump says \(status). \(gatewayWords(trace))"
        return [StoryLine(said), StoryLine(decisionWords(trace, status))]
    }

    private func gatewayWords(_ trace: PaymentTrace) -> String {
        if trace.decision == .withoutGateway { return "The pipeline has no settlements input." }
        let count = trace.lines == .max ? "65535 or more" : "\(trace.lines)"
        let lines = "The gateway has \(count) line\(trace.lines == 1 ? "" : "s") for it"
        return switch trace.charges {
        case .nothing:
            trace.lines == 0
                ? "The gateway has no line for it." : "\(lines), none of them a charge."
        case .pending: "\(lines): a charge that is still on its way, and none that is completed."
        case .failed: "\(lines): it was tried and failed."
        case .completed:
            trace.lines == 1
                ? "\(lines): a completed charge."
                : "\(lines), with a completed charge, which outweighs all others."
        case .foreign: "\(lines): a completed charge, but in another currency only."
        }
    }

    private func decisionWords(
        _ trace: PaymentTrace, _ status: String
    ) -> String {
        switch trace.decision {
        case .stays: "So the status stays \(status)."
        case .withoutGateway: "So the status stays \(status): there is no evidence to be had."
        case .expected:
            status == "pending"
                ? trace.charges == .pending || trace.charges == .nothing
                    ? "So it stays pending: it is not older than a pending payment may become."
                    : "It stays pending all the same: it is too young for the gateway's word to "
                        + "settle it."
                : "So it stays \(status): its settlement is expected and not due yet."
        case .succeeded: "So the status changes from \(status) to succeeded."
        case .failed: "So the status changes from \(status) to failed."
        case .stuck: "So it stays pending, for longer than it should: a break, stuck."
        case .falseSuccess: "So the status stays, and the two contradict: a break, false_success."
        case .falseFailure: "So the status stays, and the two contradict: a break, false_failure."
        case .missingSettlement:
            "So the status stays, and its settlement is overdue: a break, missing_settlement."
        case .currencyMismatch: "So the status stays: a break, currency_mismatch."
        }
    }

    // MARK: Match with settlements

    private func settlement(
        _ row: FoundRow, _ lines: [FoundRow], _ trace: PaymentTrace?
    ) -> [StoryLine] {
        if lines.isEmpty, trace?.decision == .withoutGateway { return [] }
        guard !lines.isEmpty else {
            return [StoryLine("No line of the gateway has its reference \(row["reference"]).")]
        }
        let currency = row["currency"]
        let charges = lines.filter {
            $0["type"] == "charge" && $0["state"] == "completed" && $0["currency"] == currency
        }
        var told = [StoryLine("Lines are matched by the reference \(row["reference"]).")]
        let captured = Phrases.money(row["captured"], currency)
        let amount = Phrases.money(row["amount"], currency)
        if charges.isEmpty {
            told.append(StoryLine("Nothing is captured: no charge is completed in \(currency)."))
        } else if row["captured"] == row["amount"] {
            let how =
                charges.count == 1
                ? "in one charge" : "in \(charges.count) charges that add up to it"
            told.append(StoryLine("Captured \(captured), the whole amount, \(how): matched."))
        } else {
            told.append(
                StoryLine(
                    "Captured \(captured) in \(Phrases.count(charges.count, "charge")), where the "
                        + "payment is of \(amount)."))
        }
        for line in lines where line["outcome"] == "duplicate" {
            told.append(
                StoryLine(
                    "Line \(line["settlement_id"]) captures the whole amount once more: a "
                        + "duplicate."))
        }
        told += lines.compactMap(reversal)
        if row.list("breaks").contains("reused_reference") {
            told.append(
                StoryLine(
                    "Other payments have this reference, too: lines go to the payment of equal "
                        + "amount, then to the nearest in time."))
        }
        return told
    }

    /// What a line gives back, or takes back of that; nil for lines that do neither.
    private func reversal(_ line: FoundRow) -> StoryLine? {
        guard line["state"] == "completed" else { return nil }
        let amount = Phrases.money(line["gross"], line["currency"])
        let id = line["settlement_id"]
        return switch line["type"] {
        case "refund": StoryLine("Line \(id) gives \(amount) back to the customer: a refund.")
        case "chargeback": StoryLine("Line \(id) takes \(amount) back: a chargeback.")
        case "chargeback_reversal":
            StoryLine("Line \(id) returns \(amount): a chargeback is reversed.")
        default: nil
        }
    }

    // MARK: Money

    private func money(_ row: FoundRow, _ trace: PaymentTrace?) -> [StoryLine] {
        let currency = row["currency"]
        var told = ["amount", "captured", "refunded", "fee", "net"].map {
            StoryLine($0, Phrases.money(row[$0], currency))
        }
        let transactions = dossier.rows(.transactions, "payment_id", is: row["payment_id"])
        for item in transactions {
            let payout = dossier.rows(
                .payoutLines, "transaction_id", is: item["transaction_id"]
            ).first.map { payoutWords($0["payout_id"]) }
            told.append(
                StoryLine(
                    Phrases.spaced(item["type"]),
                    "\(Phrases.money(item["amount"], item["currency"])), seller "
                        + "\(item["seller"]), transaction \(item["transaction_id"])"
                        + (payout ?? "")))
        }
        if transactions.isEmpty, let words = trace.flatMap({ settleWords($0.settle) }) {
            told.append(StoryLine("seller", words))
        }
        return told
    }

    private func payoutWords(_ id: String) -> String {
        guard let payout = dossier.rows(.payouts, "payout_id", is: id).first else {
            return ", in payout \(id)"
        }
        return ", in payout \(id), \(Phrases.spaced(payout["status"])) for \(payout["due_date"])"
    }

    private func settleWords(_ step: SettleStep) -> String? {
        switch step {
        case .notAsked, .made: nil
        case .notSucceeded: "no commission and payout: the payment did not succeed"
        case .unevidenced: "no commission and payout: the money is not evidenced"
        case .noSeller: "no commission and payout: neither payment, order nor item has a seller"
        case .notSelected: "no commission and payout: the run was asked to emit for others only"
        case .emittedEarlier: "commission and payout were emitted by an earlier run"
        }
    }

    // MARK: Emitted

    private func emitted(_ row: FoundRow) -> [StoryLine] {
        let id = row["payment_id"]
        var told = dossier.rows(.statusUpdates, "payment_id", is: id).map {
            StoryLine(
                "status_updates.csv",
                "status from \($0["from_status"]) to \($0["to_status"]), because of line "
                    + "\($0["settlement_id"]): \($0["evidence"])")
        }
        told += dossier.rows(.bookingLinks, "payment_id", is: id).map {
            StoryLine(
                "booking_links.csv",
                "booking \($0["booking_id"]) belongs to this payment "
                    + "(\(ruleWords($0["match_rule"])))")
        }
        told += dossier.rows(.orderUpdates, "payment_id", is: id).map {
            StoryLine("order_updates.csv", "order \($0["id"]): \(orderChange($0))")
        }
        for (table, column, noun) in [
            (TableName.newBookings, "booking_id", "booking"),
            (.newTickets, "ticket_id", "ticket"),
        ] {
            told += dossier.rows(table, "payment_id", is: id).map {
                StoryLine(table.rawValue, "a new \(noun) \($0[column]), \($0["status"])")
            }
        }
        let transactions = dossier.rows(.transactions, "payment_id", is: id)
        if !transactions.isEmpty {
            told.append(
                StoryLine(
                    "transactions.csv",
                    Phrases.list(transactions.map { Phrases.spaced($0["type"]) })))
        }
        told += sessionUpdateLines(ofBookings: Set(row.list("booking_ids")))
        let own = Set(
            dossier.rows(.newBookings).map { $0["booking_id"] }
                + dossier.rows(.newTickets).map { $0["ticket_id"] }
                + transactions.map { $0["transaction_id"] })
        for item in dossier.rows(.waiting, "payment_id", is: id)
        where !own.contains(item["id"]) && !isOfThisRun(item)
            && item["thing"] != "session_update"
        {
            told.append(
                StoryLine(
                    "earlier run",
                    "\(Phrases.spaced(item["thing"])) \(item["id"]), emitted as of "
                        + "\(item["emitted_at"]); no dump shows it yet"))
        }
        return told.isEmpty ? [StoryLine("Nothing was emitted for this payment.")] : told
    }

    /// Whether something that waits is what this run tells of anyway.
    private func isOfThisRun(_ item: FoundRow) -> Bool {
        switch item["thing"] {
        case "status_update":
            !dossier.rows(.statusUpdates, "payment_id", is: item["payment_id"]).isEmpty
        case "booking_link":
            !dossier.rows(.bookingLinks, "booking_id", is: item["id"]).isEmpty
        case "order_update":
            !dossier.rows(.orderUpdates, "id", is: item["id"]).isEmpty
        default: false
        }
    }

    // MARK: Outcome

    private func outcome(_ row: FoundRow) -> String {
        switch row["outcome"] {
        case "break": "break: somebody must look at it (\(row["breaks"]))"
        case "backfilled": "backfilled: a booking that was missing has been made"
        case "updated": "updated: its status was corrected"
        case "expected": "expected: something is still to come that is not late yet"
        case "reconciled": "reconciled: everything agrees"
        case "closed": "closed: it came to nothing, and nothing is owed"
        case let word: word
        }
    }
}
