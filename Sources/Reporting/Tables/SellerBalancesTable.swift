import Emission
import Money

/// The file in which a run hands on what sellers are owed, or owe.
public enum SellerBalancesFile {
    /// The file's name in the run.
    public static let name = "carried/balances.csv"
    /// Its columns, in order.
    public static let columns = ["seller", "currency", "amount", "payout_id"]
}

/// `carried/balances.csv`: what no payout has paid yet, in order of the sellers.
struct SellerBalancesTable: OutputTable {
    let result: RunResult

    let file = SellerBalancesFile.name
    let columns = SellerBalancesFile.columns
    var weight: Int { result.emissions.balances.count }

    func write(to out: inout RowWriter) throws {
        for balance in result.emissions.balances {
            out.guarded(balance.seller)
            out.currency(balance.currency)
            out.amount(balance.amount, balance.currency)
            out.guarded(balance.payoutID)
            try out.endRow()
        }
    }
}

/// The file in which a run hands on the payouts that are still to be made.
public enum ScheduledPayoutsFile {
    /// The file's name in the run.
    public static let name = "carried/payouts.csv"
    /// Its columns, in order.
    public static let columns = [
        "payout_id", "seller", "currency", "amount", "due_date", "emitted_at",
    ]
}

/// `carried/payouts.csv`: payouts that are still to be made, in order of their ids.
struct ScheduledPayoutsTable: OutputTable {
    let result: RunResult

    let file = ScheduledPayoutsFile.name
    let columns = ScheduledPayoutsFile.columns
    var weight: Int { result.agendas.scheduled.count }

    func write(to out: inout RowWriter) throws {
        for payout in result.agendas.scheduled {
            out.guarded(payout.id)
            out.guarded(payout.seller)
            out.currency(payout.currency)
            out.amount(payout.amount, payout.currency)
            out.date(payout.due)
            out.instant(payout.emittedAt)
            try out.endRow()
        }
    }
}
