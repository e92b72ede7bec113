import Emission
import Money
import Reconciliation
import Records
import Reporting
import Testing
import Time

/// Reports as runs would make them.
enum TestReports {
    static func currency(_ code: String) throws -> Currency { try #require(Currency(code)) }

    /// A run over nothing.
    static func empty() throws -> RunReport {
        RunReport(
            pipeline: "tours", run: "20261120T020000Z-0a1b2c",
            asOf: Instant(seconds: 1_795_140_000), currency: try currency("GHS"))
    }

    /// A night without breaks.
    static func clean() throws -> RunReport {
        var report = try empty()
        let cedi = report.currency
        report.outcomes = [
            .init(outcome: .reconciled, currency: cedi, count: 12, value: 1_462_000),
            .init(outcome: .closed, currency: cedi, count: 3, value: 90_000),
        ]
        return report
    }

    /// A night with one kind of break.
    static func broken(_ code: BreakCode, count: Int = 1, atRisk: Int64 = 5000) throws -> RunReport
    {
        var report = try clean()
        report.outcomes.insert(
            .init(outcome: .break, currency: report.currency, count: count, value: 60_000), at: 0)
        report.breaks = [
            .init(code: code, currency: report.currency, count: count, atRisk: atRisk)
        ]
        report.openBreaks = code.severity > .info ? count : 0
        return report
    }

    /// A night with something in every section, in currencies of 0, 2 and 3 digits.
    static func busy() throws -> RunReport {
        var report = try empty()
        let (cedi, dinar) = (report.currency, try currency("KWD"))
        let yen = try currency("JPY")
        report.previousRun = "20261119T020000Z-ffee00"
        report.users = 9041
        report.outcomes = [
            .init(outcome: .break, currency: cedi, count: 41, value: 1_462_000),
            .init(outcome: .break, currency: yen, count: 1, value: 15_000),
            .init(outcome: .backfilled, currency: cedi, count: 118, value: 4_410_050),
            .init(outcome: .updated, currency: cedi, count: 36, value: 1_203_400),
            .init(outcome: .expected, currency: cedi, count: 204, value: 9_330_000),
            .init(outcome: .reconciled, currency: cedi, count: 18_211, value: 771_420_390),
            .init(outcome: .reconciled, currency: yen, count: 310, value: 4_651_200),
            .init(outcome: .reconciled, currency: dinar, count: 12, value: 1_234_567),
            .init(outcome: .closed, currency: cedi, count: 640, value: 25_000_010),
        ]
        var money = RunReport.MoneyTotal(currency: cedi)
        money.captured = 778_495_840
        money.refunded = 1_120_000
        money.fees = 22_540_381
        money.net = 754_835_459
        var inYen = RunReport.MoneyTotal(currency: yen)
        inYen.refunded = 9000
        inYen.net = -9000
        report.money = [money, inYen]
        report.breaks = [
            .init(code: .rounding, currency: cedi, count: 4, atRisk: 3),
            .init(code: .stuck, currency: cedi, count: 14, atRisk: 210_000),
            .init(code: .settledShort, currency: cedi, count: 6, atRisk: 1250),
            .init(code: .missingSettlement, currency: cedi, count: 12, atRisk: 620_000),
            .init(code: .missingSettlement, currency: yen, count: 1, atRisk: 15_000),
            .init(code: .falseSuccess, currency: cedi, count: 9, atRisk: 411_050),
        ]
        report.openBreaks = 42
        report.largest = largest(cedi, yen)
        report.inputs = inputs(cedi, yen, dinar)
        report.emissions = [
            .init(name: "status_updates", currency: cedi, count: 36, value: 1_203_400),
            .init(name: "new_bookings", currency: cedi, count: 118, value: 4_410_050),
            .init(name: "transactions", currency: cedi, count: 72, value: -120_000),
            .init(name: "transactions", currency: yen, count: 2, value: 3000),
        ]
        report.payouts = [
            payout("po_9\"<&>", cedi, gross: 90_000, fee: 2_640, deposited: 87_000, status: .short),
            payout("po_8", yen, gross: 15_000, deposited: nil, status: .expected),
        ]
        report.payouts[0].bankIDs = ["NTRF<x>"]
        report.payouts[0].bankDate = CivilDate(days: 20_001)
        report.rejects = [
            .init(file: "payments-2026-11-19.csv", line: 18_204, column: "amount", reason: "12,5O"),
            .init(file: "momo.csv", line: 7, column: "", reason: "too few fields"),
        ]
        return report
    }

    /// The busy night, with open items of the run before and decisions about them.
    static func carried() throws -> RunReport {
        var report = try busy()
        let cedi = report.currency
        var items = OpenItems(opening: 45, new: 5, reopened: 1, cleared: 9)
        items.fresh = 4
        items.atRisk = OpenItems.MoneyRoll(
            opening: [cedi: 1_300_000], new: [cedi: 50_000], reopened: [cedi: 1000],
            cleared: [cedi: 99_000], revalued: [cedi: -9700], closing: [cedi: 1_242_300])
        items.ages = [
            OpenItems.Ageing(days: "0-1", count: 4, atRisk: [cedi: 40_000]),
            OpenItems.Ageing(days: "over 30", count: 38, atRisk: [cedi: 1_202_300]),
        ]
        items.agesByCode = [.stuck: [3, 11]]
        report.openItems = items
        report.payoutsDue = [
            .init(due: CivilDate(days: 20_780), currency: cedi, count: 2, amount: 9_300_00),
            .init(due: CivilDate(days: 20_783), currency: cedi, count: 1, amount: 1_000_00),
        ]
        report.largest[0].firstSeen = report.asOf
        report.largest[1].firstSeen = Instant(seconds: 1_790_000_000)
        report.largest[1].age = 43
        report.overrides = OverrideEffect.allCases.map { effect in
            RunReport.OverrideLine(
                override: Override(
                    breakID: "BR-\(100 + effect.rawValue)", action: "write_off", target: "",
                    reason: "<agreed>", maker: "esi@example.com", checker: "yaw@example.com",
                    expires: "2026-12-31"),
                effect: effect)
        }
        return report
    }

    private static func largest(_ cedi: Currency, _ yen: Currency) -> [RunReport.BreakLine] {
        let codes: [BreakCode] = [.missingSettlement, .falseSuccess, .stuck, .settledShort]
        return (0..<14).map { index in
            var line = RunReport.BreakLine(
                id: "b-9f3c21d0\(index)", code: codes[index % 4],
                currency: index == 3 ? yen : cedi)
            line.paymentID = "pay_01HX7Q2M9\(index)"
            line.settlementID = index % 4 == 1 ? "1192837465\(index)" : ""
            line.bookingID = index % 4 == 3 ? "BK-00A1\(index)" : ""
            line.user = "ama.mensah\(index)@example.com"
            line.amount = Int64(450_000 - index * 31_111)
            line.atRisk = line.amount - Int64(index % 4) * 100
            line.detail = "succeeded, but the gateway has no charge for it"
            return line
        }
    }

    /// A payout of one charge.
    static func payout(
        _ id: String, _ currency: Currency, gross: Int64, fee: Int64 = 0, deposited: Int64?,
        status: PayoutTieOut.Status
    ) -> RunReport.PayoutLine {
        var row = SettlementRow(place: RowPlace(file: 0, offset: 0))
        row.gross = gross
        row.fee = fee
        row.net = gross - fee
        var waterfall = PayoutWaterfall()
        waterfall.add(row)
        var tieOut = PayoutTieOut(
            payout: id, currency: currency, waterfall: waterfall, day: CivilDate(days: 20_000))
        tieOut.due = CivilDate(days: 20_002)
        tieOut.deposited = deposited
        tieOut.status = status
        return RunReport.PayoutLine(tieOut)
    }

    private static func inputs(
        _ cedi: Currency, _ yen: Currency, _ dinar: Currency
    ) -> [RunReport.Input] {
        let digest = String(repeating: "0123456789abcdef", count: 4)
        var payments = RunReport.Input(
            file: "payments-2026-11-19.csv", kind: .payments, bytes: 4_120_331, sha256: digest)
        payments.rows = 19_576
        payments.records = 19_573
        payments.repeated = 2
        payments.rejected = 1
        payments.sums = [(yen, 4_666_200), (cedi, 812_825_850), (dinar, 1_234_567)]
        var lines = RunReport.Input(
            file: "momo.csv", kind: .settlements, bytes: 2_003_118, sha256: digest)
        lines.rows = 18_702
        lines.records = 18_701
        lines.rejected = 1
        lines.sums = [(cedi, Int128(Int64.max) * 4)]
        return [payments, lines]
    }
}
