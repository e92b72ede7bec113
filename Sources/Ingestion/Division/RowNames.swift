import Money
import Records

/// What one row of the dumps names, as numbers: rows that name one thing belong together
/// (`Divided.md` has the key).
public struct RowNames: Sendable {
    /// What decisions give to a record of a kind and an id: names of other records.
    public typealias Targets = @Sendable (RecordKind, String) -> [String]

    /// What a name is of: the same text names different things as an order and as a user.
    enum Space: UInt64 {
        /// A payment's id or reference, which settlement lines and bookings name alike.
        case payment = 0x9E37_79B9_7F4A_7C15
        case user = 0xBB67_AE85_84CA_A73B
        case order = 0xD1B5_4A32_D192_ED03
        case booking = 0x3C6E_F372_FE94_F82B
        case line = 0xA54F_F53A_5F1D_36F1
        case session = 0x510E_527F_ADE6_82D1
        /// The digits of the id that a booking has, or would get.
        case digits = 0x9B05_688C_2B3E_6C1F
    }

    /// The digits of the booking that a payment of an id would get; nil where nothing is booked.
    let digitsForPayment: (@Sendable (UnsafeRawBufferPointer) -> UInt32)?
    /// What decisions give to records; nil where they give nothing.
    var targets: Targets?
    /// The run's secret, by which targets are known.
    private let key: FingerprintKey
    /// The names of the row at hand.
    public private(set) var all: ContiguousArray<UInt64> = []
    /// The name of a settlement line's reference; nil for rows of other kinds.
    public private(set) var reference: UInt64?
    /// What a settlement line gave back; nil where it gave nothing.
    public private(set) var givenBack: OrphanMoney?

    init(
        key: FingerprintKey, digits: (@Sendable (UnsafeRawBufferPointer) -> UInt32)?,
        targets: Targets? = nil
    ) {
        self.key = key
        digitsForPayment = digits
        self.targets = targets
    }

    /// Forgets the row.
    mutating func clear() {
        all.removeAll(keepingCapacity: true)
        reference = nil
        givenBack = nil
    }

    /// Notes that the row names something, where it does.
    mutating func add(_ space: Space, _ print: Fingerprint) {
        if print.isPresent { all.append(RowNames.name(space, print)) }
    }

    /// Notes the digits of an id.
    mutating func add(digits: UInt32?) {
        guard let digits else { return }
        all.append(UInt64(digits) &* 0xF135_7AEA_2E62_A9C5 ^ Space.digits.rawValue)
    }

    /// Notes the payment of a settlement line, and what it gave back of it.
    mutating func add(paymentOf row: SettlementRow) {
        add(.payment, row.reference)
        reference = RowNames.name(.payment, row.reference)
        guard row.type == .refund || row.type == .chargeback else { return }
        givenBack = OrphanMoney(type: row.type, gross: row.gross, currency: row.currency)
    }

    /// Notes what decisions give to a record: the two must be seen together.
    mutating func addTargets(ofBreaksOf kind: RecordKind, id: UnsafeRawBufferPointer) {
        guard let targets else { return }
        for target in targets(kind, String(decoding: id, as: UTF8.self)) {
            let print = key.storedIDPrint(target)
            for space in [Space.payment, .line, .booking] { add(space, print) }
        }
    }

    /// Notes what an earlier run emitted names: it belongs to its payment wherever that is.
    mutating func add(_ emission: DivisionKeys.Emission) {
        for (space, print) in emission.prints { add(space, print) }
        var id = emission.bookingID
        add(digits: id.withUTF8 { RowNames.digits(ofBooking: UnsafeRawBufferPointer($0)) })
    }

    static func name(_ space: Space, _ print: Fingerprint) -> UInt64 {
        print.high ^ space.rawValue
    }

    /// The digits of a booking's id that a run may have made: the first eight behind the last hyphen.
    static func digits(ofBooking id: UnsafeRawBufferPointer) -> UInt32? {
        guard let hyphen = id.lastIndex(of: UInt8(ascii: "-")), id.count - hyphen > 8 else {
            return nil
        }
        var value: UInt32 = 0
        for byte in id[(hyphen + 1)...(hyphen + 8)] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }
}

extension DivisionKeys.Emission {
    /// What it names, by what is to be asked first where its rows are looked for.
    var prints: [(RowNames.Space, Fingerprint)] {
        [
            (.payment, payment), (.booking, booking), (.order, order), (.session, session),
            (.user, user),
        ]
        .filter { $0.1.isPresent }
    }
}
