import Money
import Reconciliation
import Records
import Time

extension ReportJSON {
    /// Writes every payout with its waterfall, and what is not paid out yet.
    ///
    /// Of the waterfall's steps fees, taxes, refunds, chargebacks and other fees are costs and so
    /// are taken away; the others are added.
    func writePayouts(_ json: inout JSONWriter) {
        json.field("payouts") { json in
            json.array { json in
                for line in report.payouts { json.object { write(line, &$0) } }
            }
        }
        json.field("not_yet_paid_out") { json in
            json.array { json in
                for balance in report.unpaid {
                    json.object { json in
                        json.field("currency", balance.currency.reportCode)
                        write(balance.waterfall, balance.currency, &json)
                    }
                }
            }
        }
    }

    /// Writes what sellers are still to be paid, by day.
    func writePayoutsDue(_ json: inout JSONWriter) {
        json.field("payouts_due") { json in
            json.array { json in
                for day in report.payoutsDue {
                    json.object { json in
                        json.field("due_date", TimeText.text(day.due))
                        json.field("currency", day.currency.reportCode)
                        json.field("count", day.count)
                        json.field(
                            "amount", DisplayText.plain(day.amount, digits: day.currency.digits))
                    }
                }
            }
        }
    }

    private func write(_ line: RunReport.PayoutLine, _ json: inout JSONWriter) {
        let tieOut = line.tieOut
        let currency = tieOut.currency
        func write(_ name: StaticString, _ amount: Int64?) {
            json.key(name)
            if let amount { json.amount(amount, currency) } else { json.null() }
        }
        func write(_ name: StaticString, _ date: CivilDate) {
            json.key(name)
            if date.isPresent { json.string(TimeText.text(date)) } else { json.null() }
        }
        json.field("payout", tieOut.payout)
        json.field("currency", currency.reportCode)
        json.field("status", tieOut.status.word)
        write("day", tieOut.day)
        write("due", tieOut.due)
        self.write(tieOut.waterfall, currency, &json)
        write("claimed", tieOut.waterfall.claimed)
        write("bank", tieOut.deposited)
        json.key("bank_lines")
        json.array { json in line.bankIDs.forEach { json.string($0) } }
        write("bank_date", line.bankDate)
        write("residual", tieOut.residual)
        json.field("residual_reason", tieOut.reason.word)
        write("lines_residual", tieOut.linesResidual)
        write("bank_residual", tieOut.bankResidual)
    }

    private func write(
        _ waterfall: PayoutWaterfall, _ currency: Currency, _ json: inout JSONWriter
    ) {
        json.field("lines", waterfall.lines)
        for step in waterfall.steps {
            json.key(step.name)
            json.amount(step.amount, currency)
        }
        json.key("net")
        json.amount(waterfall.net, currency)
        json.key("stated_beyond_figures")
        json.amount(waterfall.statedBeyondFigures, currency)
    }
}
