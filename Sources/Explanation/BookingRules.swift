import Reconciliation
import Reporting

/// How payments and bookings were matched: each rule in its order, with what came of it.
extension StoryTeller {
    /// The rules as they were tried on a payment.
    func bookingRules(
        _ row: FoundRow, _ bookings: [FoundRow], _ trace: PaymentTrace?
    ) throws -> [StoryLine] {
        let names = Phrases.list(row.list("booking_ids"))
        guard let trace else {
            return [StoryLine(names.isEmpty ? "It has no booking." : "It has \(names).")]
        }
        let partners = names.isEmpty ? "a booking" : names
        var told = [
            StoryLine("1 linked", namingWords(trace.naming, partners, ofBooking: false)),
            StoryLine(
                "2 by order", orderWords(trace.order, partners, row["payment_id"], "payment")),
        ]
        switch trace.attributes {
        case .notTried: told.append(StoryLine("3 by attributes", "not tried: it has its booking"))
        case .notEligible:
            told.append(
                StoryLine(
                    "3 by attributes",
                    trace.backfill == .emittedEarlier
                        ? "not tried: an earlier run made its booking, which waits to be loaded"
                        : "not tried: the payment did not succeed"))
        case .promised:
            told.append(
                StoryLine(
                    "3 by attributes",
                    "not tried: an earlier run made \(partners) for it, and that holds"))
        case .overridden:
            told.append(
                StoryLine("3 by attributes", "not tried: an override gives it \(partners)"))
        case .noMatch, .inDoubt, .matched:
            told.append(
                StoryLine(
                    "3 by attributes",
                    try trialWords(ofBooking: false, row, trace.attributes, partners)))
        }
        return told
    }

    /// The rules as they were tried on a booking.
    func bookingRules(_ row: FoundRow, _ trace: BookingTrace) throws -> [StoryLine] {
        let partners = Phrases.list(row.list("payment_ids"))
        var told = [
            StoryLine("1 linked", namingWords(trace.naming, partners, ofBooking: true)),
            StoryLine(
                "2 by order", orderWords(trace.order, partners, row["booking_id"], "booking")),
        ]
        switch trace.attributes {
        case .notTried: told.append(StoryLine("3 by attributes", "not tried: it has its payment"))
        case .notEligible:
            told.append(
                StoryLine(
                    "3 by attributes",
                    "not tried: the booking says itself that it belongs to another payment"))
        case .promised:
            told.append(
                StoryLine(
                    "3 by attributes",
                    "not tried: an earlier run made it for \(partners), and that holds"))
        case .overridden:
            told.append(
                StoryLine("3 by attributes", "not tried: an override gives it to \(partners)"))
        case .noMatch, .inDoubt, .matched:
            told.append(
                StoryLine(
                    "3 by attributes",
                    try trialWords(ofBooking: true, row, trace.attributes, partners)))
        }
        return told
    }

    /// A match rule as people say it.
    func ruleWords(_ word: String) -> String {
        switch word {
        case "linked": "linked by name"
        case "order": "matched by its order"
        case "attributes": "matched by user, amount, time and item"
        case "emitted": "made by a run of trueup"
        case "override": "by an override"
        default: word
        }
    }

    private func namingWords(
        _ step: NamingStep, _ partners: String, ofBooking: Bool
    ) -> String {
        switch (step, ofBooking) {
        case (.nobody, false): "no: no booking names the payment, and it names none"
        case (.nobody, true): "no: the booking names no payment, and no payment names it"
        case (.bookingNamesID, false): "yes: the payment is named by \(partners), by its id"
        case (.bookingNamesID, true): "yes: the booking names payment \(partners) by its id"
        case (.bookingNamesReference, false):
            "yes: the payment is named by \(partners), by its reference"
        case (.bookingNamesReference, true):
            "yes: the booking names payment \(partners) by its reference"
        case (.paymentNames, false): "yes: the payment names \(partners)"
        case (.paymentNames, true): "yes: payment \(partners) names the booking"
        case (.unknownName, false): "no: the payment names a booking that is in no dump"
        case (.unknownName, true): "no: the booking names a payment that is in no dump"
        }
    }

    private func orderWords(
        _ step: OrderStep, _ partners: String, _ id: String, _ kind: String
    ) -> String {
        let order = ordersNamed(by: id, kind).first ?? "an order"
        return switch step {
        case .notTried: "not tried: rule 1 decided"
        case .noOrder: "no: the \(kind) names no order"
        case .noPartner:
            "no: \(order) is named by no "
                + (kind == "payment" ? "booking" : "payment") + " that is still open"
        case .matched: "yes: \(partners) names the same order \(order)"
        }
    }

    // MARK: Rule 3

    /// What a record was compared with, and why the closest candidate was its match or was not.
    private func trialWords(
        ofBooking: Bool, _ row: FoundRow, _ step: AttributeStep, _ partners: String
    ) throws -> String {
        let noun = ofBooking ? "payment" : "booking"
        guard let trial = try run.trials?.trial(ofBooking: ofBooking, row: row.number) else {
            return step == .matched
                ? "yes: an earlier run found \(partners), and that holds"
                : "no: the user has no open \(noun) to compare it with"
        }
        let table: TableName = ofBooking ? .payments : .bookings
        let other = trial.closest.flatMap { dossier.closest(table, Int($0)) }
        let place = try other.map { " (\(try self.place(table, $0)))" } ?? ""
        let name = "\(noun) \(other?[ofBooking ? "payment_id" : "booking_id"] ?? "")\(place)"
        let candidates =
            "\(Phrases.count(Int(trial.candidates), "open \(noun)")) of the same user, amount and "
            + "currency"
        let closest = "the closest is \(name)"
        let apart = distanceWords(trial.difference)
        return switch trial.verdict {
        case .none: "no: no open \(noun) of the user is near in amount, time and item"
        case .matched: "yes: \(candidates); matched with \(name), \(apart)"
        case .taken: "no: \(candidates); \(closest), \(apart), which fits another one better"
        case .inDoubt:
            "in doubt: \(candidates); \(closest), \(apart), but other equally good matches would "
                + "leave something else to be booked"
        case .item: "no: \(candidates); \(closest), \(apart), but it is for another item"
        case .window:
            "no: \(candidates); \(closest), \(apart): further apart than the window allows"
        case .amount:
            "no: no open \(noun) of the user has its amount; \(closest), whose amount differs by "
                + Phrases.money(Int64(clamping: trial.difference.magnitude), row["currency"])
        case .tooMany: "the user has more than 128 open ones, too many to compare one by one"
        }
    }

    /// How long after its payment a booking was created.
    private func distanceWords(_ microseconds: Int64) -> String {
        if microseconds == 0 { return "at the same time or without a time" }
        let span = Phrases.duration(microseconds: microseconds)
        return microseconds > 0
            ? "booked \(span) after the payment" : "booked \(span) before the payment"
    }
}
