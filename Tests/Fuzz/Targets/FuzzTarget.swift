/// A reader of hostile text, with what must hold of whatever it makes of any bytes.
///
/// libFuzzer runs them through `Tests/Fuzz/run.sh`; `FuzzTests` runs them over the seed corpus and
/// seeded changes of it.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// Delimited text: every way of reading it comes to the same.
    case records
    /// Amounts and rates.
    case numbers
    /// Dates, times and patterns of them.
    case times
    /// The JSON of a payment's details.
    case details
    /// A pipeline's definition in YAML.
    case definition
    /// A dump that is packed, or in another encoding.
    case packed

    /// Reads the bytes in every way that the target has.
    ///
    /// - Throws: `BrokenLaw` where something does not hold. What must never happen in any code, a
    ///   trap or a read beyond the text, ends the process.
    package func check(_ input: [UInt8]) throws {
        switch self {
        case .records:
            var laws = RecordLaws(input)
            try laws.check()
        case .numbers: try NumberLaws(text: input).check()
        case .times: try TimeLaws(input).check()
        case .details: try DetailsLaws(text: input).check()
        case .definition: try DefinitionLaws(text: input).check()
        case .packed: try PackedLaws(bytes: input).check()
        }
    }
}

/// Something that must hold of any input, and did not.
package struct BrokenLaw: Error, CustomStringConvertible {
    package let description: String
}

/// Holds that something is so.
func hold(_ isSo: Bool, _ law: @autoclosure () -> String) throws(BrokenLaw) {
    guard isSo else { throw BrokenLaw(description: law()) }
}

/// Holds that two values are the same.
func hold<Value: Equatable>(
    _ value: Value, is other: Value, _ law: @autoclosure () -> String
) throws(BrokenLaw) {
    guard value == other else {
        throw BrokenLaw(description: "\(law()): \(value) is not \(other)")
    }
}

extension Sequence<UInt8> {
    /// A number that depends on every byte, for choices that an input makes by itself (FNV-1a).
    var fingerprint: UInt64 {
        reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
