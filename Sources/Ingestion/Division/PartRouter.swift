import Money
import Records

/// Finds out which rows of the dumps belong together, so that the parts of a divided run do not touch
/// (`Divided.md` has the key, and why parts are independent).
public struct PartRouter: Sendable {
    /// What a key is of: the same text names different things as an order and as a user.
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
    private var groups = KeyGroups()
    private var names: ContiguousArray<UInt64> = []
    /// For each file the group of each row, in the order of the file.
    private var groupsOfRows: [ContiguousArray<UInt32>]
    /// What lines gave back of payments that are in no dump.
    private(set) var orphans: Set<OrphanMoney> = []
    private var orphanReferences: Set<UInt64> = []

    init(
        fileCount: Int, key: FingerprintKey,
        digits: (@Sendable (UnsafeRawBufferPointer) -> UInt32)?
    ) {
        self.key = key
        digitsForPayment = digits
        groupsOfRows = Array(repeating: [], count: fileCount)
    }

    /// How many rows were noted.
    var rowCount: Int { groupsOfRows.reduce(0) { $0 + $1.count } }

    /// About how many bytes of memory it takes, with those that growing and dividing will.
    var byteCount: Int { groups.byteCount * 5 / 4 + rowCount * 10 }

    // MARK: Rows

    /// Notes a key of the row at hand, where it has one.
    mutating func add(_ space: Space, _ print: Fingerprint) {
        if print.isPresent { names.append(PartRouter.name(space, print)) }
    }

    /// Notes the digits of an id.
    mutating func add(digits: UInt32?) {
        guard let digits else { return }
        names.append(UInt64(digits) &* 0xF135_7AEA_2E62_A9C5 ^ Space.digits.rawValue)
    }

    /// Ends a row of a file: all its keys belong together.
    mutating func endRow(file: Int) { groupsOfRows[file].append(unite()) }

    /// Ends something that is no row of the dumps.
    mutating func endOther() { _ = unite() }

    private mutating func unite() -> UInt32 {
        defer { names.removeAll(keepingCapacity: true) }
        return groups.unite(names)
    }

    private static func name(_ space: Space, _ print: Fingerprint) -> UInt64 {
        print.high ^ space.rawValue
    }

    /// Notes what a line gives back of a payment that no dump has; before the line's own keys are
    /// noted, and behind all payments.
    mutating func noteOrphan(_ row: SettlementRow) {
        let name = PartRouter.name(.payment, row.reference)
        if groups.has(name) {
            guard orphanReferences.contains(name) else { return }
        } else {
            orphanReferences.insert(name)
        }
        orphans.insert(OrphanMoney(type: row.type, gross: row.gross, currency: row.currency))
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

    // MARK: Parts

    /// The part of something that is no row, by one of its keys; part 0 where no row has it.
    func part(_ space: Space, _ print: Fingerprint, in parts: PartsOfGroups) -> Int {
        groups.group(of: PartRouter.name(space, print)).map { parts[$0] } ?? 0
    }

    /// Shares the groups out so that each part has about as many rows, and says which part each row
    /// belongs to.
    consuming func divide(
        into count: Int
    ) -> (rows: [ContiguousArray<UInt16>], parts: PartsOfGroups, router: PartRouter) {
        var router = self
        var weights = ContiguousArray<UInt32>(repeating: 0, count: router.groups.groupCount)
        for rows in router.groupsOfRows {
            for group in rows { weights[Int(router.groups.root(group))] += 1 }
        }
        var loads = [Int](repeating: 0, count: count)
        var parts = PartsOfGroups(groupCount: weights.count)
        // Large groups first, so that small ones even the parts out; equal ones in their order.
        let large = weights.indices.filter { weights[$0] >= 1024 }
            .sorted { weights[$0] == weights[$1] ? $0 < $1 : weights[$0] > weights[$1] }
        let small = weights.indices.lazy.filter { weights[$0] < 1024 }
        func assign(_ group: Int) {
            let least = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            parts.set(group, least)
            loads[least] += Int(weights[group])
        }
        for group in large { assign(group) }
        for group in small { assign(group) }
        let rows = router.groupsOfRows.map { groups in
            ContiguousArray(groups.map { UInt16(parts[router.groups.root($0)]) })
        }
        router.groupsOfRows = []
        return (rows, parts, router)
    }
}

/// The part of each group.
struct PartsOfGroups: Sendable {
    private var parts: ContiguousArray<UInt16>

    init(groupCount: Int) { parts = ContiguousArray(repeating: 0, count: groupCount) }

    subscript(group: UInt32) -> Int { Int(parts[Int(group)]) }

    fileprivate mutating func set(_ group: Int, _ part: Int) { parts[group] = UInt16(part) }
}

/// Money that a gateway gave back of a payment that is in no dump.
public struct OrphanMoney: Hashable, Sendable {
    /// What the line is.
    public let type: SettlementType
    /// Minor units.
    public let gross: Int64
    /// The currency of the amount.
    public let currency: Currency

    /// Describes the money of a line.
    public init(type: SettlementType, gross: Int64, currency: Currency) {
        self.type = type
        self.gross = gross
        self.currency = currency
    }
}

extension PartRouter {
    /// What decisions give to a record of a kind and an id: names of other records.
    public typealias Targets = @Sendable (RecordKind, String) -> [String]

    /// Notes what an earlier run emitted: it belongs to its payment wherever that is.
    mutating func add(_ emission: DivisionKeys.Emission) {
        add(.payment, emission.payment)
        add(.user, emission.user)
        add(.booking, emission.booking)
        add(.order, emission.order)
        add(.session, emission.session)
        var id = emission.bookingID
        add(digits: id.withUTF8 { PartRouter.digits(ofBooking: UnsafeRawBufferPointer($0)) })
        endOther()
    }

    /// The part of what an earlier run emitted.
    func part(of emission: DivisionKeys.Emission, in parts: PartsOfGroups) -> Int {
        let names: [(Space, Fingerprint)] = [
            (.payment, emission.payment), (.booking, emission.booking), (.order, emission.order),
            (.session, emission.session), (.user, emission.user),
        ]
        guard let (space, print) = names.first(where: { $0.1.isPresent }) else { return 0 }
        return part(space, print, in: parts)
    }

    /// Notes what decisions give to a record: the two must be seen together.
    mutating func addTargets(ofBreaksOf kind: RecordKind, id: UnsafeRawBufferPointer) {
        guard let targets else { return }
        for target in targets(kind, String(decoding: id, as: UTF8.self)) {
            let print = key.storedIDPrint(target)
            for space in [Space.payment, .line, .booking] { add(space, print) }
        }
    }
}
