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
        let breaks = result.classification.breaks
        let toClose = breaks.indices.filter { breaks[$0].code.severity > .info }
        let closing = Set(toClose.lazy.map { result.breakIDs[$0] })
        try require(
            file, "open breaks with an id of their own", toClose.count, found: closing.count)
        try require(
            file, "opening + new + reopened - cleared", closing.count,
            found: open.count + history.new.count + history.reopened.count - history.cleared.count)
        var notHandedOn = closing
        var notOpen = 0
        for item in history.next where item.state == .open {
            if notHandedOn.remove(item.id) == nil { notOpen += 1 }
        }
        try require(
            file, "handed on and not open, or the reverse", 0, found: notOpen + notHandedOn.count)
        for movement in [history.new, history.reopened, history.revalued] {
            balance.add(MoneySums(movement.atRisk))
        }
        for entry in history.cleared { balance.add(-entry.item.atRisk, entry.item.currency) }
        var atRisk = MoneySums()
        for item in toClose.lazy.map({ breaks[$0] }) {
            let currency = BreakFacts(item, in: result.ingested.tables).currency
            atRisk.add(item.atRisk, currency)
        }
        try ControlTotals.require(file, "money at risk", atRisk, found: balance)
    }
}
