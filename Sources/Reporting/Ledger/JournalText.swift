import DelimitedText
import Emission
import Money
import Records
import Time

/// The syntax of hledger's journals.
///
/// Everything that comes from dumps is written in printable ASCII without a space: no id can end
/// its line, begin a comment or close a code, and the file reads the same in every locale.
struct JournalText: ~Copyable {
    var buffer = OutputBuffer()
    private let prefixes: [Currency: Prefixes]
    /// Those of the currency that was written last, as entries mostly follow others of theirs.
    private var lastCurrency = Currency.none
    private var lastPrefixes = Prefixes(currency: .none)
    private let events = LedgerEntry.Event.words
    /// The day that was written last, as entries mostly follow others of theirs.
    private var lastDay = CivilDate.absent
    private var lastDayText: [UInt8] = []

    /// Prepares the writing of amounts in these currencies.
    init(currencies: [Currency]) {
        prefixes = Dictionary(
            uniqueKeysWithValues: currencies.map { ($0, Prefixes(currency: $0)) })
    }

    /// What stands before the amounts of a currency, by account: one text after the other.
    private struct Prefixes {
        let text: [UInt8]
        /// Where each account's begins, and where the last one ends.
        let starts: [Int]

        init(currency: Currency) {
            var text: [UInt8] = []
            var starts = [0]
            for account in LedgerAccount.allCases {
                text += "    \(account.name)  \(currency.reportCode) ".utf8
                starts.append(text.count)
            }
            self.text = text
            self.starts = starts
        }
    }

    /// A comment on a line of its own.
    mutating func comment(_ text: String) {
        buffer.append("; ")
        buffer.append(text)
        buffer.append(byte: JournalText.lineEnd)
    }

    /// What the program that reads the journal must know: the decimal mark, and everything that
    /// entries may name.
    mutating func declare(currencies: [Currency]) {
        buffer.append("\ndecimal-mark .\n\n")
        for currency in currencies {
            buffer.append("commodity \(currency.reportCode) 1000.")
            buffer.append(String(repeating: "0", count: currency.digits) + "\n")
        }
        buffer.append(byte: JournalText.lineEnd)
        for account in LedgerAccount.allCases {
            buffer.append("account \(account.name)  ; \(account.meaning)\n")
        }
    }

    /// The first line of an entry: date, state, code, description.
    mutating func head(
        _ entry: borrowing LedgerEntry, code: (inout OutputBuffer) -> Void,
        line: (inout OutputBuffer) -> Void, bank: (inout OutputBuffer) -> Void
    ) {
        if entry.date != lastDay {
            lastDay = entry.date
            lastDayText = Array(TimeText.text(entry.date).utf8)
        }
        buffer.append(byte: JournalText.lineEnd)
        lastDayText.withUnsafeBytes { buffer.append($0) }
        buffer.append(entry.isOpen ? " ! " : " * ")
        if entry.payment >= 0 {
            buffer.append("(")
            code(&buffer)
            buffer.append(") ")
        }
        buffer.append(events[Int(entry.event.rawValue)])
        if entry.line >= 0 {
            buffer.append(" ")
            line(&buffer)
        }
        bank(&buffer)
        buffer.append(byte: JournalText.lineEnd)
    }

    /// The postings of an entry.
    ///
    /// - Precondition: the entry's currency is one of those that were declared.
    mutating func postings(of entry: borrowing LedgerEntry) {
        if entry.currency != lastCurrency {
            guard let prefixes = prefixes[entry.currency] else {
                preconditionFailure("an undeclared currency")
            }
            (lastCurrency, lastPrefixes) = (entry.currency, prefixes)
        }
        let digits = entry.currency.digits
        let prefixes = lastPrefixes
        prefixes.text.withUnsafeBytes { text in
            for place in entry.postings.indices {
                let posting = entry.postings[place]
                let account = Int(posting.account.rawValue)
                let prefix = text[prefixes.starts[account]..<prefixes.starts[account + 1]]
                buffer.append(UnsafeRawBufferPointer(rebasing: prefix))
                buffer.append(minorUnits: posting.amount, digits: digits)
                buffer.append(byte: JournalText.lineEnd)
            }
        }
    }

    /// Appends an id, with `%` and two hexadecimal digits for every byte that could mean something
    /// to a journal: nothing is lost, and no two ids become one.
    static func append(id: UnsafeRawBufferPointer, to buffer: inout OutputBuffer) {
        if id.allSatisfy(isPlain) { return buffer.append(id) }
        for byte in id {
            if isPlain(byte) {
                buffer.append(byte: byte)
            } else {
                buffer.append(byte: UInt8(ascii: "%"))
                buffer.append(byte: hexDigits[Int(byte >> 4)])
                buffer.append(byte: hexDigits[Int(byte & 15)])
            }
        }
    }

    /// Appends an id that is held as a text.
    static func append(id: String, to buffer: inout OutputBuffer) {
        var id = id
        id.withUTF8 { append(id: UnsafeRawBufferPointer($0), to: &buffer) }
    }

    private static let lineEnd = UInt8(ascii: "\n")
    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "%"), UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "|"):
            false
        default: byte > 0x20 && byte < 0x7F
        }
    }
}

extension LedgerEntry.Event: Worded {
    /// The words of the journal.
    public static let words = spelled()
}
