import Money
import Reconciliation
import Records
import Rules
import Time

/// The figures of one user, at one moment of the run.
public struct UserFigures: Sendable, Hashable {
    /// Confirmed and completed bookings.
    public var bookings: Int32 = 0
    /// Confirmed and completed tickets.
    public var tickets: Int32 = 0
    /// Bookings and tickets that are still pending.
    public var pendingBookings: Int32 = 0
    /// What the confirmed and completed ones cost, in minor units of the pipeline's currency.
    public var spent: Int64 = 0
    /// The same in other currencies, in order of their codes.
    public var spentElsewhere: [Currency: Int64] = [:]
    /// Payments whose outcome is open.
    public var pendingPayments: Int32 = 0
    /// What they amount to, in minor units of the pipeline's currency.
    public var pendingAmount: Int64 = 0
    /// Commission on the user's payments, in minor units of the pipeline's currency.
    public var commissionPaid: Int64 = 0
    /// The energy of confirmed and completed bookings; nothing where the pipeline has no impact.
    public var energy = EnergyTotal()

    mutating func add(
        amount: Int64, in currency: Currency, isTicket: Bool, isMade: Bool, isPending: Bool,
        pipeline: Currency
    ) {
        if isPending { pendingBookings += 1 }
        guard isMade else { return }
        if isTicket { tickets += 1 } else { bookings += 1 }
        if currency == pipeline {
            spent += amount
        } else {
            spentElsewhere[currency, default: 0] += amount
        }
    }

    /// The user's level: the last one that the amount spent reaches; nil where there are none.
    public func level(_ rules: DashboardRules) -> String? {
        rules.levels.last { $0.from <= spent }?.name
    }

    /// One point for each whole `points_per` spent.
    public func points(_ rules: DashboardRules) -> Int64 {
        spent < 0 ? 0 : spent / rules.pointsPer
    }
}

/// Something that a user did lately.
public struct Activity: Sendable {
    /// What it is.
    public enum Kind: UInt8, Sendable, CaseIterable, Worded {
        /// The words of outputs.
        public static let words = spelled()

        case payment, booking, ticket, waitingBooking, waitingTicket, newBooking, newTicket
        case pastPayment, pastBooking, pastTicket

        /// Its place among equally new activities: a record that has left stands where it stood.
        var rank: UInt8 {
            switch self {
            case .pastPayment: Kind.payment.rawValue
            case .pastBooking: Kind.booking.rawValue
            case .pastTicket: Kind.ticket.rawValue
            default: rawValue
            }
        }
    }

    /// What was done.
    public var kind: Kind
    /// The row of the payment or booking, or the index of the new, waiting or past one.
    public var index: Int32
    /// When it was created, `absent` where unknown; for what this run emits, the run's as-of.
    public var moment: Instant
}

/// One user's summary.
public struct UserSummary: Sendable {
    /// Where the user's name stands.
    public enum Name: Sendable, Hashable {
        /// In the row of a payment.
        case payment(RowPlace)
        /// In the row of a booking.
        case booking(RowPlace)
        /// In the totals of what has left, at this index: no row names them.
        case past(Int32)
        /// Among the sellers, at this index: they only sell.
        case seller(Int32)
    }

    /// Where the user's name stands.
    public var name: Name
    /// The user's index among the sellers; -1 for who never sold anything.
    public var seller: Int32 = -1
    /// The fingerprint of the user.
    public var user: Fingerprint
    /// As the dumps and earlier emissions have it.
    public var before = UserFigures()
    /// With what this run emits.
    public var after = UserFigures()
    /// Breaks of the user's payments and bookings that must be looked at.
    public var openBreaks: Int32 = 0
    /// The newest first.
    public var recent: [Activity] = []
}
