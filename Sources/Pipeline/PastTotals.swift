import Emission
import Ingestion
import Money
import Records
import Reporting
import Time

/// Reads what the latest run handed on of records that have left: `carried/totals.csv`,
/// `carried/recent.csv` and `carried/taken_ids.csv`.
enum PastTotals {
    /// Reads the files of a run's folder.
    ///
    /// - Throws: `TrueupError.run` where a file is missing or is not as a run wrote it.
    static func read(_ folder: String, key: FingerprintKey) throws -> CarriedTotals {
        var past = CarriedTotals()
        let totals = try CarriedFile(
            path: folder + "/" + CarriedTotalsFile.totals, columns: CarriedTotalsFile.totalsColumns
        ).read { texts in total(texts).map { (user: texts[0], total: $0) } }
        var sum: Int128 = 0
        for (user, total) in totals {
            sum += Int128(total.spent.magnitude) + Int128(total.commissionPaid.magnitude)
            past.add(total, user: user, print: key.userPrint(user))
        }
        // Together with tonight's sums, which are bounded likewise, nothing can overflow.
        guard sum <= Int128(Int64.max / 4) else {
            throw CarriedFile(path: folder + "/" + CarriedTotalsFile.totals, columns: []).damaged(
                line: 0, "totals that can be counted")
        }
        let activities = try CarriedFile(
            path: folder + "/" + CarriedTotalsFile.activities,
            columns: CarriedTotalsFile.activitiesColumns
        ).read { texts in activity(texts).map { (user: texts[0], activity: $0) } }
        for (user, activity) in activities {
            past.add(activity, user: user, print: key.userPrint(user))
        }
        let taken = try CarriedFile(
            path: folder + "/" + CarriedTotalsFile.takenIDs,
            columns: CarriedTotalsFile.takenIDsColumns
        ).read { texts in texts[0].isEmpty ? nil : texts[0] }
        for id in taken { past.add(bookingID: id) }
        return past
    }

    private static func total(_ texts: [String]) -> UserTotal? {
        guard !texts[0].isEmpty, let currency = Currency(texts[1]),
            let bookings = Int32(texts[2]), let tickets = Int32(texts[3]),
            let pending = Int32(texts[4]),
            case .success(let spent) = Amount.parse(texts[5], digits: currency.digits),
            case .success(let commission) = Amount.parse(texts[6], digits: currency.digits),
            case .success(let measured) = Amount.parse(texts[7], digits: 6), measured >= 0,
            case .success(let estimated) = Amount.parse(texts[8], digits: 6), estimated >= 0
        else { return nil }
        var total = UserTotal(user: -1, currency: currency)
        total.bookings = bookings
        total.tickets = tickets
        total.pendingBookings = pending
        total.spent = spent
        total.commissionPaid = commission
        total.energy = EnergyTotal(measured: measured, estimated: estimated)
        return total
    }

    private static let kinds: [String: Activity.Kind] = [
        Activity.Kind.payment.word: .pastPayment, Activity.Kind.booking.word: .pastBooking,
        Activity.Kind.ticket.word: .pastTicket,
    ]

    private static func activity(_ texts: [String]) -> PastActivity? {
        guard !texts[0].isEmpty, let kind = kinds[texts[1]], let currency = Currency(texts[4]),
            case .success(let amount) = Amount.parse(texts[3], digits: currency.digits)
        else { return nil }
        var moment = Instant.absent
        if !texts[6].isEmpty {
            guard case .success(let read) = TimeText.instant(texts[6], in: .utc) else { return nil }
            moment = read
        }
        return PastActivity(
            user: -1, kind: kind, id: texts[2], amount: amount, currency: currency,
            status: texts[5], moment: moment)
    }
}
