// How rows are written and read.

extension RowPlace: FieldCoded {
    /// The beginning of the first file.
    public static var blank: RowPlace { RowPlace(packed: 0) }

    /// File and byte, packed.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var packed = packed
        try coder.code(&packed)
        self = RowPlace(packed: packed)
    }
}

extension TextSlice: FieldCoded {
    /// No text.
    public static var blank: TextSlice { TextSlice(offset: 0, count: 0) }

    /// Offset and length.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var (offset, count) = (UInt64(offset), UInt32(count))
        try coder.code(&offset)
        try coder.code(&count)
        guard offset < 1 << 40, count < 1 << 24 else { throw DamagedFields() }
        self = TextSlice(offset: Int(offset), count: Int(count))
    }
}

extension Fingerprint: FieldCoded {
    /// The print of nothing.
    public static var blank: Fingerprint { .none }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&high)
        try coder.code(&low)
    }
}

extension FingerprintKey: FieldCoded {
    /// A key of its own.
    public static var blank: FingerprintKey { FingerprintKey() }

    /// The secret.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var words = [first, second, third, fourth]
        try coder.code(&words)
        guard words.count == 4, words.allSatisfy({ $0 & 1 == 1 }) else { throw DamagedFields() }
        self = FingerprintKey(words)
    }
}

extension PaymentStatus: FieldCoded {}
extension SettlementType: FieldCoded {}
extension SettlementState: FieldCoded {}
extension BookingStatus: FieldCoded {}
extension OrderStatus: FieldCoded {}
extension SessionStatus: FieldCoded {}
extension RecordKind: FieldCoded {}

extension PaymentRow: FieldCoded {
    /// A row without text.
    public static var blank: PaymentRow { PaymentRow(place: .blank) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&id)
        try coder.code(&reference)
        try coder.code(&user)
        try coder.code(&amount)
        try coder.code(&created)
        try coder.code(&completed)
        try coder.code(&place)
        try coder.code(&idText)
        try coder.code(&subject)
        try coder.code(&line)
        try coder.code(&currency)
        try coder.code(&status)
        try coder.code(&isConflicting)
    }
}

extension PaymentLinks: FieldCoded {
    /// A payment that names nothing.
    public static var blank: PaymentLinks { PaymentLinks() }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&order)
        try coder.code(&booking)
        try coder.code(&seller)
        try coder.code(&gateway)
        try coder.code(&refunded)
    }
}

extension SettlementRow: FieldCoded {
    /// A row without text.
    public static var blank: SettlementRow { SettlementRow(place: .blank) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&id)
        try coder.code(&reference)
        try coder.code(&gross)
        try coder.code(&fee)
        try coder.code(&tax)
        try coder.code(&net)
        try coder.code(&occurred)
        try coder.code(&place)
        try coder.code(&idText)
        try coder.code(&line)
        try coder.code(&settledOn)
        try coder.code(&currency)
        try coder.code(&type)
        try coder.code(&state)
        try coder.code(&isConflicting)
        try coder.code(&hasNet)
        try coder.code(&hasFee)
        try coder.code(&isPayoutClosed)
    }
}

extension SettlementLinks: FieldCoded {
    /// A line that names nothing.
    public static var blank: SettlementLinks { SettlementLinks() }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&payout)
        try coder.code(&gateway)
        try coder.code(&method)
    }
}

extension BookingRow: FieldCoded {
    /// A row without text.
    public static var blank: BookingRow { BookingRow(place: .blank) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&id)
        try coder.code(&payment)
        try coder.code(&user)
        try coder.code(&order)
        try coder.code(&amount)
        try coder.code(&created)
        try coder.code(&place)
        try coder.code(&idText)
        try coder.code(&line)
        try coder.code(&currency)
        try coder.code(&status)
        try coder.code(&isConflicting)
        try coder.code(&isTicket)
    }
}

extension OrderRow: FieldCoded {
    /// A row without text.
    public static var blank: OrderRow { OrderRow(place: .blank) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&id)
        try coder.code(&place)
        try coder.code(&idText)
        try coder.code(&amount)
        try coder.code(&line)
        try coder.code(&currency)
        try coder.code(&status)
        try coder.code(&hasStatus)
        try coder.code(&isConflicting)
    }
}

extension SessionRow: FieldCoded {
    /// A row without text.
    public static var blank: SessionRow { SessionRow(place: .blank) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&id)
        try coder.code(&booking)
        try coder.code(&user)
        try coder.code(&energy)
        try coder.code(&started)
        try coder.code(&ended)
        try coder.code(&place)
        try coder.code(&idText)
        try coder.code(&line)
        try coder.code(&status)
        try coder.code(&isConflicting)
    }
}

extension Table: FieldCoded where Row: FieldCoded {
    /// An empty table.
    public static var blank: Table { Table() }

    /// The rows, then the texts of their ids.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&rows)
        try coder.code(&idBytes)
        guard coder.isReading else { return }
        for row in rows where row.idText.offset + row.idText.count > idBytes.count {
            throw DamagedFields()
        }
    }
}

extension RecordTables: FieldCoded {
    /// No records.
    public static var blank: RecordTables { RecordTables() }

    /// The records of the kinds of which there are many; of the others each part of a run knows all.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&payments)
        try coder.code(&paymentLinks)
        try coder.code(&settlements)
        try coder.code(&settlementLinks)
        try coder.code(&payouts)
        try coder.code(&bookings)
        try coder.code(&orders)
        try coder.code(&sessions)
    }
}

extension Adjacency: FieldCoded {
    /// Lists of no rows.
    public static var blank: Adjacency { Adjacency(count: 0, owners: []) }

    /// Where the lists begin, then their members.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var (starts, members) = (starts, members)
        try coder.code(&starts)
        try coder.code(&members)
        self = Adjacency(starts: starts, members: members)
    }
}

extension Override: FieldCoded {
    /// A decision about nothing.
    public static var blank: Override {
        Override(
            breakID: "", action: "", target: "", reason: "", maker: "", checker: "", expires: "")
    }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&breakID)
        try coder.code(&action)
        try coder.code(&target)
        try coder.code(&reason)
        try coder.code(&maker)
        try coder.code(&checker)
        try coder.code(&expires)
    }
}
