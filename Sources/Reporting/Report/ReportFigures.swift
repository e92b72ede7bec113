import Emission
import Money
import Reconciliation
import Records

/// Breaks of one code, in all currencies.
struct BreakFigure: Sendable {
    let code: BreakCode
    var count = 0
    var atRisk: CurrencySums
}

/// Payments of one outcome, or emissions of one name, in all currencies.
struct CountedValue: Sendable {
    var count = 0
    var value: CurrencySums
}

extension RunReport {
    /// The codes of which there are breaks: critical ones first, then in the codes' order.
    var breakFigures: [BreakFigure] {
        BreakCode.allCases.enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .compactMap { _, code in
                var figure = BreakFigure(code: code, atRisk: CurrencySums(own: currency))
                for total in breaks where total.code == code && total.count > 0 {
                    figure.count += total.count
                    figure.atRisk.add(Int128(total.atRisk), total.currency)
                }
                return figure.count == 0 ? nil : figure
            }
    }

    /// Payments with this outcome; all payments without one.
    func payments(_ outcome: PaymentOutcome?) -> CountedValue {
        var figure = CountedValue(value: CurrencySums(own: currency))
        for total in outcomes where outcome == nil || total.outcome == outcome {
            figure.count += total.count
            figure.value.add(Int128(total.value), total.currency)
        }
        return figure
    }

    /// What was emitted, by name, in the order in which the names first stand.
    var emissionFigures: [(name: String, figure: CountedValue)] { figures(of: emissions) }

    /// What earlier runs emitted and no dump shows yet, likewise.
    var waitingFigures: [(name: String, figure: CountedValue)] { figures(of: waiting) }

    private func figures(of totals: [EmissionTotal]) -> [(name: String, figure: CountedValue)] {
        var figures: [(name: String, figure: CountedValue)] = []
        for total in totals {
            let place = figures.firstIndex { $0.name == total.name } ?? figures.count
            if place == figures.count {
                figures.append((total.name, CountedValue(value: CurrencySums(own: currency))))
            }
            figures[place].figure.count += total.count
            figures[place].figure.value.add(Int128(total.value), total.currency)
        }
        return figures
    }

    /// What the gateway did, the report's own currency first.
    var orderedMoney: [MoneyTotal] {
        money.filter { $0.currency == currency }
            + money.filter { $0.currency != currency }.sorted { $0.currency < $1.currency }
    }

    /// The rate of payments that needed nobody, in ten-thousandths of their number.
    var countRate: Int64 { autoMatchRate { Int64($0.count) } }

    /// The same rate of the money in one currency, as amounts of several have no sum.
    func valueRate(_ currency: Currency) -> Int64 {
        autoMatchRate { $0.currency == currency ? $0.value : 0 }
    }

    /// Whether the outcome of any payment is due, so that there is a rate to speak of.
    ///
    /// Without a currency, payments in any count.
    func hasDuePayments(in currency: Currency? = nil) -> Bool {
        outcomes.contains {
            $0.count > 0 && $0.outcome != .expected && $0.outcome != .closed
                && (currency == nil || $0.currency == currency)
        }
    }

    /// Rows of all inputs that are no records.
    var rejectedRows: Int { inputs.reduce(0) { $0 + $1.rejected } }
}

extension RunReport {
    /// The sum of every row of an input that was not rejected, the report's own currency first.
    func sums(of input: Input) -> CurrencySums { ordered(input.sums) }

    /// The sum of the rows of an input that count, the report's own currency first.
    func recordSums(of input: Input) -> CurrencySums { ordered(input.recordSums) }

    /// The balance of an account, the report's own currency first.
    func balance(of account: LedgerAccount) -> CurrencySums { ordered(ledger[account].entries) }

    private func ordered(_ entries: [(currency: Currency, sum: Int128)]) -> CurrencySums {
        var sums = CurrencySums(own: currency)
        for (currency, sum) in entries { sums.add(sum, currency) }
        return sums
    }

    /// Amounts by currency, the report's own currency first.
    func sums(_ amounts: [Currency: Int128]) -> CurrencySums {
        var sums = CurrencySums(own: currency)
        for (currency, sum) in amounts where sum != 0 { sums.add(sum, currency) }
        return sums
    }
}
