import Reporting

/// Why a booking was made for a payment or not, and where what it says comes from.
extension StoryTeller {
    func backfill(_ row: FoundRow, _ trace: PaymentTrace?) -> [StoryLine] {
        let id = row["payment_id"]
        var told: [StoryLine] = []
        if let step = trace?.backfill { told.append(StoryLine(stepWords(step, row))) }
        for item in dossier.rows(.newBookings, "payment_id", is: id) {
            told += madeLines(item, isTicket: false)
        }
        for item in dossier.rows(.newTickets, "payment_id", is: id) {
            told += madeLines(item, isTicket: true)
        }
        return told
    }

    private func stepWords(_ step: BackfillStep, _ row: FoundRow) -> String {
        switch step {
        case .notAsked: "The definition asks for no bookings to be made."
        case .notSucceeded: "No booking is made: the payment is \(row["resolved_status"])."
        case .emittedEarlier:
            "No booking is made: an earlier run made \(row["booking_ids"]), which no dump shows yet."
        case .hasBooking: "No booking is made: it has one."
        case .inDoubt:
            "No booking is made: it may be one of several bookings, and which one is in doubt."
        case .givenBack: "No booking is made: all of its money was given back."
        case .unevidenced: "No booking is made: its money is not evidenced."
        case .kindUnknown: "No booking is made: nothing tells of which kind the purchase is."
        case .kindNotBooked: "No booking is made: purchases of its kind are not booked."
        case .unidentified:
            "No booking is made: nothing in the catalogue fits what the payment says it was for, "
                + "and the definition wants that to be looked at."
        case .notSelected: "No booking is made: the run was asked to emit for other payments only."
        case .made: "It succeeded, its money is evidenced, and it had no booking: one was made."
        }
    }

    /// What was made, with the source of each field.
    func madeLines(_ row: FoundRow, isTicket: Bool) -> [StoryLine] {
        let origins = Dictionary(
            row["origin"].split(separator: " ").compactMap { part -> (String, String)? in
                let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
                return sides.count == 2 ? (sides[0], sides[1]) : nil
            }
        ) { first, _ in first }
        func source(_ field: String) -> String { originWords(origins[field] ?? "") }
        let item = row["item_id"].isEmpty ? "" : " (\(row["item_id"]))"
        let id = isTicket ? "ticket" : "booking"
        let quantity = isTicket ? "quantity" : "participants"
        let date = isTicket ? "event_date" : "booking_date"
        var told = [
            StoryLine(id, "\(row[isTicket ? "ticket_id" : "booking_id"]), \(row["status"])"),
            StoryLine("item", "\(row["item_name"])\(item), \(source("item"))"),
        ]
        if !isTicket { told.append(StoryLine("kind", "\(row["kind"]), \(source("kind"))")) }
        told += [
            StoryLine(quantity, "\(row[quantity]), \(source("quantity"))"),
            StoryLine("date", "\(row[date]), \(source("date"))"),
            StoryLine(
                "amount", "\(Phrases.money(row["amount"], row["currency"])), the payment's own"),
        ]
        return told
    }

    private func originWords(_ word: String) -> String {
        switch word {
        case "order": "from the order"
        case "details": "from the payment's details"
        case "catalogue": "from the catalogue, found by what the payment says"
        case "keyword": "by words of the payment's description"
        case "default": "by default: nothing tells it"
        default: "its source is not recorded"
        }
    }
}
