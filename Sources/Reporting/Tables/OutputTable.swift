import Diagnostics
import RunStore

/// One table of a run's outputs: its file, its columns, and how its rows are written.
protocol OutputTable: Sendable {
    /// The file's name in the run.
    var file: String { get }
    /// The names of the columns, in order: the contract's table of files.
    var columns: [String] { get }
    /// About how much work the table is, so that the largest is begun first.
    var weight: Int { get }
    /// How many rows the table must have, and what each of its columns of money must add up to: as
    /// far as can be from other figures than those that are written.
    var controls: TableControls { get }
    /// Those of the controls that follow from the result's own rows.
    var rowControls: TableControls { get }
    /// Those of the controls that follow from what was counted in the inputs, where each part of a
    /// divided run knows only the others.
    var inputControls: TableControls { get }
    /// Writes every row.
    func write(to out: inout RowWriter) throws
}

extension OutputTable {
    var inputControls: TableControls { TableControls(rows: 0) }
}
