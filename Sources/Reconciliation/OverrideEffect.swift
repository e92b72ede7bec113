import Records
import Time

/// What a decision about a break comes to in a run.
public enum OverrideEffect: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    /// The break is closed.
    case closed
    /// The records are matched, so that there is no break.
    case matched
    /// The break is not there, or another decision closes it.
    case notNeeded
    /// No run that is remembered has seen such a break.
    case unknownBreak
    /// Maker and checker are one person.
    case samePerson
    /// Its last day is over.
    case expired
    /// What it was made about says something else now.
    case rowsChanged
    /// The action is none of ours.
    case unknownAction
    /// The last day is no date and no time.
    case unreadableExpiry
    /// The record to match with is in no dump.
    case unknownTarget
    /// The record to match with belongs to another one.
    case targetTaken
    /// A break of this code cannot be closed by a match.
    case notMatchable

    /// Whether the break is closed by it.
    public var isInForce: Bool { self == .closed || self == .matched }
}

extension Override {
    /// What stands against a decision before any record is looked at.
    ///
    /// - Parameters:
    ///   - today: The civil date of the run, in the pipeline's zone.
    ///   - zone: The zone in which the last day is one.
    /// - Returns: The objection; nil where there is none so far.
    public func objection(on today: CivilDate, zone: Zone) -> OverrideEffect? {
        guard decision != nil else { return .unknownAction }
        guard Override.person(maker) != Override.person(checker) else { return .samePerson }
        guard !expires.isEmpty else { return nil }
        guard case .success(let last) = TimeText.date(expires, in: zone) else {
            return .unreadableExpiry
        }
        return today <= last ? nil : .expired
    }

    /// A person's name as it is compared: without case and without space around it.
    private static func person(_ name: String) -> String {
        let name = name.lowercased()
        guard let first = name.firstIndex(where: { !$0.isWhitespace }),
            let last = name.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(name[first...last])
    }
}
