import Money
import Reconciliation
import Records

extension Sentences {
    /// What came closest to resolving a break, and what failed by how much; empty where nothing did:
    /// `settlement S-9: reference differs by 1 character`.
    static func nearMiss(_ item: Break, _ facts: BreakFacts, _ result: RunResult) -> String {
        guard let miss = item.nearMiss else { return "" }
        let failure = failure(miss, item, facts, result)
        return "\(candidate(miss, result)): \(failure)"
    }

    /// The kind and id of the candidate.
    private static func candidate(
        _ miss: NearMiss, _ result: RunResult
    ) -> String {
        let row = Int(miss.row)
        return switch miss.candidate {
        case .payment: "payment \(result.tables.payments.id(row))"
        case .settlement: "settlement \(result.tables.settlements.id(row))"
        case .booking: "booking \(result.tables.bookings.id(row))"
        case .bankLine: "bank line \(result.tables.bank[row].id)"
        case .catalogueItem: "item \(result.items[row].id)"
        }
    }

    private static func failure(
        _ miss: NearMiss, _ item: Break, _ facts: BreakFacts, _ result: RunResult
    ) -> String {
        switch miss.condition {
        case .amount:
            "amount differs by \(Amount.text(miss.distance, facts.currency)) \(facts.currency.code)"
        case .currency: "in \(currency(of: miss, result).code)"
        case .time: time(miss, item)
        case .user: "of another user"
        case .item: "for another item"
        case .reference:
            miss.distance == 0
                ? "reference differs"
                : "reference differs by "
                    + (miss.distance == 1 ? "1 character" : "\(miss.distance) characters")
        case .status: status(of: miss, result)
        case .taken:
            taken(miss.candidate)
        case .link: miss.candidate == .payment ? "fits, but is not named" : "names another payment"
        case .doubt: "fits others as well"
        case .similarity: "\(percent(miss.distance)) less alike than asked for"
        }
    }

    private static func time(_ miss: NearMiss, _ item: Break) -> String {
        if item.code == .lateSettlement { return "settled \(span(miss.distance)) after it was due" }
        let verb =
            miss.candidate == .settlement || miss.candidate == .bankLine ? "moved" : "created"
        return "\(verb) \(span(miss.distance)) beyond the window"
    }

    /// A length of time in its own size, rounded down but never to nothing.
    static func span(_ microseconds: Int64) -> String {
        let seconds = microseconds / 1_000_000
        return switch seconds {
        case ..<1: "less than a second"
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    /// Millionths as hundredths with two decimals, rounded up, so that nothing seems to be missing.
    private static func percent(_ millionths: Int64) -> String {
        let hundredths = (millionths + 99) / 100
        return "\(Amount.text(hundredths, digits: 2)) %"
    }

    private static func currency(of miss: NearMiss, _ result: RunResult) -> Currency {
        let row = Int(miss.row)
        return switch miss.candidate {
        case .payment: result.tables.payments.rows[row].currency
        case .settlement: result.tables.settlements.rows[row].currency
        case .booking: result.tables.bookings.rows[row].currency
        case .bankLine: result.tables.bank[row].currency
        case .catalogueItem: .none
        }
    }

    private static func taken(_ candidate: NearMiss.Candidate) -> String {
        switch candidate {
        case .payment: "has a booking already"
        case .settlement, .booking, .catalogueItem: "has a payment already"
        case .bankLine: "fits another payout as well"
        }
    }

    private static func status(of miss: NearMiss, _ result: RunResult) -> String {
        let row = Int(miss.row)
        return switch miss.candidate {
        case .payment: result.verdicts[row].resolved.word
        case .settlement: result.tables.settlements.rows[row].state.word
        case .booking: result.tables.bookings.rows[row].status.word
        case .bankLine, .catalogueItem: ""
        }
    }
}
