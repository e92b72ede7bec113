import Money
import Records

/// The file in which a run hands on the figures of the runs before it, and its own.
public enum HistoryFile {
    /// The file's name in the run.
    public static let name = "carried/history.csv"
    /// Its columns, in order.
    public static let columns = [
        "as_of", "verdict", "currency", "payments", "value", "count_rate", "value_rate",
        "open_items", "at_risk",
    ]
}

/// `carried/history.csv`: the last runs, this one last.
struct HistoryTable: OutputTable {
    let points: [RunReport.RunPoint]

    let file = HistoryFile.name
    let columns = HistoryFile.columns
    var weight: Int { points.count }
    var controls: TableControls { rowControls }
    var rowControls: TableControls {
        var (value, atRisk) = (MoneySums(), MoneySums())
        for point in points {
            value.add(point.value, point.currency)
            atRisk.add(point.atRisk, point.currency)
        }
        return TableControls(rows: points.count, sums: ["value": value, "at_risk": atRisk])
    }

    func write(to out: inout RowWriter) throws {
        for point in points {
            out.instant(point.asOf)
            out.text(point.verdict.word)
            out.currency(point.currency)
            out.number(Int64(point.payments))
            out.amount(point.value, point.currency)
            out.text(DisplayText.plain(Int128(point.countRate), digits: 4))
            out.text(DisplayText.plain(Int128(point.valueRate), digits: 4))
            out.number(Int64(point.openItems))
            out.amount(point.atRisk, point.currency)
            try out.endRow()
        }
    }
}
