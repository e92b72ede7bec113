import Reconciliation
import Records
import Reporting

/// Tells what a run left about a reference, chapter by chapter.
struct StoryTeller: Sendable {
    let run: RunReader
    let dossier: Dossier
    let reference: String

    /// Of long lists only the beginning is told one by one.
    static let longestList = 20

    /// What the reference names itself, then the payments that it leads to.
    ///
    /// - Throws: `TrueupError.run` where a trace is damaged.
    func chapters() throws -> [Chapter] {
        var chapters: [Chapter] = []
        chapters += try dossier.rows(.breaks, "break_id", is: reference).map(breakChapter)
        chapters += dossier.rows(.cleared, "break_id", is: reference).map(clearedChapter)
        if let order = try orderChapter() { chapters.append(order) }
        chapters += dossier.rows(.sessions, "session_id", is: reference).map(sessionChapter)
        for row in dossier.rows(.newBookings, "booking_id", is: reference) {
            chapters.append(madeChapter(row, isTicket: false))
        }
        for row in dossier.rows(.newTickets, "ticket_id", is: reference) {
            chapters.append(madeChapter(row, isTicket: true))
        }
        for row in dossier.rows(.transactions, "transaction_id", is: reference) {
            chapters.append(transactionChapter(row))
        }
        for row in dossier.rows(.payouts, "payout_id", is: reference) {
            chapters.append(payoutChapter(row))
        }
        if chapters.isEmpty { chapters += waitingChapters() }
        chapters += try dossier.rows(.settlements, "settlement_id", is: reference)
            .map(lineChapter)
        let named = dossier.rows(.breaks, "break_id", is: reference)
        let bookings = Set(named.map { $0["booking_id"] } + [reference])
        chapters += try dossier.rows(.bookings)
            .filter { bookings.contains($0["booking_id"]) || isToldAlone($0) }
            .map(bookingChapter)
        chapters += try gatewayPayoutChapters(named.map { $0["payout"] })
        if dossier.rows(.payouts, "payout_id", is: reference).isEmpty {
            chapters += try dossier.rows(.payments).map(paymentChapter)
        }
        chapters += try strayLineChapters(chapters)
        return chapters
    }

    /// Whether a booking is told for its own sake: it names the order asked for, or the session asked
    /// for names it, and it has no payment.
    private func isToldAlone(_ booking: FoundRow) -> Bool {
        guard booking["payment_ids"].isEmpty else { return false }
        let id = booking["booking_id"]
        return dossier.rows(.orders, "order_id", is: reference).contains {
            $0["record"] == "booking" && $0["id"] == id
        }
            || dossier.rows(.sessions, "session_id", is: reference).contains {
                $0["booking_id"] == id
            }
    }

    // MARK: Places

    /// Where a row stands in the dumps: `payments.csv:12`.
    func place(_ table: TableName, _ row: FoundRow) throws -> String {
        let traced: (place: TracedPlace, inputs: [String])?
        switch table {
        case .payments:
            traced = try run.payments.map { (try $0.record(row.number).place, $0.inputs) }
        case .settlements:
            traced = try run.lines.map { (try $0.record(row.number).place, $0.inputs) }
        case .bookings:
            traced = try run.bookings.map { (try $0.record(row.number).place, $0.inputs) }
        default: traced = nil
        }
        guard let traced else { return "not recorded" }
        let file = Int(traced.place.file)
        guard file < traced.inputs.count else {
            throw TraceReader<PaymentTrace>.damaged(
                "\(run.name)/\(table.rawValue)", "a row of an input file that is not listed")
        }
        return "\(traced.inputs[file]):\(traced.place.line)"
    }

    // MARK: Rows of the dumps

    func paymentLine(_ row: FoundRow) throws -> StoryLine {
        let amount = Phrases.money(row["amount"], row["currency"])
        let name = row["reference"] == row["payment_id"] ? "" : ", reference \(row["reference"])"
        return StoryLine(
            try place(.payments, row),
            "payment \(row["payment_id"]): \(amount), \(row["status"]); "
                + "user \(row["user"])\(name)")
    }

    func settlementLine(_ row: FoundRow) throws -> StoryLine {
        let payout = row["payout"].isEmpty ? "" : "; payout \(row["payout"])"
        return StoryLine(
            try place(.settlements, row),
            "line \(row["settlement_id"]): \(row["state"]) \(Phrases.spaced(row["type"])) of "
                + "\(Phrases.money(row["gross"], row["currency"])), fee \(row["fee"]), "
                + "tax \(row["tax"]), net \(row["net"])\(payout)")
    }

    func bookingLine(_ row: FoundRow) throws -> StoryLine {
        StoryLine(
            try place(.bookings, row),
            "booking \(row["booking_id"]): "
                + "\(Phrases.money(row["amount"], row["currency"])), \(row["status"]); "
                + "user \(row["user"])")
    }

    /// The rows that repeat or precede a record's own.
    func repeatLines(_ kind: String, _ id: String) -> [StoryLine] {
        dossier.rows(.repeats, "id", is: id).filter { $0["kind"] == kind }.map { row in
            let kept = "\(row["kept_file"]):\(row["kept_line"])"
            let text =
                row["reason"] == "duplicate_line"
                ? "the same row again, counted once; \(kept) is the one that counts"
                : "an earlier or lesser version of \(id), superseded by \(kept)"
            return StoryLine("\(row["file"]):\(row["line"])", text)
        }
    }

    // MARK: Breaks

    /// A break with all that is known of it.
    func breakLines(_ row: FoundRow) -> [StoryLine] {
        let code = BreakCode.allCases.first { $0.word == row["code"] }
        var lines = [
            StoryLine(
                row["break_id"],
                "\(code?.title ?? row["code"]) (\(row["code"]), \(row["severity"])), "
                    + "\(Phrases.money(row["at_risk"], row["currency"])) at risk"),
            StoryLine("found", row["detail"]),
        ]
        if !row["near_miss"].isEmpty { lines.append(StoryLine("near miss", row["near_miss"])) }
        lines.append(StoryLine("first seen", "\(row["first_seen"]), \(age(row["age_days"]))"))
        if let explanation = code?.explanation {
            lines.append(StoryLine("means", explanation.meaning))
            lines.append(StoryLine("to do", explanation.action))
        }
        return lines
    }

    private func age(_ days: String) -> String {
        days == "0" ? "new in this run" : "open for \(days) business day\(days == "1" ? "" : "s")"
    }

    func breakLines(_ column: String, is id: String) -> [StoryLine] {
        dossier.rows(.breaks, column, is: id).flatMap(breakLines)
    }

    /// A break of an earlier run that is one no longer.
    private func clearedChapter(_ row: FoundRow) -> Chapter {
        var chapter = Chapter("cleared_break", row["break_id"], title: "Cleared break")
        var told = [
            StoryLine("code", row["code"]), StoryLine("first seen", row["first_seen"]),
            StoryLine("cleared by", row["cleared_by"]),
        ]
        if let code = BreakCode.allCases.first(where: { $0.word == row["code"] }) {
            told.append(StoryLine("meant", code.explanation.meaning))
        }
        chapter.add("What was wrong", told)
        return chapter
    }

    func breakChapter(_ row: FoundRow) throws -> Chapter {
        var chapter = Chapter("break", row["break_id"], title: "Break")
        chapter.add("What is wrong", breakLines(row))
        var concerned: [StoryLine] = []
        for (column, table) in [
            ("payment_id", TableName.payments), ("settlement_id", .settlements),
            ("booking_id", .bookings),
        ] where !row[column].isEmpty {
            for record in dossier.rows(table, column, is: row[column]) {
                switch table {
                case .payments: concerned.append(try paymentLine(record))
                case .settlements: concerned.append(try settlementLine(record))
                default: concerned.append(try bookingLine(record))
                }
            }
        }
        if !row["payout"].isEmpty {
            concerned.append(StoryLine("payout", row["payout"]))
        }
        chapter.add("Whom it concerns", concerned)
        return chapter
    }
}
