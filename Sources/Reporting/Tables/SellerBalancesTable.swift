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
