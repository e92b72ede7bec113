import Reconciliation

/// How the decisions on a payment came about.
public struct PaymentTrace: TraceRecord {
    /// How many bytes it has.
    public static let width = 12

    /// Where the row stands.
    public var place: TracedPlace
    /// What its charges say together.
    public var charges: ChargeEvidence
    /// What they make of its status.
    public var decision: StatusDecision
    /// Rule 1.
    public var naming: NamingStep
    /// Rule 2.
    public var order: OrderStep
    /// Rule 3.
    public var attributes: AttributeStep
    /// Whether a booking was made for it.
    public var backfill: BackfillStep
    /// Whether commission and payout were made for it.
    public var settle: SettleStep
    /// How many settlement lines it has; 65535 stands for more, too.
    public var lines: UInt16

    /// Creates a record.
    public init(
        place: TracedPlace, charges: ChargeEvidence, decision: StatusDecision, naming: NamingStep,
        order: OrderStep, attributes: AttributeStep, backfill: BackfillStep, settle: SettleStep,
        lines: UInt16
    ) {
        self.place = place
        self.charges = charges
        self.decision = decision
        self.naming = naming
        self.order = order
        self.attributes = attributes
        self.backfill = backfill
        self.settle = settle
        self.lines = lines
    }

    /// Reads a record; nil where it holds a code that this version does not know.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard let charges = ChargeEvidence(rawValue: bytes[6] & 15),
            let decision = StatusDecision(rawValue: bytes[6] >> 4),
            let naming = NamingStep(rawValue: bytes[7] & 15),
            let order = OrderStep(rawValue: bytes[7] >> 4),
            let attributes = AttributeStep(rawValue: bytes[8] & 15),
            let backfill = BackfillStep(rawValue: bytes[8] >> 4),
            let settle = SettleStep(rawValue: bytes[9])
        else { return nil }
        self.init(
            place: TracedPlace(bytes), charges: charges, decision: decision, naming: naming,
            order: order, attributes: attributes, backfill: backfill, settle: settle,
            lines: UInt16(
                littleEndian: bytes.loadUnaligned(fromByteOffset: 10, as: UInt16.self)))
    }

    /// Writes the record.
    public func write(to bytes: UnsafeMutableRawBufferPointer) {
        place.write(to: bytes)
        bytes[6] = packed(charges, decision)
        bytes[7] = packed(naming, order)
        bytes[8] = packed(attributes, backfill)
        bytes[9] = settle.rawValue
        bytes.storeBytes(of: lines.littleEndian, toByteOffset: 10, as: UInt16.self)
    }
}

/// How a settlement line found its payment.
public struct LineTrace: TraceRecord {
    /// How many bytes it has.
    public static let width = 8

    /// Where the row stands.
    public var place: TracedPlace
    /// How it found its payment.
    public var step: LineStep

    /// Creates a record.
    public init(place: TracedPlace, step: LineStep) {
        self.place = place
        self.step = step
    }

    /// Reads a record; nil where it holds a code that this version does not know.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard let step = LineStep(rawValue: bytes[6]) else { return nil }
        self.init(place: TracedPlace(bytes), step: step)
    }

    /// Writes the record.
    public func write(to bytes: UnsafeMutableRawBufferPointer) {
        place.write(to: bytes)
        bytes[6] = step.rawValue
        bytes[7] = 0
    }
}

/// How the decisions on a booking came about.
public struct BookingTrace: TraceRecord {
    /// How many bytes it has.
    public static let width = 8

    /// Where the row stands.
    public var place: TracedPlace
    /// Rule 1.
    public var naming: NamingStep
    /// Rule 2.
    public var order: OrderStep
    /// Rule 3.
    public var attributes: AttributeStep

    /// Creates a record.
    public init(
        place: TracedPlace, naming: NamingStep, order: OrderStep, attributes: AttributeStep
    ) {
        self.place = place
        self.naming = naming
        self.order = order
        self.attributes = attributes
    }

    /// Reads a record; nil where it holds a code that this version does not know.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard let naming = NamingStep(rawValue: bytes[6] & 15),
            let order = OrderStep(rawValue: bytes[6] >> 4),
            let attributes = AttributeStep(rawValue: bytes[7])
        else { return nil }
        self.init(place: TracedPlace(bytes), naming: naming, order: order, attributes: attributes)
    }

    /// Writes the record.
    public func write(to bytes: UnsafeMutableRawBufferPointer) {
        place.write(to: bytes)
        bytes[6] = packed(naming, order)
        bytes[7] = attributes.rawValue
    }
}

/// What rule 3 compared a payment or booking with.
public struct TrialTrace: TraceRecord {
    /// How many bytes it has.
    public static let width = 24

    /// Whether a booking was tried on payments, rather than a payment on bookings.
    public var isOfBooking: Bool
    /// The record's row in its table, from 0.
    public var row: UInt32
    /// The closest candidate's row in the other table, from 0; nil where none came close.
    public var closest: UInt32?
    /// How many candidates had the same user, amount and currency.
    public var candidates: UInt32
    /// What became of the closest one.
    public var verdict: CandidateVerdict
    /// How far off it is: as `AttributeTrial` has it.
    public var difference: Int64

    /// Creates a record.
    public init(
        isOfBooking: Bool, row: UInt32, closest: UInt32?, candidates: UInt32,
        verdict: CandidateVerdict, difference: Int64
    ) {
        self.isOfBooking = isOfBooking
        self.row = row
        self.closest = closest
        self.candidates = candidates
        self.verdict = verdict
        self.difference = difference
    }

    init(_ trial: AttributeTrial, isOfBooking: Bool) {
        self.init(
            isOfBooking: isOfBooking, row: UInt32(trial.row),
            closest: trial.closest < 0 ? nil : UInt32(trial.closest),
            candidates: UInt32(trial.candidates), verdict: trial.verdict,
            difference: trial.difference)
    }

    /// Reads a record; nil where it holds a code that this version does not know.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        func number(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        guard bytes[12] < 2, let verdict = CandidateVerdict(rawValue: bytes[13]) else { return nil }
        self.init(
            isOfBooking: bytes[12] == 1, row: number(0),
            closest: number(4) == .max ? nil : number(4), candidates: number(8), verdict: verdict,
            difference: Int64(
                littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: Int64.self)))
    }

    /// Writes the record.
    public func write(to bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeBytes(of: row.littleEndian, as: UInt32.self)
        bytes.storeBytes(of: (closest ?? .max).littleEndian, toByteOffset: 4, as: UInt32.self)
        bytes.storeBytes(of: candidates.littleEndian, toByteOffset: 8, as: UInt32.self)
        bytes[12] = isOfBooking ? 1 : 0
        bytes[13] = verdict.rawValue
        bytes[14] = 0
        bytes[15] = 0
        bytes.storeBytes(of: difference.littleEndian, toByteOffset: 16, as: Int64.self)
    }
}
