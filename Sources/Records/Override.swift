/// What people may decide about a break.
public enum OverrideAction: UInt8, Sendable, CaseIterable, Worded {
    /// The words of dumps.
    public static let words = spelled()

    /// It is as it should be.
    case accept
    /// It is wrong, and the money is given up.
    case writeOff
    /// The record belongs to another one, which the target names.
    case match
    /// It is none of our business.
    case ignore
}

/// A decision of two people about a break, as a dump has it.
///
/// Whether it holds is another question: maker and checker may be one person, it may have expired,
/// and what it was made about may have changed.
public struct Override: Sendable, Hashable {
    /// The break that it is about.
    public var breakID: String
    /// What is to be done with the break, as the dump writes it; `accept` where it is empty.
    public var action: String
    /// The id of the record to match with; else empty.
    public var target: String
    /// Why, in somebody's own words.
    public var reason: String
    /// Who proposed it.
    public var maker: String
    /// Who approved it.
    public var checker: String
    /// The last day on which it holds, or a time of that day; empty where it holds for good.
    public var expires: String

    /// Creates a decision.
    public init(
        breakID: String, action: String, target: String, reason: String, maker: String,
        checker: String, expires: String
    ) {
        self.breakID = breakID
        self.action = action
        self.target = target
        self.reason = reason
        self.maker = maker
        self.checker = checker
        self.expires = expires
    }

    /// Every field, in the order of the documentation: what tells one decision from another.
    public var fields: [String] { [breakID, action, target, reason, maker, checker, expires] }

    /// What it asks for; nil for a word that is none of ours.
    public var decision: OverrideAction? {
        let word = action.lowercased()
        return word.isEmpty ? .accept : OverrideAction.allCases.first { $0.word == word }
    }
}
