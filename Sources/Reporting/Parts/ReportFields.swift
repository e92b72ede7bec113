import Emission
import Money
import Records
import Time

// How what files and reports hold of a part is written and read.

extension RunReport.MoneyTotal: FieldCoded {
    /// Nothing yet.
    public static var blank: RunReport.MoneyTotal { RunReport.MoneyTotal(currency: .none) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&currency)
        try coder.code(&captured)
        try coder.code(&refunded)
        try coder.code(&chargedBack)
        try coder.code(&fees)
        try coder.code(&net)
    }
}

extension RecordTotals.PaymentTotals: FieldCoded {
    /// Nothing yet.
    static var blank: RecordTotals.PaymentTotals { RecordTotals.PaymentTotals(money: .blank) }

    /// Every field, in the order of their declaration.
    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&money)
        try coder.code(&counts)
        try coder.code(&values)
    }
}

extension RecordTotals: FieldCoded {
    /// No records.
    public static var blank: RecordTotals { RecordTotals() }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&payments)
        try coder.code(&users)
        try coder.code(&ledger)
    }
}

extension WrittenFile.ColumnSums: FieldCoded {
    /// Nothing was added up.
    public static var blank: WrittenFile.ColumnSums {
        WrittenFile.ColumnSums(column: "", sums: MoneySums())
    }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&column)
        try coder.code(&sums)
    }
}

extension TableControls: FieldCoded {
    /// Nothing must be held.
    public static var blank: TableControls { TableControls(rows: nil) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&rows)
        try coder.code(&sums)
    }
}

extension WrittenFile: FieldCoded {
    /// No file.
    public static var blank: WrittenFile {
        WrittenFile(file: "", rows: 0, sums: [], controls: .blank)
    }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&file)
        try coder.code(&columns)
        try coder.code(&rows)
        try coder.code(&sums)
        try coder.code(&controls)
    }
}

extension RememberedDecision: FieldCoded {
    /// A decision about nothing.
    public static var blank: RememberedDecision {
        RememberedDecision(
            breakID: "", decision: "", rows: "", firstSeen: .absent, lastSeen: .absent)
    }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&breakID)
        try coder.code(&decision)
        try coder.code(&rows)
        try coder.code(&firstSeen)
        try coder.code(&lastSeen)
    }
}
