/// The abbreviations and offsets by which exports name the zone of a row.
public enum ZoneAbbreviation {
    /// Minutes ahead of UTC, by abbreviation, ignoring case.
    ///
    /// Several are used for more than one zone; these are the ones that payment gateways mean. An
    /// abbreviation is an offset and no calendar: `PST` in July is still eight hours behind.
    public static let minutes: [String: Int] = [
        "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "WAT": 60, "CET": 60,
        "CEST": 120, "MEZ": 60, "MESZ": 120, "CAT": 120, "SAST": 120, "EET": 120, "EEST": 180,
        "EAT": 180, "MSK": 180, "GST": 240, "PKT": 300, "IST": 330, "WIB": 420, "HKT": 480,
        "SGT": 480, "PHT": 480, "AWST": 480, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660,
        "NZST": 720, "NZDT": 780, "BRT": -180, "ART": -180, "EST": -300, "EDT": -240, "CST": -360,
        "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "HST": -600,
    ]

    /// Seconds ahead of UTC that a text means: an abbreviation, `+05:30`, `GMT+2` or `UTC-08:00`;
    /// nil where it is none of these.
    public static func offset(_ text: UnsafeRawBufferPointer) -> Int? {
        let start = text.firstIndex { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        guard let start else {
            return minutes[String(decoding: text, as: UTF8.self).uppercased()].map { $0 * 60 }
        }
        let name = String(decoding: text[..<start], as: UTF8.self)
        guard ["", "GMT", "UTC"].contains(name.uppercased()) else { return nil }
        return seconds(UnsafeRawBufferPointer(rebasing: text[start...]))
    }

    /// Seconds of `+H`, `+HH`, `+HMM`, `+HHMM` or `+HH:MM`.
    private static func seconds(_ text: UnsafeRawBufferPointer) -> Int? {
        var digits: [Int] = []
        for (index, byte) in text.enumerated().dropFirst() {
            if byte == UInt8(ascii: ":"), index == text.count - 3 { continue }
            guard byte &- 0x30 <= 9 else { return nil }
            digits.append(Int(byte) - 0x30)
        }
        guard (1...4).contains(digits.count) else { return nil }
        let hasMinutes = digits.count > 2
        let number = digits.reduce(0) { $0 * 10 + $1 }
        let (hours, minutes) = hasMinutes ? (number / 100, number % 100) : (number, 0)
        guard hours < 24, minutes < 60 else { return nil }
        return (text[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}
