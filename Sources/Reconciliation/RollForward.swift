import Money
import Time

/// How many items moved, and the money in doubt with them, by currency in minor units.
public struct ItemMovement: Sendable, Equatable {
    /// How many items there are.
    public private(set) var count = 0
    /// The money in doubt; a currency may be missing where nothing of it moved.
    public private(set) var atRisk: [Currency: Int128] = [:]

    /// Nothing.
    public init() {}

    /// Items added up.
    public init(_ items: some Sequence<OpenItem>) {
        for item in items { add(item) }
    }

    /// Counts one more item.
    public mutating func add(_ item: OpenItem) {
        count += 1
        add(Int128(item.atRisk), item.currency)
    }

    /// Adds money without an item.
    public mutating func add(_ amount: Int128, _ currency: Currency) {
        atRisk[currency, default: 0] += amount
    }
}

/// From the open items of the run before to those of this one (contract, Carry forward).
///
/// opening + new + reopened − cleared = closing; the run proves it from figures of its own.
public struct RollForward: Sendable {
    /// Found for the first time ever.
    public private(set) var new = ItemMovement()
    /// Cleared or closed by an override in an earlier run, and back again.
    public private(set) var reopened = ItemMovement()
    /// What this run no longer counts as open, in order of the ids; an item that an override closes
    /// in the very run that finds it is new and cleared.
    public private(set) var cleared: [OpenItem] = []
    /// What the money in doubt of items that stayed open grew by.
    public private(set) var revalued = ItemMovement()
    /// For each break found, in the given order, the as-of of the run that saw it first.
    public private(set) var firstSeen: [Instant] = []
    /// What the next run must know, in order of the ids.
    public private(set) var next: [OpenItem] = []

    /// Holds what this run found against what the run before carried.
    ///
    /// - Parameters:
    ///   - carried: What the run before handed on; each id stands once.
    ///   - found: The open breaks of this run; each id stands once.
    ///   - overridden: The breaks of this run that an override closes; none of them is in `found`.
    ///   - asOf: The run's logical time.
    ///   - closeAfter: How long a cleared item is remembered.
    public init(
        carried: [OpenItem], found: [OpenItem], overridden: [OpenItem], asOf: Instant,
        closeAfter: TimeSpan
    ) {
        next.reserveCapacity(found.count + overridden.count)
        var before = Dictionary(carried.map { ($0.id, $0) }) { first, _ in first }
        for item in found { take(item, before.removeValue(forKey: item.id), asOf) }
        for item in overridden { close(item, before.removeValue(forKey: item.id), asOf) }
        for item in carried where before[item.id] != nil {
            let isRecent = asOf <= item.since.advanced(by: closeAfter)
            if item.state == .open { cleared.append(item) }
            if item.state != .cleared {
                next.append(item.entering(.cleared, at: asOf))
            } else if isRecent {
                next.append(item)
            }
        }
        next.sort { $0.id < $1.id }
        cleared.sort { $0.id < $1.id }
    }

    /// A break that is there and that nobody closed.
    private mutating func take(_ item: OpenItem, _ before: OpenItem?, _ asOf: Instant) {
        var item = item
        item.firstSeen = before?.firstSeen ?? item.firstSeen
        firstSeen.append(item.firstSeen)
        switch before?.state {
        case nil: new.add(item)
        case .overridden, .cleared: reopened.add(item)
        case .open:
            item.since = before?.since ?? item.since
            revalued.add(Int128(item.atRisk), item.currency)
            if let before { revalued.add(-Int128(before.atRisk), before.currency) }
        }
        next.append(item)
    }

    /// A break that is there and that an override closes.
    private mutating func close(_ item: OpenItem, _ before: OpenItem?, _ asOf: Instant) {
        var item = item.entering(.overridden, at: asOf)
        item.firstSeen = before?.firstSeen ?? item.firstSeen
        switch before?.state {
        case nil:
            new.add(item)
            cleared.append(item)
        case .cleared:
            reopened.add(item)
            cleared.append(item)
        case .open: cleared.append(before ?? item)
        case .overridden: item.since = before?.since ?? item.since
        }
        next.append(item)
    }
}

extension OpenItem {
    /// The same in another state.
    func entering(_ state: State, at moment: Instant) -> OpenItem {
        var item = self
        item.state = state
        item.since = moment
        return item
    }
}
