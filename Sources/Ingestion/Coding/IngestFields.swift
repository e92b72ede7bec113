import Records

// How what was read of dumps is written and read.

extension Repeat.Reason: FieldCoded {}
extension RejectReason: FieldCoded {}

extension Repeat: FieldCoded {
    /// A row that repeats nothing.
    public static var blank: Repeat {
        Repeat(
            kind: .blank, id: "", reason: .blank, contradicts: false, place: .blank, line: 0,
            keptPlace: .blank, keptLine: 0)
    }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&kind)
        try coder.code(&id)
        try coder.code(&reason)
        try coder.code(&contradicts)
        try coder.code(&place)
        try coder.code(&line)
        try coder.code(&keptPlace)
        try coder.code(&keptLine)
    }
}

extension Reject: FieldCoded {
    /// A row of no file.
    public static var blank: Reject {
        Reject(place: .blank, count: 0, line: 0, column: -1, reason: .blank)
    }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&place)
        try coder.code(&count)
        try coder.code(&line)
        try coder.code(&column)
        try coder.code(&reason)
    }
}

extension FileCounts: FieldCoded {
    /// Nothing was counted.
    public static var blank: FileCounts { FileCounts() }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&records)
        try coder.code(&rejected)
        try coder.code(&leftOut)
        try coder.code(&repeated)
        try coder.code(&replaced)
        try coder.code(&kept)
        try coder.code(&sums)
        try coder.code(&repeatedSums)
        try coder.code(&energy)
        try coder.code(&repeatedEnergy)
        try coder.code(&magnitude)
    }
}
