/// What a reconciliation of the dumps must find, by the code of a break or a category.
enum Finding: String, CaseIterable {
    // Payments whose settlement disagrees or is missing.
    case missingSettlement = "missing_settlement"
    case falseSuccess = "false_success"
    case falseFailure = "false_failure"
    case currencyMismatch = "currency_mismatch"
    case settledShort = "settled_short"
    case settledOver = "settled_over"
    case duplicateSettlement = "duplicate_settlement"
    case duplicatePayment = "duplicate_payment"
    case stuck
    // Settlement rows.
    case unknownSettlement = "unknown_settlement"
    case duplicateLine = "duplicate_line"
    // Bookings.
    case duplicateBooking = "duplicate_booking"
    case bookingAmount = "booking_amount"
    case orphanBooking = "orphan_booking"
    case unpaidBooking = "unpaid_booking"
    case unidentifiedItem = "unidentified_item"
    // What is no break.
    case retried
    case split
    case refunded
    case updatedSucceeded = "updated_succeeded"
    case updatedFailed = "updated_failed"
    case matchedByAttributes = "matched_by_attributes"
    case heldBack = "held_back"
    case newBooking = "new_booking"
    case newTicket = "new_ticket"
}

/// `truth.csv`, with the counts that become `truth.json`.
struct Truth {
    /// The header, with its line end.
    static let header: StaticString = "category,payment_id,settlement_id,booking_id,item_id\n"

    /// Rows by category, in order of the cases.
    private var found = [Int](repeating: 0, count: Finding.allCases.count)
    private var statuses = [Int](repeating: 0, count: Scenario.Status.allCases.count)
    private var succeeded = 0
    private var missingBookings = 0
    private let places: [Finding: Int]
    private let words: [[UInt8]]

    /// Nothing counted yet.
    init() {
        places = Dictionary(
            uniqueKeysWithValues: Finding.allCases.enumerated().map { ($1, $0) })
        words = Finding.allCases.map { Array($0.rawValue.utf8) }
    }

    /// Counts a payment and writes a row for each of its findings.
    mutating func record(_ payment: PaymentFacts, of world: World, to sink: inout ByteSink) {
        statuses[payment.scenario.status.rawValue] += 1
        if payment.scenario.succeeds { succeeded += 1 }
        recordSettlement(payment, to: &sink)
        recordBooking(payment, of: world, to: &sink)
    }

    private mutating func recordSettlement(_ payment: PaymentFacts, to sink: inout ByteSink) {
        let finding: Finding
        var slot: Int?
        switch payment.scenario {
        case .settled, .failed, .abandoned, .cancelled: return
        case .retried: (finding, slot) = (.retried, 1)
        case .split: finding = .split
        case .repeatedLine: (finding, slot) = (.duplicateLine, 0)
        case .doubled: (finding, slot) = (.duplicateSettlement, 1)
        case .short: (finding, slot) = (.settledShort, 0)
        case .over: (finding, slot) = (.settledOver, 0)
        case .otherCurrency: (finding, slot) = (.currencyMismatch, 0)
        case .refunded: (finding, slot) = (.refunded, 1)
        case .unsettled: finding = .missingSettlement
        case .falseSuccess: (finding, slot) = (.falseSuccess, 0)
        case .repeatedPurchase: finding = .duplicatePayment
        case .caughtUp: (finding, slot) = (.updatedSucceeded, 0)
        case .fallen: (finding, slot) = (.updatedFailed, 0)
        case .stuck: finding = .stuck
        case .awaiting: (finding, slot) = (.stuck, 0)
        case .falseFailure: (finding, slot) = (.falseFailure, 0)
        }
        begin(finding, to: &sink)
        sink.append(paymentID: payment.index)
        sink.append(",")
        if let slot { sink.append(settlementID: payment.index, slot: slot) }
        sink.append(",,\n")
    }

    private mutating func recordBooking(
        _ payment: PaymentFacts, of world: World, to sink: inout ByteSink
    ) {
        switch payment.fate {
        case .linked: break
        case .missing where !payment.scenario.succeeds: break
        case .missing: recordMissing(payment, of: world, to: &sink)
        case .unlinked: record(.matchedByAttributes, payment, bookingSlot: 0, to: &sink)
        case .twice: record(.duplicateBooking, payment, bookingSlot: 1, to: &sink)
        case .otherAmount: record(.bookingAmount, payment, bookingSlot: 0, to: &sink)
        case .unpaid: record(.unpaidBooking, payment, bookingSlot: 0, to: &sink)
        }
    }

    private mutating func record(
        _ finding: Finding, _ payment: PaymentFacts, bookingSlot: Int, to sink: inout ByteSink
    ) {
        begin(finding, to: &sink)
        sink.append(paymentID: payment.index)
        sink.append(",,")
        sink.append(bookingID: payment.index, slot: bookingSlot)
        sink.append(",\n")
    }

    private mutating func recordMissing(
        _ payment: PaymentFacts, of world: World, to sink: inout ByteSink
    ) {
        missingBookings += 1
        guard payment.scenario != .refunded else { return }
        let finding: Finding
        if payment.scenario.isUnevidenced {
            finding = .heldBack
        } else if payment.wording == .nothing {
            finding = .unidentifiedItem
        } else {
            finding = world.catalogue.items[payment.item].isTicket ? .newTicket : .newBooking
        }
        begin(finding, to: &sink)
        sink.append(paymentID: payment.index)
        sink.append(",,,")
        if finding == .newBooking || finding == .newTicket { sink.append(itemID: payment.item) }
        sink.append("\n")
    }

    /// Writes the rows of what belongs to no payment.
    mutating func recordStrays(of world: World, to sink: inout ByteSink) {
        for number in 0..<world.unknownLines {
            begin(.unknownSettlement, to: &sink)
            sink.append(",")
            let index = SettlementsDump.index(ofUnknown: number, of: world)
            sink.append(settlementID: index, slot: 0)
            sink.append(",,\n")
        }
        for number in 0..<world.orphanBookings {
            begin(.orphanBooking, to: &sink)
            sink.append(",,")
            sink.append(bookingID: BookingsDump.index(ofOrphan: number, of: world), slot: 0)
            sink.append(",\n")
        }
    }

    /// Counts a finding and begins its row.
    private mutating func begin(_ finding: Finding, to sink: inout ByteSink) {
        guard let place = places[finding] else { return }
        found[place] += 1
        sink.append(words[place])
        sink.append(",")
    }

    /// The counts as JSON, keys in a fixed order.
    func json(_ world: World, seed: UInt64, settlementRows: Int, bookingRows: Int) -> String {
        var lines = [
            "\"seed\": \(seed)", "\"as_of\": \"\(World.asOf)\"", "\"payments\": \(world.count)",
            "\"settlement_rows\": \(settlementRows)", "\"booking_rows\": \(bookingRows)",
            "\"users\": \(world.userCount)", "\"catalogue_items\": \(world.catalogue.items.count)",
            "\"succeeded_payments\": \(succeeded)", "\"missing_bookings\": \(missingBookings)",
        ]
        let byStatus = Scenario.Status.allCases.map {
            "    \"\($0.word)\": \(statuses[$0.rawValue])"
        }
        let byCategory = zip(Finding.allCases, found).map { "    \"\($0.rawValue)\": \($1)" }
        lines.append(
            "\"payments_by_status\": {\n" + byStatus.joined(separator: ",\n") + "\n  }")
        lines.append("\"findings\": {\n" + byCategory.joined(separator: ",\n") + "\n  }")
        return "{\n  " + lines.joined(separator: ",\n  ") + "\n}\n"
    }
}
