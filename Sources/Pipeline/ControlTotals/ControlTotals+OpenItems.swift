import Emission
import Ingestion
import Money
import Reconciliation
import Reporting

extension ControlTotals {
    /// Opening + new + reopened − cleared = closing, in items and in money at risk.
    ///
    /// Opening is counted from what the run before handed on and closing from the breaks themselves,
    /// so that neither follows from the other.
    func proveOpenItems() throws {
        let history = result.history
        let file = "open items"
        var open: Set<String> = []
        var balance = MoneySums()
        for item in carried.items where item.state == .open {
            open.insert(item.id)
            balance.add(item.atRisk, item.currency)
        }
        let breaks = zip(result.breakIDs, result.classification.breaks)
            .filter { $0.1.code.severity > .info }
        let closing = Set(breaks.map(\.0))
        try require(file, "open breaks with an id of their own", breaks.count, found: closing.count)
        try require(
            file, "opening + new + reopened - cleared", closing.count,
            found: open.count + history.new.count + history.reopened.count - history.cleared.count)
        let handedOn = Set(history.next.lazy.filter { $0.state == .open }.map(\.id))
        try require(
            file, "handed on and not open, or the reverse", 0,
            found: handedOn.symmetricDifference(closing).count)
        for movement in [history.new, history.reopened, history.revalued] {
            balance.add(MoneySums(movement.atRisk))
        }
        for entry in history.cleared { balance.add(-entry.item.atRisk, entry.item.currency) }
        var atRisk = MoneySums()
        for (_, item) in breaks {
            let currency = BreakFacts(item, in: result.ingested.tables).currency
            atRisk.add(item.atRisk, currency)
        }
        try ControlTotals.require(file, "money at risk", atRisk, found: balance)
    }
}
