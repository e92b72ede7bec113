import Time

/// The name of a run: its as-of and six digits of what went into it, `20261120T020000Z-abcdef`.
///
/// Names of runs with the same as-of stand in no order of their own: `RunHistory` tells which
/// came first.
public struct RunID: Hashable, Sendable {
    /// The name, as the run's folder has it.
    public let text: String
    /// The run's logical time, in whole seconds.
    public let asOf: Instant

    /// The name of the run that is made of these inputs, by this definition, after this run.
    ///
    /// It is the same wherever and whenever it is asked for. Fractions of a second in `asOf` are
    /// dropped. The digits are the first of SHA-256 over the checksums of the inputs and of the
    /// definition, as hexadecimal text, and the name of the run before (empty for the first run),
    /// joined by the byte 0x1F. As six digits can meet by chance, `isTaken` says which names
    /// exist already: then the count of those met is joined on, and the digits are taken anew.
    ///
    /// - Precondition: `asOf` lies in the years 1 to 9999.
    public init(
        asOf: Instant, inputs: SHA256Digest, definition: SHA256Digest, previous: RunID?,
        isTaken: (RunID) -> Bool = { _ in false }
    ) {
        let stamp = RunID.stamp(asOf)
        var parts = [inputs.hex, definition.hex, previous?.text ?? ""]
        var hasher = SHA256Hasher()
        self.asOf = Instant(seconds: asOf.seconds)
        var candidate = RunID(stamp, asOf, hasher.digest(joining: parts))
        var met = 0
        while isTaken(candidate) {
            met += 1
            parts = Array(parts.prefix(3)) + [String(met)]
            candidate = RunID(stamp, asOf, hasher.digest(joining: parts))
        }
        text = candidate.text
    }

    /// Reads a name; nil where it is not of the form above.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 23, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z"),
            bytes[16] == UInt8(ascii: "-"),
            bytes[17...].allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
            let year = RunID.number(bytes[0..<4]), let month = RunID.number(bytes[4..<6]),
            let day = RunID.number(bytes[6..<8]), let hour = RunID.number(bytes[9..<11]),
            let minute = RunID.number(bytes[11..<13]), let second = RunID.number(bytes[13..<15]),
            hour < 24, minute < 60, second < 60,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let time = Int64(hour * 3600 + minute * 60 + second)
        asOf = Instant(seconds: Int64(date.days) * 86_400 + time)
        self.text = String(text)
    }

    private init(_ stamp: String, _ asOf: Instant, _ digest: SHA256Digest) {
        text = "\(stamp)-\(digest.hex(digits: 6))"
        self.asOf = asOf
    }

    /// A moment as names have it: `20261120T020000Z`.
    ///
    /// - Precondition: the moment lies in the years 1 to 9999.
    static func stamp(_ instant: Instant) -> String { TimeText.compactText(instant) }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.reduce(Int?(0)) { value, digit in
            guard let value, (0x30...0x39).contains(digit) else { return nil }
            return value * 10 + Int(digit - 0x30)
        }
    }
}

extension RunID: CustomStringConvertible {
    /// The name.
    public var description: String { text }
}
