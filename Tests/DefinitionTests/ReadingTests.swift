import Diagnostics
import Money
import Records
import Rules
import Testing
import Time

@testable import Definition

/// What the keys of a definition come to mean.
@Suite struct ReadingTests {
    private func backfill(_ text: String) throws -> BackfillRules {
        let rules = try parse(minimal + "backfill: {kinds: {tour: {emit: none}}, \(text)}\n")
            .backfill
        return try #require(rules)
    }

    private func settle(_ text: String) throws -> SettleRules {
        try #require(try parse(minimal + "settle: {\(text)}\n").settle)
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let definition = try parse(minimal)
        #expect(definition.dumps == .full)
        #expect(definition.maxRejects == Rate(percent: "1"))
        #expect(definition.resolve.stuckAfter == TimeSpan("30m"))
        #expect(definition.resolve.settlementDays == 2)
        #expect(definition.match.tolerance == 0)
        #expect(definition.match.window == TimeSpan("3d"))
        #expect(definition.match.similarityMillionths == 850_000)
        #expect(definition.fees == nil)
        #expect(definition.backfill == nil)
        #expect(definition.settle == nil)
        #expect(definition.dashboard == DashboardRules())
        #expect(definition.archive.keep == nil)
        #expect(definition.carry.unappliedAfter == TimeSpan("3d"))
        #expect(definition.carry.closeAfter == TimeSpan("120d"))
        #expect(definition.inputs[.payments]?.first == InputDefinition(files: ["payments.csv"]))
        #expect(definition.inputs[.bookings] == nil)
    }

    @Test(arguments: [("30s", 30), ("90m", 5400), ("12h", 43_200), ("3d", 259_200), ("0s", 0)])
    func timeSpansHaveFourUnits(text: String, seconds: Int64) throws {
        let definition = try parse(minimal + "match: {window: \(text)}\n")
        #expect(definition.match.window == TimeSpan(seconds: seconds))
    }

    /// Amounts are read from their text, so that no digit passes through a floating number.
    @Test(arguments: [
        ("GHS", "\"0.30\"", Int64(30)), ("GHS", "0.30", 30), ("GHS", "'7'", 700),
        ("GHS", "0.1000", 10), ("JPY", "1500", 1500), ("KWD", "0.005", 5),
        ("GHS", "90071992547409.93", 9_007_199_254_740_993),
    ])
    func amountsAreExactInThePipelinesCurrency(currency: String, text: String, minor: Int64) throws
    {
        // The currency stands last: it counts for what stands before it too.
        let definition = try parse(
            """
            match: {tolerance: \(text)}
            name: t
            timezone: UTC
            inputs: {payments: {files: a}, bookings: {files: b}}
            currency: \(currency)
            """)
        #expect(definition.match.tolerance == minor)
    }

    @Test(arguments: [("2.9", 2_900_000), ("0", 0), ("100", 100_000_000), ("0.000001", 1)])
    func percentagesAreExact(text: String, millionths: Int64) throws {
        let fees = try #require(try parse(minimal + "fees: {percent: \(text)}\n").fees)
        #expect(fees.terms.percent?.millionthsOfPercent == millionths)
        #expect(
            try settle("commission: {percent: \(text)}").commission.terms.percent
                == fees.terms.percent)
    }

    @Test func aCodeInLowerCaseIsTheSameCurrency() throws {
        let text = minimal.split(separator: "GHS").joined(separator: "ghs")
        #expect(try parse(text).currency.code == "GHS")
    }

    @Test func inputsAreOneSourceOrSeveral() throws {
        let definition = try parse(
            head + """
                inputs:
                  payments:
                    files: [a*.csv, old/b.csv.gz]
                    max_rejects: 0.5
                  settlements:
                    - {files: momo*.csv}
                    - {files: 2025.csv}
                """)
        #expect(definition.inputs[.payments]?.map(\.files) == [["a*.csv", "old/b.csv.gz"]])
        #expect(definition.inputs[.payments]?.first?.maxRejects == Rate(percent: "0.5"))
        #expect(definition.inputs[.settlements]?.map(\.files) == [["momo*.csv"], ["2025.csv"]])
    }

    @Test func columnsAreHeadersListsOrConstants() throws {
        let definition = try parse(
            payments + """
                    files: a.csv
                    columns:
                      id: Payment Id
                      user: [email, " Email "]
                      currency: {constant: GHS}
                      gateway: {constant: true}
                      order: 7
                """)
        #expect(
            definition.inputs[.payments]?.first?.columns == [
                "id": .headers(["Payment Id"]), "user": .headers(["email", " Email "]),
                "currency": .constant("GHS"), "gateway": .constant("true"),
                "order": .headers(["7"]),
            ])
    }

    /// Words of the dump are texts, even where YAML has another meaning for them.
    @Test func valuesAreWordsOrLists() throws {
        let definition = try parse(
            payments + """
                    files: a.csv
                    values: {status: {succeeded: [Paid, yes, 1], failed: no, cancelled: true}}
                """)
        #expect(
            definition.inputs[.payments]?.first?.values == [
                "status": [
                    "succeeded": ["Paid", "yes", "1"], "failed": ["no"], "cancelled": ["true"],
                ]
            ])
    }

    @Test(arguments: [
        (RecordKind.settlements, "type", SettlementType.words),
        (.settlements, "state", SettlementState.words),
        (.sessions, "status", SessionStatus.words),
        (.bookings, "status", BookingStatus.words),
        (.payments, "status", PaymentStatus.words),
    ])
    func everyWordOfOursCanBeGiven(kind: RecordKind, field: String, words: [String]) throws {
        let values = words.map { "\($0): [their \($0)]" }.joined(separator: ", ")
        let others = RecordKind.allCases.filter { $0 <= .bookings && $0 != kind }
            .map { "  \($0.rawValue): {files: x.csv}\n" }.joined()
        let definition = try parse(
            head + "inputs:\n" + others
                + "  \(kind.rawValue): {files: a.csv, values: {\(field): {\(values)}}}\n")
        let read = definition.inputs[kind]?.first?.values[field]
        #expect(read?.count == words.count)
        for word in words { #expect(read?[word] == ["their \(word)"]) }
    }

    @Test func everyFieldOfEveryKindCanHaveAColumn() throws {
        var inputs = ""
        for kind in RecordKind.allCases {
            let columns = kind.fields.map { "\($0.text): \($0.text)_x" }.joined(separator: ", ")
            inputs += "  \(kind.rawValue): {files: a.csv, columns: {\(columns)}}\n"
        }
        let definition = try parse(head + "inputs:\n" + inputs)
        for kind in RecordKind.allCases {
            #expect(definition.inputs[kind]?.first?.columns.count == kind.fields.count)
        }
    }

    @Test func kindsKeepTheirOrderAndKeywordsAreLowerCased() throws {
        let rules = try #require(
            try parse(
                minimal + """
                    backfill:
                      kinds:
                        zoo: {emit: ticket, keywords: [ZOO, Löwe]}
                        air: {emit: none}
                        bus: {emit: booking, keywords: []}
                      default_kind: bus
                    """
            ).backfill)
        #expect(
            rules.kinds == [
                PurchaseKind(name: "zoo", emit: .ticket, keywords: ["zoo", "löwe"]),
                PurchaseKind(name: "air", emit: .none, keywords: []),
                PurchaseKind(name: "bus", emit: .booking, keywords: []),
            ])
        #expect(rules.defaultKind == "bus")
    }

    @Test func backfillRulesAreRead() throws {
        #expect(try backfill("unevidenced: emit").emitsUnevidenced)
        #expect(try !backfill("unevidenced: review").emitsUnevidenced)
        #expect(try backfill("unidentified: emit").unidentified == .emit)
        #expect(try backfill("include_pending: true").includesPending)
        #expect(try backfill("participants: 4").participants == 4)
        #expect(try backfill("lead_days: 0").leadDays == 0)
        let prefixes = try backfill("prefix: {ticket: T1}")
        #expect(prefixes.bookingPrefix == "BK")
        #expect(prefixes.ticketPrefix == "T1")
    }

    @Test func detailsArePathsIntoObjects() throws {
        let names = ["item", "kind", "quantity", "date", "starts_at", "ends_at", "seller"]
        let text = names.map { "\($0): meta.\($0)" }.joined(separator: ", ")
        let details = try backfill("details: {\(text)}").details
        #expect(details == Dictionary(uniqueKeysWithValues: names.map { ($0, "meta.\($0)") }))
    }

    @Test func commissionRulesAreRead() throws {
        let rules = try settle(
            """
            commission: {tiers: [{from: "0", percent: 10}, {from: 100.5, percent: 7}], \
            tiers_apply: whole, fixed: "0.30", rates: [{kind: Print, seller: Esi@Example.com, \
            percent: 0}, {currency: JPY, fixed: 50}]}
            """
        ).commission
        #expect(rules.terms.tiers.map(\.from) == [0, 10_050])
        #expect(rules.terms.tiers.map(\.percent.description) == ["10", "7"])
        #expect(rules.terms.tiersApply == .whole)
        #expect(rules.terms.fixed == 30)
        #expect(rules.rates.map(\.kind) == ["print", nil])
        #expect(rules.rates.map(\.seller) == ["esi@example.com", nil])
        #expect(rules.rates[1].currency == Currency("JPY"))
        #expect(rules.rates[1].terms.fixed == 50)
        #expect(rules.readsKinds)
    }

    @Test func payoutSchedulesAreRead() throws {
        let rules = try settle(
            """
            hold_business_days: 5, payout_days: {weekly: [tue, fri]}, held: [" Esi@Example.com "]
            """)
        #expect(rules.hold == .businessDays(5))
        #expect(rules.payoutDays == .weekly([1, 4]))
        #expect(rules.held == ["esi@example.com"])
        #expect(try settle("payout_days: {monthly: [1, 31]}").payoutDays == .monthly([1, 31]))
        #expect(try settle("").hold == .days(7))
        #expect(try settle("").payoutDays == .all)
    }

    @Test func settlementRulesAreRead() throws {
        let rules = try settle(
            """
            hold_days: 3, minimum: 50, holidays: [2025-12-25, "2024-02-29"], weekend: [fri, mon]
            """)
        #expect(rules.hold == .days(3))
        #expect(rules.minimum == 5000)
        #expect(
            rules.holidays
                == Set([(2025, 12, 25), (2024, 2, 29)].compactMap(CivilDate.init(year:month:day:))))
        #expect(rules.weekend == [0, 4])
        #expect(try settle("weekend: []").weekend.isEmpty)
        #expect(try settle("").weekend == [5, 6])
    }

    @Test func theRestIsRead() throws {
        let definition = try parse(
            minimal + """
                dumps: incremental
                max_rejects: 2.5
                fees: {fixed: "0.30", tolerance: "0.01"}
                dashboard: {levels: {Bronze: 0, Gold: "10.50"}, points_per: 0.5, recent: 0, pages: changed}
                archive: {keep: 400d}
                carry: {unapplied_after: 12h, close_after: 90d}
                """)
        #expect(definition.dumps == .incremental)
        #expect(definition.maxRejects == Rate(percent: "2.5"))
        #expect(definition.fees?.terms.fixed == 30)
        #expect(definition.fees?.tolerance == 1)
        #expect(
            definition.dashboard.levels == [
                Level(name: "Bronze", from: 0), Level(name: "Gold", from: 1050),
            ])
        #expect(definition.dashboard.pointsPer == 50)
        #expect(definition.dashboard.recent == 0)
        #expect(definition.dashboard.pages == .changed)
        #expect(definition.archive.keep == TimeSpan("400d"))
        #expect(definition.carry.unappliedAfter == TimeSpan("12h"))
        #expect(definition.carry.closeAfter == TimeSpan("90d"))
    }

    @Test(arguments: [
        ("stuk_after", "stuck_after"), ("settle", "settle"), ("natch", "match"),
        ("mtach", "match"), ("Carry", "carry"), ("sunday", "sun"), ("const", "constant"),
        ("zzz", nil), ("", nil), ("s", nil), (String(repeating: "a", count: 1000), nil),
    ])
    func theNearestWordIsTheOneMeant(word: String, meant: String?) {
        let known = ["stuck_after", "settle", "match", "carry", "sun", "constant"]
        #expect(nearestWord(to: word, among: known) == meant)
    }
}
