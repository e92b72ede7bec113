import Reporting

/// Chapters of everything that is no payment.
extension StoryTeller {
    // MARK: Settlement lines

    func lineChapter(_ row: FoundRow) throws -> Chapter {
        let id = row["settlement_id"]
        var chapter = Chapter("settlement", id, title: "Settlement line")
        chapter.add(
            "What the dumps say", [try settlementLine(row)] + repeatLines("settlements", id))
        var told: [StoryLine] = []
        if let step = try run.lines?.record(row.number).step {
            told.append(StoryLine(lineWords(step, row)))
        }
        told.append(StoryLine(lineOutcome(row)))
        chapter.add("How it was matched", told)
        chapter.add("Breaks", breakLines("settlement_id", is: id))
        return chapter
    }

    private func lineWords(_ step: LineStep, _ row: FoundRow) -> String {
        let reference = row["reference"]
        let payment = row["payment_id"]
        return switch step {
        case .noReference: "The line names no reference, so it belongs to no payment."
        case .unknownReference: "No payment has its reference \(reference)."
        case .overridden:
            "Its reference \(reference) is not that of payment \(payment): an override gives it to it."
        case .onlyPayment: "Payment \(payment) is the only one with its reference \(reference)."
        case .sharedByAmount:
            "Several payments have its reference \(reference); payment \(payment) has its amount."
        case .sharedByTime:
            "Several payments have its reference \(reference); none that is still open has its "
                + "amount, and payment \(payment) is the nearest in time."
        }
    }

    private func lineOutcome(_ row: FoundRow) -> String {
        switch row["outcome"] {
        case "matched": "Outcome: matched; it counts towards payment \(row["payment_id"])."
        case "duplicate": "Outcome: duplicate; the payment had been captured in whole before."
        case "unknown": "Outcome: unknown; the gateway took money for which we know no payment."
        case "orphan": "Outcome: orphan; money went back for which we know no payment."
        default:
            "Outcome: other; a \(row["state"]) \(Phrases.spaced(row["type"])) moves no payment's "
                + "money by itself."
        }
    }

    /// Lines that have the reference asked for and that no payment owns: all that the gateway says.
    func strayLineChapters(_ chapters: [Chapter]) throws -> [Chapter] {
        let told = Set(chapters.filter { $0.kind == "settlement" }.map(\.id))
        let lines = dossier.rows(.settlements, "reference", is: reference).filter {
            $0["payment_id"].isEmpty && !told.contains($0["settlement_id"])
        }
        guard !lines.isEmpty else { return [] }
        var chapter = Chapter("reference", reference, title: "Reference")
        chapter.add(
            "What the gateway has",
            try lines.flatMap {
                [try settlementLine($0)] + repeatLines("settlements", $0["settlement_id"])
            })
        chapter.add(
            "How it was matched",
            [StoryLine("No payment has this reference, so these lines belong to none.")])
        chapter.add("In total", totals(of: lines))
        chapter.add(
            "Breaks", lines.flatMap { breakLines("settlement_id", is: $0["settlement_id"]) })
        return [chapter]
    }

    /// How many lines there are of each type and state, with their gross and net.
    private func totals(of lines: [FoundRow]) -> [StoryLine] {
        struct Group: Hashable {
            let state: String
            let type: String
            let currency: String
        }
        var sums: [Group: (count: Int, gross: Int64, net: Int64)] = [:]
        var order: [Group] = []
        for line in lines {
            let group = Group(
                state: line["state"], type: line["type"], currency: line["currency"])
            if sums[group] == nil { order.append(group) }
            var sum = sums[group] ?? (0, 0, 0)
            sum.count += 1
            sum.gross += Phrases.minorUnits(line["gross"], group.currency) ?? 0
            sum.net += Phrases.minorUnits(line["net"], group.currency) ?? 0
            sums[group] = sum
        }
        return order.compactMap { group in
            sums[group].map { sum in
                StoryLine(
                    "\(group.state) \(Phrases.spaced(group.type))",
                    "\(Phrases.count(sum.count, "line")), gross "
                        + "\(Phrases.money(sum.gross, group.currency)), net "
                        + Phrases.money(sum.net, group.currency))
            }
        }
    }

    // MARK: Bookings

    func bookingChapter(_ row: FoundRow) throws -> Chapter {
        let id = row["booking_id"]
        var chapter = Chapter("booking", id, title: "Booking")
        var said = [try bookingLine(row)] + repeatLines("bookings", id)
        said += sessionLines(ofBookings: [id])
        for order in ordersNamed(by: id, "booking") { said += orderPlaces(order) }
        chapter.add("What the dumps say", said)
        if let trace = try run.bookings?.record(row.number) {
            chapter.add("How it was matched", try bookingRules(row, trace))
        }
        chapter.add("Breaks", breakLines("booking_id", is: id))
        chapter.add("Outcome", [StoryLine(bookingOutcome(row))])
        return chapter
    }

    private func bookingOutcome(_ row: FoundRow) -> String {
        let payments = Phrases.list(row.list("payment_ids"))
        return switch row["outcome"] {
        case "matched": "matched: it belongs to \(payments), as the dumps say"
        case "linked": "linked: it was found to belong to \(payments)"
        case "duplicate": "duplicate: \(payments) has another booking of its whole amount"
        case "unpaid": "unpaid: \(payments) did not succeed, or went back as a whole"
        case "orphan": "orphan: nobody is known to have paid for it"
        case "open": "open: a \(row["status"]) booking needs no payment"
        default: row["outcome"]
        }
    }

    /// A booking or ticket that this run made.
    func madeChapter(_ row: FoundRow, isTicket: Bool) -> Chapter {
        let id = row[isTicket ? "ticket_id" : "booking_id"]
        var chapter = Chapter(
            isTicket ? "new_ticket" : "new_booking", id,
            title: isTicket ? "New ticket" : "New booking")
        let file = isTicket ? "new_tickets.csv" : "new_bookings.csv"
        chapter.add(
            "What was made",
            [
                StoryLine(
                    file,
                    "made by this run for payment \(row["payment_id"]), which had none; user "
                        + row["user"])
            ] + madeLines(row, isTicket: isTicket))
        return chapter
    }

    /// What earlier runs emitted under the id asked for.
    func waitingChapters() -> [Chapter] {
        dossier.rows(.waiting, "id", is: reference).filter {
            !["status_update", "booking_link", "order_update", "session_update"]
                .contains($0["thing"])
        }.map { row in
            var chapter = Chapter(
                row["thing"], row["id"], title: "Emitted " + Phrases.spaced(row["thing"]))
            let item = row["item"].isEmpty ? "" : "; for \(row["item"])"
            chapter.add(
                "What was made",
                [
                    StoryLine(
                        "carried/emissions.csv",
                        "emitted as of \(row["emitted_at"]) for payment \(row["payment_id"]): "
                            + "\(Phrases.money(row["amount"], row["currency"])); user "
                            + "\(row["user"])\(item); no dump shows it yet")
                ])
            return chapter
        }
    }

    // MARK: Orders

    /// The orders that a payment or booking names.
    func ordersNamed(by id: String, _ kind: String) -> [String] {
        dossier.rows(.orders, "id", is: id).filter { $0["record"] == kind }
            .map { $0["order_id"] }
    }

    /// Where an order stands in the dumps, as far as the run tells.
    func orderPlaces(_ order: String) -> [StoryLine] {
        let rows = dossier.rows(.orders, "order_id", is: order).filter { $0["record"] == "order" }
        if rows.isEmpty { return [StoryLine("order", "it names order \(order)")] }
        return rows.map { StoryLine("\($0["file"]):\($0["line"])", "order \(order)") }
    }

    func orderChapter() throws -> Chapter? {
        let rows = dossier.rows(.orders, "order_id", is: reference)
        guard !rows.isEmpty else { return nil }
        var chapter = Chapter("order", reference, title: "Order")
        chapter.add(
            "What the dumps say",
            rows.map { row in
                switch row["record"] {
                case "order": StoryLine("\(row["file"]):\(row["line"])", "order \(reference)")
                case let kind: StoryLine(kind, "\(row["id"]) names it")
                }
            })
        var emitted = dossier.rows(.orderUpdates, "id", is: reference).map {
            StoryLine("order_updates.csv", "\(orderChange($0)), by payment \($0["payment_id"])")
        }
        if emitted.isEmpty {
            emitted = dossier.rows(.waiting, "id", is: reference)
                .filter { $0["thing"] == "order_update" }.map {
                    StoryLine(
                        "earlier run",
                        "\($0["status"]) by payment \($0["payment_id"]), emitted as of "
                            + "\($0["emitted_at"]); no dump shows it yet")
                }
        }
        chapter.add("Emitted", emitted)
        return chapter
    }

    /// What became of an order's status.
    func orderChange(_ update: FoundRow) -> String {
        "from \(update["from_status"]) to \(update["to_status"])"
    }

    // MARK: Transactions and payouts

    func transactionChapter(_ row: FoundRow) -> Chapter {
        let id = row["transaction_id"]
        var chapter = Chapter("transaction", id, title: "Transaction")
        chapter.add(
            "What was made",
            [
                StoryLine(
                    "transactions.csv",
                    "\(Phrases.spaced(row["type"])) of "
                        + "\(Phrases.money(row["amount"], row["currency"])) for payment "
                        + "\(row["payment_id"]), \(row["status"]); seller \(row["seller"]), buyer "
                        + row["user"])
            ]
                + dossier.rows(.payoutLines, "transaction_id", is: id).map {
                    StoryLine("payout_lines.csv", "part of payout \($0["payout_id"])")
                })
        return chapter
    }

    func payoutChapter(_ row: FoundRow) -> Chapter {
        let id = row["payout_id"]
        var chapter = Chapter("payout", id, title: "Payout")
        chapter.add(
            "What is paid",
            [
                StoryLine("seller", row["seller"]),
                StoryLine("amount", Phrases.money(row["amount"], row["currency"])),
                StoryLine("due", "\(row["due_date"]), \(payoutStatus(row["status"]))"),
            ])
        let members = dossier.rows(.payoutLines, "payout_id", is: id)
        var told = members.prefix(StoryTeller.longestList).map { member in
            let item = dossier.rows(
                .transactions, "transaction_id", is: member["transaction_id"]
            ).first
            let kind = item.map { "\(Phrases.spaced($0["type"])) for payment \($0["payment_id"])" }
            return StoryLine(
                member["transaction_id"],
                "\(Phrases.money(member["amount"], row["currency"])), "
                    + (kind ?? "brought forward from that payout"))
        }
        told += rest(of: members.count, "payout_lines.csv")
        let sum = members.reduce(Int64(0)) {
            $0 + (Phrases.minorUnits($1["amount"], row["currency"]) ?? 0)
        }
        told.append(
            StoryLine("total", Phrases.money(sum, row["currency"])))
        chapter.add("What it is made of", told)
        chapter.add("Breaks", breakLines("payout", is: id))
        return chapter
    }

    private func payoutStatus(_ word: String) -> String {
        switch word {
        case "scheduled": "scheduled"
        case "below_minimum": "below the least payout, so it waits for the next"
        case "held": "held back"
        case "carried": "negative, so it is carried to the next"
        default: Phrases.spaced(word)
        }
    }

    func gatewayPayoutChapters(_ others: [String]) throws -> [Chapter] {
        try ([reference] + others.filter { !$0.isEmpty && $0 != reference }).compactMap { payout in
            let lines = dossier.rows(.settlements, "payout", is: payout)
            let breaks = breakLines("payout", is: payout)
            let isSellers = !dossier.rows(.payouts, "payout_id", is: payout).isEmpty
            guard !lines.isEmpty || (!breaks.isEmpty && !isSellers && payout == reference) else {
                return nil
            }
            var chapter = Chapter("gateway_payout", payout, title: "Gateway payout")
            chapter.add("In total", totals(of: lines))
            chapter.add(
                "What it is made of",
                try lines.prefix(StoryTeller.longestList).map(settlementLine)
                    + rest(of: lines.count, "settlements.csv"))
            chapter.add("Breaks", breaks)
            return chapter
        }
    }

    private func rest(of count: Int, _ file: String) -> [StoryLine] {
        count > StoryTeller.longestList
            ? [StoryLine("…", "and \(count - StoryTeller.longestList) more in \(file)")] : []
    }
}
