/// A currency of ISO 4217, packed into sixteen bits so that a column of them is small.
public struct Currency: Hashable, Sendable {
    /// Three letters of five bits each, A = 1; 0 stands for no currency.
    public let rawValue: UInt16

    /// No currency, for records whose dump has none.
    public static let none = Currency(rawValue: 0)

    /// Takes back a value that `rawValue` gave.
    ///
    /// - Precondition: it is such a value.
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The currency with this code, in any case; nil where ISO 4217 lists no such currency.
    public init?(_ code: some StringProtocol) {
        var code = String(code)
        let found: Currency? = code.withUTF8 { Currency(bytes: UnsafeRawBufferPointer($0)) }
        guard let found else { return nil }
        self = found
    }

    /// The currency with this code, in any case; nil where ISO 4217 lists no such currency.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 3 else { return nil }
        var packed: UInt16 = 0
        for byte in bytes {
            let letter = byte & 0xDF
            guard letter >= 0x41, letter <= 0x5A else { return nil }
            packed = packed << 5 | UInt16(letter - 0x40)
        }
        guard Currency.digitsByCode[Int(packed)] != 0xFF else { return nil }
        rawValue = packed
    }

    /// How many decimal digits the currency's minor unit has: 2 for most, 0 for JPY, 3 for KWD.
    public var digits: Int {
        let digits = Currency.digitsByCode[Int(rawValue)]
        return digits == 0xFF ? 2 : Int(digits)
    }

    /// The three letters in upper case; empty for `none`.
    public var code: String {
        guard rawValue != 0 else { return "" }
        let letters = [rawValue >> 10, rawValue >> 5, rawValue].map { UInt8($0 & 31) + 0x40 }
        return String(decoding: letters, as: UTF8.self)
    }

    /// Gives the letters of the code to `body`, in order; none for `none`.
    @inlinable
    public func forEachLetter(_ body: (UInt8) -> Void) {
        guard rawValue != 0 else { return }
        body(UInt8(rawValue >> 10 & 31) + 0x40)
        body(UInt8(rawValue >> 5 & 31) + 0x40)
        body(UInt8(rawValue & 31) + 0x40)
    }

    /// Digits by packed code; 0xFF where ISO 4217 lists no currency.
    private static let digitsByCode: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 1 << 15)
        for (digits, codes) in listed {
            for code in codes.split(separator: " ") {
                let packed = code.utf8.reduce(0) { $0 << 5 | Int($1 - 0x40) }
                table[packed] = digits
            }
        }
        return table
    }()

    /// ISO 4217, list one, by the number of digits of the minor unit.
    private static let listed: [(UInt8, String)] = [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (
            2,
            """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN \
            BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB \
            EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS \
            KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN \
            MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD \
            SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS \
            UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
            """
        ),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ]
}

extension Currency: CustomStringConvertible {
    /// The code.
    public var description: String { code }
}

extension Currency: Comparable {
    /// Alphabetical by code.
    public static func < (left: Currency, right: Currency) -> Bool {
        left.rawValue < right.rawValue
    }
}
