import Money
import Time

// How numbers, texts and lists are written and read.

extension FieldCoded where Self: FixedWidthInteger {
    /// Nothing.
    public static var blank: Self { 0 }

    /// Its bytes, the lowest first.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(number: &self)
    }
}

extension UInt8: FieldCoded {}
extension UInt16: FieldCoded {}
extension UInt32: FieldCoded {}
extension UInt64: FieldCoded {}
extension Int32: FieldCoded {}
extension Int64: FieldCoded {}
extension Int: FieldCoded {}
extension Int128: FieldCoded {}
extension UInt128: FieldCoded {}

extension FieldCoded where Self: RawRepresentable & CaseIterable, RawValue: FieldCoded {
    /// The first case.
    public static var blank: Self { allCases[allCases.startIndex] }

    /// Its raw value.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var raw = rawValue
        try coder.code(&raw)
        guard let value = Self(rawValue: raw) else { throw DamagedFields() }
        self = value
    }
}

extension Bool: FieldCoded {
    /// False.
    public static var blank: Bool { false }

    /// One byte, 0 or 1.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var byte: UInt8 = self ? 1 : 0
        try coder.code(&byte)
        guard byte <= 1 else { throw DamagedFields() }
        self = byte == 1
    }
}

extension String: FieldCoded {
    /// No text.
    public static var blank: String { "" }

    /// Its UTF-8 behind their number.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var bytes = Array(utf8)
        try coder.code(bytes: &bytes)
        guard coder.isReading else { return }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw DamagedFields() }
        self = text
    }
}

extension Optional: FieldCoded where Wrapped: FieldCoded {
    /// Nothing.
    public static var blank: Wrapped? { nil }

    /// Whether there is a value, then the value.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var isPresent = self != nil
        try coder.code(&isPresent)
        guard isPresent else { return self = nil }
        var value: Wrapped = self ?? Wrapped.blank
        try coder.code(&value)
        self = value
    }
}

extension FieldCoder {
    /// Writes the elements of a list behind their number, or reads them.
    fileprivate mutating func code<List: RangeReplaceableCollection>(
        list: inout List
    ) throws(DamagedFields) where List.Element: FieldCoded {
        let count = try code(count: list.count)
        guard isReading else {
            for var element in list { try code(&element) }
            return
        }
        list = List()
        for _ in 0..<count {
            var element = List.Element.blank
            try code(&element)
            list.append(element)
        }
    }
}

extension Array: FieldCoded where Element: FieldCoded {
    /// An empty list.
    public static var blank: [Element] { [] }

    /// The elements behind their number.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(list: &self)
    }
}

extension ContiguousArray: FieldCoded where Element: FieldCoded {
    /// An empty list.
    public static var blank: ContiguousArray<Element> { [] }

    /// The elements behind their number.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(list: &self)
    }
}

extension Set: FieldCoded where Element: FieldCoded & Comparable {
    /// An empty set.
    public static var blank: Set<Element> { [] }

    /// The elements in their order.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var elements = coder.isReading ? [] : sorted()
        try coder.code(&elements)
        if coder.isReading { self = Set(elements) }
    }
}

extension Dictionary: FieldCoded where Key: FieldCoded & Comparable, Value: FieldCoded {
    /// An empty dictionary.
    public static var blank: [Key: Value] { [:] }

    /// The keys in their order, then their values.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        let entries = coder.isReading ? [] : sorted { $0.key < $1.key }
        var keys = entries.map(\.key)
        var values = entries.map(\.value)
        try coder.code(&keys)
        try coder.code(&values)
        guard coder.isReading else { return }
        guard keys.count == values.count, Set(keys).count == keys.count else {
            throw DamagedFields()
        }
        self = Dictionary(uniqueKeysWithValues: zip(keys, values))
    }
}

extension Currency: FieldCoded {
    /// No currency.
    public static var blank: Currency { .none }

    /// Its letters, packed.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var raw = rawValue
        try coder.code(&raw)
        guard raw == 0 || Currency(Currency(rawValue: raw & 0x7FFF).code)?.rawValue == raw else {
            throw DamagedFields()
        }
        self = Currency(rawValue: raw)
    }
}

extension MoneySums: FieldCoded {
    /// Nothing.
    public static var blank: MoneySums { MoneySums() }

    /// Every currency that was added, with its sum, be it zero or not.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var sums = Dictionary(uniqueKeysWithValues: currencies.map { ($0, self[$0]) })
        try coder.code(&sums)
        if coder.isReading { self = MoneySums(sums) }
    }
}

extension Instant: FieldCoded {
    /// No time.
    public static var blank: Instant { .absent }

    /// Its microseconds.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var microseconds = microseconds
        try coder.code(&microseconds)
        self = Instant(microseconds: microseconds)
    }
}

extension CivilDate: FieldCoded {
    /// No day.
    public static var blank: CivilDate { .absent }

    /// Its days.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var days = days
        try coder.code(&days)
        self = CivilDate(days: days)
    }
}
