import Emission
import Money
import Reconciliation
import Records
import Time

/// `report.json`: a run for programs.
///
/// Amounts are strings of decimal numbers in major units, with the currency's own digits; objects
/// by currency begin with the pipeline's own. Rates are numbers from 0 to 1 with four decimals,
/// rounded down, so that only a perfect night is 1. No currency is written as `XXX`.
public struct ReportJSON: Sendable {
    /// The file's name in the run.
    public static let file = "report.json"
    /// The version of the layout; it changes when a key changes its meaning or disappears.
    public static let format = 1

    let report: RunReport
    private let openItems: OpenItems

    /// Prepares the file; without `openItems`, those of the report, else every open break is new.
    public init(_ report: RunReport, openItems: OpenItems? = nil) {
        self.report = report
        self.openItems = openItems ?? report.openItems ?? OpenItems(new: report.openBreaks)
    }

    /// The whole file, with a line feed at its end.
    public var bytes: [UInt8] {
        var json = JSONWriter(.pretty)
        write(into: &json)
        return json.finish()
    }

    /// Writes the report as one object.
    public func write(into json: inout JSONWriter) {
        json.object { json in
            writeIdentity(&json)
            json.field("verdict", report.verdict.word)
            writeRates(&json)
            writeTotals(&json)
            writeBreaks(&json)
            writeLargest(&json)
            writeOpenItems(&json)
            writeHistory(&json)
            writeOverrides(&json)
            writePayouts(&json)
            writePayoutsDue(&json)
            writeEmissions(&json)
            writeLedger(&json)
            writeInputs(&json)
        }
    }

    private func writeIdentity(_ json: inout JSONWriter) {
        json.field("format", ReportJSON.format)
        json.field("pipeline", report.pipeline)
        json.field("run", report.run)
        json.key("previous_run")
        if report.previousRun.isEmpty { json.null() } else { json.string(report.previousRun) }
        json.field("as_of", TimeText.text(report.asOf))
        json.field("currency", report.currency.reportCode)
        json.field("dry_run", report.isDryRun)
    }

    private func writeRates(_ json: inout JSONWriter) {
        json.key("auto_match_rate")
        json.object { json in
            json.key("count")
            json.decimal(report.countRate, digits: 4)
            json.key("value")
            json.decimal(report.valueRate(report.currency), digits: 4)
            json.key("value_by_currency")
            json.object { json in
                for (currency, _) in report.payments(nil).value.entries {
                    json.key(currency.reportCode)
                    json.decimal(report.valueRate(currency), digits: 4)
                }
            }
        }
    }

    private func writeTotals(_ json: inout JSONWriter) {
        json.key("totals")
        json.object { json in
            json.field("users", report.users)
            json.key("payments")
            json.object { json in
                write(report.payments(nil), &json)
                json.key("by_outcome")
                json.object { json in
                    for outcome in PaymentOutcome.allCases {
                        json.key(outcome.word)
                        json.object { write(report.payments(outcome), &$0) }
                    }
                }
            }
            let measures: [(StaticString, (RunReport.MoneyTotal) -> Int64)] = [
                ("captured", { $0.captured }), ("refunded", { $0.refunded }),
                ("charged_back", { $0.chargedBack }), ("fees", { $0.fees }),
                ("net", { $0.net }),
            ]
            for (name, measure) in measures {
                json.key(name)
                json.object { json in
                    for total in report.orderedMoney {
                        json.key(total.currency.reportCode)
                        json.amount(measure(total), total.currency)
                    }
                }
            }
        }
    }

    private func writeBreaks(_ json: inout JSONWriter) {
        json.key("breaks")
        json.object { json in
            for figure in report.breakFigures {
                json.key(figure.code.word)
                json.object { json in
                    json.field("severity", figure.code.severity.word)
                    json.field("count", figure.count)
                    json.key("at_risk")
                    write(figure.atRisk, &json)
                    guard let counts = openItems.agesByCode[figure.code] else { return }
                    json.key("by_age")
                    json.array { json in
                        for (group, count) in zip(openItems.ages, counts) {
                            json.object { json in
                                json.field("business_days", group.days)
                                json.field("count", count)
                            }
                        }
                    }
                }
            }
        }
    }

    /// The breaks with the most money at risk; `breaks.csv` has all of them.
    private func writeLargest(_ json: inout JSONWriter) {
        json.key("largest_breaks")
        json.array { json in
            for line in report.largest.prefix(RunReport.largestBreaks) {
                json.object { json in
                    json.field("break_id", line.id)
                    json.field("code", line.code.word)
                    json.field("payment_id", line.paymentID)
                    json.field("settlement_id", line.settlementID)
                    json.field("booking_id", line.bookingID)
                    json.key("amount")
                    json.amount(line.amount, line.currency)
                    json.field("currency", line.currency.reportCode)
                    json.key("at_risk")
                    json.amount(line.atRisk, line.currency)
                    json.field("near_miss", line.nearMiss)
                    json.field("detail", line.detail)
                }
            }
        }
    }

    private func writeOpenItems(_ json: inout JSONWriter) {
        json.key("open_items")
        json.object { json in
            json.field("opening", openItems.opening)
            json.field("new", openItems.new)
            json.field("reopened", openItems.reopened)
            json.field("cleared", openItems.cleared)
            json.field("closing", openItems.closing)
            if let money = openItems.atRisk {
                json.key("at_risk")
                json.object { write(money, &$0) }
            }
            guard !openItems.ages.isEmpty else { return }
            json.key("by_age")
            json.array { json in
                for group in openItems.ages {
                    json.object { json in
                        json.field("business_days", group.days)
                        json.field("count", group.count)
                        json.key("at_risk")
                        write(report.sums(group.atRisk), &json)
                    }
                }
            }
        }
    }

    private func write(_ money: OpenItems.MoneyRoll, _ json: inout JSONWriter) {
        let steps: [(StaticString, [Currency: Int128])] = [
            ("opening", money.opening), ("new", money.new), ("reopened", money.reopened),
            ("cleared", money.cleared), ("revalued", money.revalued), ("closing", money.closing),
        ]
        for (name, sums) in steps {
            json.key(name)
            write(report.sums(sums), &json)
        }
    }

    private func writeHistory(_ json: inout JSONWriter) {
        json.key("history")
        json.array { json in
            for point in report.history {
                json.object { json in
                    json.field("as_of", TimeText.text(point.asOf))
                    json.field("verdict", point.verdict.word)
                    json.field("currency", point.currency.reportCode)
                    json.field("payments", point.payments)
                    json.key("value")
                    json.amount(point.value, point.currency)
                    json.key("auto_match_rate")
                    json.object { json in
                        json.key("count")
                        json.decimal(point.countRate, digits: 4)
                        json.key("value")
                        json.decimal(point.valueRate, digits: 4)
                    }
                    json.field("open_items", point.openItems)
                    json.key("at_risk")
                    json.amount(point.atRisk, point.currency)
                }
            }
        }
    }

    private func writeOverrides(_ json: inout JSONWriter) {
        json.key("overrides")
        json.array { json in
            for line in report.overrides {
                json.object { json in
                    json.field("break_id", line.override.breakID)
                    json.field("action", line.action)
                    json.field("target", line.override.target)
                    json.field("reason", line.override.reason)
                    json.field("maker", line.override.maker)
                    json.field("checker", line.override.checker)
                    json.field("expires", line.override.expires)
                    json.field("effect", line.effect.word)
                    json.field("in_force", line.effect.isInForce)
                }
            }
        }
    }

    private func writeEmissions(_ json: inout JSONWriter) {
        for (key, figures): (StaticString, _) in [
            ("emissions", report.emissionFigures), ("waiting", report.waitingFigures),
        ] {
            json.key(key)
            json.object { json in
                for (name, figure) in figures {
                    json.key(name)
                    json.object { write(figure, &$0) }
                }
            }
        }
    }

    /// The accounts that hold anything; debits are positive.
    private func writeLedger(_ json: inout JSONWriter) {
        json.key("ledger")
        json.object { json in
            json.key("balances")
            json.object { json in
                for account in report.ledger.accounts {
                    json.key(account.name)
                    write(report.balance(of: account), &json)
                }
            }
        }
    }

    private func writeInputs(_ json: inout JSONWriter) {
        json.key("inputs")
        json.array { json in
            for input in report.inputs {
                json.object { json in
                    json.field("file", input.file)
                    json.field("kind", input.kind.rawValue)
                    json.field("rows", input.rows)
                    json.field("records", input.records)
                    json.field("repeated", input.repeated)
                    json.field("replaced", input.replaced)
                    json.field("rejected", input.rejected)
                    json.field("left_out", input.leftOut)
                    json.field("bytes", input.bytes)
                    json.field("sha256", input.sha256)
                    json.key("sums")
                    write(report.sums(of: input), &json)
                    json.key("record_sums")
                    write(report.recordSums(of: input), &json)
                }
            }
        }
    }

    // MARK: Parts

    /// Writes the keys `count` and `value` into the object that is open.
    private func write(_ figure: CountedValue, _ json: inout JSONWriter) {
        json.field("count", figure.count)
        json.key("value")
        write(figure.value, &json)
    }

    private func write(_ sums: CurrencySums, _ json: inout JSONWriter) {
        json.object { json in
            for (currency, sum) in sums.entries {
                json.field(currency.reportCode, DisplayText.plain(sum, digits: currency.digits))
            }
        }
    }
}
