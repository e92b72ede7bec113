import Emission
import Money
import Reconciliation
import Records
import Time

/// Everything that a run's report says, before it is put into words: the one source of
/// `report.json`, `report.html` and the summary on the terminal.
public struct RunReport: Sendable {
    /// Whether the night can be closed.
    public enum Verdict: UInt8, Sendable, CaseIterable, Worded {
        /// The words of outputs.
        public static let words = spelled()

        /// Nothing to look at.
        case clean
        /// Breaks to review, none of them critical.
        case review
        /// Critical breaks.
        case critical
    }

    /// Payments by outcome and currency.
    public struct OutcomeTotal: Sendable {
        /// What became of the payments.
        public var outcome: PaymentOutcome
        /// The currency of the payments.
        public var currency: Currency
        /// How many payments there are.
        public var count: Int
        /// The sum of the payments' amounts, in minor units.
        public var value: Int64

        /// Creates a total.
        public init(outcome: PaymentOutcome, currency: Currency, count: Int, value: Int64) {
            self.outcome = outcome
            self.currency = currency
            self.count = count
            self.value = value
        }
    }

    /// Breaks by code and currency.
    public struct BreakTotal: Sendable {
        /// What is wrong.
        public var code: BreakCode
        /// The currency of the money in doubt.
        public var currency: Currency
        /// How many breaks there are.
        public var count: Int
        /// The sum of the money in doubt, in minor units.
        public var atRisk: Int64

        /// Creates a total.
        public init(code: BreakCode, currency: Currency, count: Int, atRisk: Int64) {
            self.code = code
            self.currency = currency
            self.count = count
            self.atRisk = atRisk
        }
    }

    /// One break, as a reader sees it.
    public struct BreakLine: Sendable {
        /// The break's id, the same from run to run.
        public var id: String
        /// What is wrong.
        public var code: BreakCode
        /// Ids of the records concerned; empty where there is none.
        public var paymentID: String
        /// Empty where no settlement line is concerned.
        public var settlementID: String
        /// Empty where no booking is concerned.
        public var bookingID: String
        /// The gateway's payout; empty where none as a whole is concerned.
        public var payout = ""
        /// The id of a bank line or an emission; empty where none is concerned.
        public var other = ""
        /// The user concerned, in lower case; empty where none is known.
        public var user: String
        /// Minor units.
        public var amount: Int64
        /// The money in doubt, in minor units.
        public var atRisk: Int64
        /// The currency of both amounts.
        public var currency: Currency
        /// What is wrong, in one sentence.
        public var detail: String
        /// What came closest to resolving it, and what failed by how much; empty where nothing did.
        public var nearMiss: String = ""
        /// The as-of of the run that saw it first; `absent` where it is not known.
        public var firstSeen = Instant.absent
        /// Business days since then.
        public var age = 0

        /// A break without records.
        public init(id: String, code: BreakCode, currency: Currency) {
            self.id = id
            self.code = code
            self.currency = currency
            paymentID = ""
            settlementID = ""
            bookingID = ""
            user = ""
            amount = 0
            atRisk = 0
            detail = ""
        }
    }

    /// One input file with its control totals.
    public struct Input: Sendable {
        /// The path below the input folder.
        public var file: String
        /// What its rows are.
        public var kind: RecordKind
        /// The size of the file.
        public var bytes: Int
        /// The file's checksum in hexadecimal digits.
        public var sha256: String
        /// Every row below the header; the next four add up to it.
        public var rows: Int
        /// Rows that count.
        public var records: Int
        /// Rows that repeat or precede another one of the same id.
        public var repeated: Int
        /// Rows that were handed on and that tonight's dumps have anew.
        public var replaced = 0
        /// Rows that the definition leaves out: totals, footers, what moved no money.
        public var leftOut = 0
        /// Rows that cannot be a record.
        public var rejected: Int
        /// The sum of amounts by currency, in order of the codes; of rows that are not rejected.
        public var sums: [(currency: Currency, sum: Int128)]
        /// The same of the rows that count.
        public var recordSums: [(currency: Currency, sum: Int128)]
        /// The energy that sessions measured, in millionths of a kWh; of rows that are not rejected.
        public var energy: Int128 = 0
        /// The same of the rows that count.
        public var recordEnergy: Int128 = 0

        /// A file of which nothing is counted yet.
        public init(file: String, kind: RecordKind, bytes: Int, sha256: String) {
            self.file = file
            self.kind = kind
            self.bytes = bytes
            self.sha256 = sha256
            rows = 0
            records = 0
            repeated = 0
            rejected = 0
            sums = []
            recordSums = []
        }
    }

    /// What was emitted of one thing in one currency.
    public struct EmissionTotal: Sendable {
        /// The output's name without its ending: `new_bookings`, `transactions`.
        public var name: String
        /// The currency of the value.
        public var currency: Currency
        /// How many rows were emitted.
        public var count: Int
        /// Minor units.
        public var value: Int64

        /// Creates a total.
        public init(name: String, currency: Currency, count: Int, value: Int64) {
            self.name = name
            self.currency = currency
            self.count = count
            self.value = value
        }
    }

    /// A row that is no record.
    public struct RejectLine: Sendable {
        /// The path below the input folder.
        public var file: String
        /// The line on which the row begins, from 1.
        public var line: Int
        /// The header's name; empty where the row as a whole is meant.
        public var column: String
        /// What is wrong, in words.
        public var reason: String

        /// Creates a line.
        public init(file: String, line: Int, column: String, reason: String) {
            self.file = file
            self.line = line
            self.column = column
            self.reason = reason
        }
    }

    /// The pipeline's name.
    public var pipeline: String
    /// The run's id.
    public var run: String
    /// The run before; empty for the first one.
    public var previousRun = ""
    /// The moment as of which the run judges.
    public var asOf: Instant
    /// The pipeline's own currency; it comes first wherever there are several.
    public var currency: Currency
    /// Whether the run publishes nothing.
    public var isDryRun = false
    /// In order of the outcomes, then of the currencies; nothing stands for none.
    public var outcomes: [OutcomeTotal] = []
    /// In order of the codes, then of the currencies.
    public var breaks: [BreakTotal] = []
    /// The breaks to be looked at, most money first; at most `largestBreaks` of them.
    public var largest: [BreakLine] = []
    /// Breaks with a severity above info, all of them.
    public var openBreaks = 0
    /// In the order of the run's inputs.
    public var inputs: [Input] = []
    /// By output, then in order of the currencies; nothing stands for none.
    public var emissions: [EmissionTotal] = []
    /// What earlier runs emitted and no dump shows yet, in the same form; of what no dump can show,
    /// as transactions, nobody knows whether it was loaded.
    public var waiting: [EmissionTotal] = []
    /// The first rejects; at most `largestBreaks` of them.
    public var rejects: [RejectLine] = []
    /// What the gateways did to the payments, by currency.
    public var money: [MoneyTotal] = []
    /// The gateways' payouts, by their ids, then by currency.
    public var payouts: [PayoutLine] = []
    /// What gateways settled and have not paid out yet, by currency.
    public var unpaid: [UnpaidBalance] = []
    /// The last runs and this one, the oldest first; empty where nothing was handed on or counted.
    public var history: [RunPoint] = []
    /// What sellers are still to be paid on each day that has come or will, in order of the days.
    public var payoutsDue: [DayPayouts] = []
    /// What each account of the ledger holds.
    public var ledger = LedgerBalances()
    /// How many users there are.
    public var users = 0
    /// From the open items of the run before to these; nil where every open break is new.
    public var openItems: OpenItems?
    /// What each decision about a break comes to, in order of the breaks' ids.
    public var overrides: [OverrideLine] = []

    /// A decision about a break, and what it comes to.
    public struct OverrideLine: Sendable, Hashable {
        /// The decision, as the dump has it.
        public var override: Override
        /// What it comes to.
        public var effect: OverrideEffect

        /// Creates a line.
        public init(override: Override, effect: OverrideEffect) {
            self.override = override
            self.effect = effect
        }
    }

    /// What the gateway did, by currency.
    public struct MoneyTotal: Sendable {
        /// The currency of the payments.
        public var currency: Currency
        /// The sum of completed charges, in minor units.
        public var captured: Int64 = 0
        /// The sum of completed refunds, in minor units.
        public var refunded: Int64 = 0
        /// The sum of completed chargebacks less those that were reversed, in minor units.
        public var chargedBack: Int64 = 0
        /// What the gateway kept, taxes included, in minor units.
        public var fees: Int64 = 0
        /// What all of it adds to payouts, in minor units.
        public var net: Int64 = 0

        /// Nothing yet.
        public init(currency: Currency) { self.currency = currency }
    }

    /// How many breaks and rejects a page shows.
    public static let largestBreaks = 200
    /// How many days of payouts a picture shows.
    static let shownDays = 31

    /// A report of which nothing is counted yet.
    public init(pipeline: String, run: String, asOf: Instant, currency: Currency) {
        self.pipeline = pipeline
        self.run = run
        self.asOf = asOf
        self.currency = currency
    }

    /// Whether the night can be closed.
    public var verdict: Verdict {
        let worst = breaks.map(\.code.severity).max() ?? .info
        switch worst {
        case .info: return .clean
        case .review: return .review
        case .critical: return .critical
        }
    }

    /// Payments that needed nobody, of all whose outcome is due, in ten-thousandths.
    ///
    /// Closed and expected payments are not due; without any that is, the rate is whole.
    public func autoMatchRate(_ measure: (OutcomeTotal) -> Int64) -> Int64 {
        var matched: Int128 = 0
        var due: Int128 = 0
        for total in outcomes {
            switch total.outcome {
            case .backfilled, .updated, .reconciled:
                matched += Int128(measure(total))
                due += Int128(measure(total))
            case .break: due += Int128(measure(total))
            case .expected, .closed: break
            }
        }
        return due == 0 ? 10_000 : Int64(matched * 10_000 / due)
    }
}
