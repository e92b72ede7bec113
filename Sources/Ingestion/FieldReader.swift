// Owns a small piece of scratch memory. Invariant: only the thread that made the reader uses it, and
// no text in it is kept past the next call.

import Definition
import DelimitedText
import Money
import Records
import Time

/// Why a row cannot be a record: what is wrong with which of its fields.
struct RowFault: Error {
    let reason: RejectReason
    /// The field's index, or -1 for the row as a whole.
    let field: Int

    init(_ reason: RejectReason, _ field: Int = -1) {
        self.reason = reason
        self.field = field
    }
}

/// What reading fields is told: currency, zone, the words of each status, the run's secret.
struct ReadingRules: Sendable {
    let key: FingerprintKey
    let currency: Currency
    let zone: Zone
    /// The kinds that are sold as tickets, in lower case.
    let ticketKinds: Set<String>
    /// The gateways that the agreed fees tell apart.
    let gateways: NumberedWords
    /// The methods of payment that they tell apart.
    let methods: NumberedWords
}

/// Reads the fields of one record after the other, for one thread.
struct FieldReader: ~Copyable {
    /// Ids and users longer than this are no ids.
    static let longestKey = 4096
    /// The largest amount, in minor units: beyond it sums could leave 64 bits.
    static let largestAmount: Int64 = 1_000_000_000_000_000

    /// Times from here on, the year 9900, are no times: due dates behind them could leave the
    /// calendar.
    static let latest = Instant(seconds: 250_246_627_200)
    /// The same as a day.
    static let latestDate = CivilDate(days: 2_896_373)

    let rules: ReadingRules
    private let scratch: UnsafeMutableRawBufferPointer

    init(rules: ReadingRules) {
        self.rules = rules
        scratch = .allocate(byteCount: FieldReader.longestKey, alignment: 8)
    }

    deinit { scratch.deallocate() }

    /// The print of an id; `none` where it is empty.
    func key(
        _ text: UnsafeRawBufferPointer, _ field: Int
    ) throws(RowFault) -> Fingerprint {
        guard text.count <= FieldReader.longestKey else { throw RowFault(.valueTooLong, field) }
        guard !FieldText.isDamaged(text) else { throw RowFault(.scientificNotation, field) }
        return rules.key.fingerprint(FieldText.id(text))
    }

    /// The print of an id that must not be empty.
    func requiredKey(
        _ text: UnsafeRawBufferPointer, _ field: Int
    ) throws(RowFault) -> Fingerprint {
        let print = try key(text, field)
        guard print.isPresent else { throw RowFault(.missingValue, field) }
        return print
    }

    /// The print of a user, in lower case.
    func user(
        _ text: UnsafeRawBufferPointer, _ field: Int
    ) throws(RowFault) -> Fingerprint {
        guard !text.isEmpty else { throw RowFault(.missingValue, field) }
        guard text.count <= FieldReader.longestKey else { throw RowFault(.valueTooLong, field) }
        return rules.key.userPrint(text, scratch: scratch)
    }

    /// The currency, or the pipeline's own where the field is empty.
    func currency(
        _ text: UnsafeRawBufferPointer, _ field: Int
    ) throws(RowFault) -> Currency {
        if text.isEmpty { return rules.currency }
        guard let currency = Currency(bytes: text) else { throw RowFault(.unknownCurrency, field) }
        return currency
    }

    /// An amount; nil where the field is empty.
    func amount(
        _ text: UnsafeRawBufferPointer, _ currency: Currency, _ field: Int
    ) throws(RowFault) -> Int64? {
        if text.isEmpty { return nil }
        switch Amount.parse(text, digits: currency.digits) {
        case .success(let amount):
            guard amount.magnitude <= FieldReader.largestAmount.magnitude else {
                throw RowFault(.amountOutOfRange, field)
            }
            return amount
        case .failure(let problem):
            if text.count > 1, text[0] == UInt8(ascii: "+"), text[1] != UInt8(ascii: "-"),
                text[1] != UInt8(ascii: "+")
            {
                return try amount(UnsafeRawBufferPointer(rebasing: text[1...]), currency, field)
            }
            let isScientific = problem.rejectReason == .malformedAmount && Amount.isScientific(text)
            throw RowFault(isScientific ? .scientificNotation : problem.rejectReason, field)
        }
    }

    /// An amount that must be there.
    func requiredAmount(
        _ text: UnsafeRawBufferPointer, _ currency: Currency, _ field: Int
    ) throws(RowFault) -> Int64 {
        guard let amount = try amount(text, currency, field) else {
            throw RowFault(.missingValue, field)
        }
        return amount
    }

    /// An amount that must be there and cannot be below zero.
    func unsignedAmount(
        _ text: UnsafeRawBufferPointer, _ currency: Currency, _ field: Int
    ) throws(RowFault) -> Int64 {
        let amount = try requiredAmount(text, currency, field)
        guard amount >= 0 else { throw RowFault(.negativeAmount, field) }
        return amount
    }

    /// One of a field's few words; nil where the field is empty.
    func word<Value>(
        _ text: UnsafeRawBufferPointer, of words: WordTable<Value>, unknown: RejectReason,
        _ field: Int
    ) throws(RowFault) -> Value? {
        if text.isEmpty { return nil }
        guard let value = words.value(text) else { throw RowFault(unknown, field) }
        return value
    }

    /// A status, which must be there.
    func status<Value>(
        _ text: UnsafeRawBufferPointer, of words: WordTable<Value>, _ field: Int
    ) throws(RowFault) -> Value {
        guard let value = try word(text, of: words, unknown: .unknownStatus, field) else {
            throw RowFault(.missingValue, field)
        }
        return value
    }

    /// A moment; `absent` where the field is empty.
    func instant(
        _ text: UnsafeRawBufferPointer, _ field: Int
    ) throws(RowFault) -> Instant {
        if text.isEmpty { return .absent }
        switch TimeText.instant(text, in: rules.zone) {
        case .success(let instant):
            guard instant < FieldReader.latest else { throw RowFault(.noSuchTime, field) }
            return instant
        case .failure(let problem): throw RowFault(problem.rejectReason, field)
        }
    }

    /// A date; `absent` where the field is empty.
    func date(
        _ text: UnsafeRawBufferPointer, _ field: Int
    ) throws(RowFault) -> CivilDate {
        if text.isEmpty { return .absent }
        switch TimeText.date(text, in: rules.zone) {
        case .success(let date):
            guard date < FieldReader.latestDate else { throw RowFault(.noSuchTime, field) }
            return date
        case .failure(let problem): throw RowFault(problem.rejectReason, field)
        }
    }
}

extension FingerprintKey {
    /// The print of a user: surrounding space and case do not matter.
    ///
    /// `scratch` must have room for the text.
    func userPrint(
        _ text: UnsafeRawBufferPointer, scratch: UnsafeMutableRawBufferPointer
    ) -> Fingerprint {
        if LowerCase.write(text, to: scratch) {
            return fingerprint(UnsafeRawBufferPointer(rebasing: scratch[..<text.count]))
        }
        var lowered = String(decoding: text, as: UTF8.self).lowercased()
        return lowered.withUTF8 { fingerprint(UnsafeRawBufferPointer($0)) }
    }

    /// The print of a user given as a string, as on the command line.
    public func userPrint(_ text: String) -> Fingerprint {
        var lowered = text.lowercased()
        return lowered.withUTF8 {
            fingerprint(FieldText.trimmed(UnsafeRawBufferPointer($0)))
        }
    }

    /// The print of an id as a table holds it, from which nothing is to be taken off any more.
    public func storedIDPrint(_ text: String) -> Fingerprint {
        var text = text
        return text.withUTF8 { fingerprint(UnsafeRawBufferPointer($0)) }
    }

    /// The print of an id given as a string, as on the command line.
    public func idPrint(_ text: String) -> Fingerprint {
        var text = text
        return text.withUTF8 {
            fingerprint(FieldText.id(FieldText.trimmed(UnsafeRawBufferPointer($0))))
        }
    }
}

extension TimeProblem {
    /// The same, as a reason for rejecting a row.
    var rejectReason: RejectReason {
        switch self {
        case .malformed: .malformedTime
        default: .noSuchTime
        }
    }
}

extension AmountProblem {
    /// The same, as a reason for rejecting a row.
    var rejectReason: RejectReason {
        switch self {
        case .malformed: .malformedAmount
        case .tooManyDecimals: .tooManyDecimals
        case .outOfRange: .amountOutOfRange
        case .scientific: .scientificNotation
        }
    }
}
