import Money
import Records
import RunStore
import Time

/// How a simulated gateway behaves.
public struct GatewayBehaviour: Sendable, Hashable {
    /// How old a pending payment must be to be settled; nothing settles all at once.
    public var timeout = TimeSpan(seconds: 30)
    /// How many of a million payments succeed, from 0 to 1,000,000.
    public var successesInMillion = 900_000
    /// The same seed decides the same payments alike.
    public var seed = 1

    /// Nine of ten payments succeed, half a minute after they were made.
    public init() {}
}

/// Decides what becomes of payments, without a clock and without chance: everything follows from
/// the seed and the payment.
struct SimulatedGateway: Sendable {
    let behaviour: GatewayBehaviour
    /// Part of every id that the gateway gives, so that two pipelines never share one.
    let pipeline: String

    /// Whether a payment is old enough to be settled.
    func isDue(created: Instant, asOf: Instant) -> Bool {
        // Subtracted, since what is added to a late moment could leave the calendar.
        behaviour.timeout.microseconds == 0
            || asOf.microseconds - created.microseconds >= behaviour.timeout.microseconds
    }

    /// When the gateway says that it settled a payment: as soon as it was due.
    func settled(created: Instant) -> Instant { created.advanced(by: behaviour.timeout) }

    /// Whether a payment succeeds.
    ///
    /// The first 40 bits of a digest of seed and payment are as good as drawn, and do not depend on
    /// which other payments there are.
    func succeeds(paymentID: String) -> Bool {
        let digest = SHA256Digest(
            joining: "simulated outcome", pipeline, String(behaviour.seed), paymentID)
        guard let drawn = UInt64(digest.hex(digits: 10), radix: 16) else {
            preconditionFailure("ten hexadecimal digits are a number")
        }
        // drawn ÷ 2⁴⁰ < successes ÷ 10⁶, in whole numbers.
        return drawn * 1_000_000 < UInt64(behaviour.successesInMillion) << 40
    }

    /// What every id that the gateway gives begins with.
    static let idPrefix = "SIM-"

    /// Whether an id is one that the gateway gives.
    static func gave(_ id: String) -> Bool {
        id.hasPrefix(idPrefix) && id.utf8.count == idPrefix.utf8.count + 16
            && id.utf8.dropFirst(idPrefix.utf8.count).allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x46).contains($0)
            }
    }

    /// The id of the settlement line, the same whenever the payment is settled.
    func lineID(paymentID: String) -> String {
        SimulatedGateway.idPrefix
            + SHA256Digest(joining: "simulated settlement", pipeline, paymentID)
            .hex(digits: 16, inUpperCase: true)
    }
}
