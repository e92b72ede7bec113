import Money

/// One file of a run with its control totals: what was counted while it was written, and what it
/// must hold by the run's result.
public struct WrittenFile: Sendable {
    /// The sum of one column, or of one account, by currency.
    public struct ColumnSums: Sendable {
        /// The column's name.
        public var column: String
        /// What was added up while the file was written.
        public var sums: MoneySums

        /// Creates the sums of a column.
        public init(column: String, sums: MoneySums) {
            self.column = column
            self.sums = sums
        }
    }

    /// The file's name in the run.
    public var file: String
    /// The names of the columns; empty for what is no table.
    public var columns: [String]
    /// How many rows were written, without the header.
    public var rows: Int
    /// The columns that hold money, in their order.
    public var sums: [ColumnSums]
    /// What the file must hold.
    public var controls: TableControls

    /// Creates the totals of a file.
    public init(
        file: String, columns: [String] = [], rows: Int, sums: [ColumnSums],
        controls: TableControls
    ) {
        self.file = file
        self.columns = columns
        self.rows = rows
        self.sums = sums
        self.controls = controls
    }
}

/// What a file must hold, added up from the run's result and not from its rows.
public struct TableControls: Sendable {
    /// How many rows; nil where only the money tells.
    public var rows: Int?
    /// The sums of every column that holds money.
    public var sums: [String: MoneySums]

    /// Creates the totals; a column of money that is left out is a mistake that stops the run.
    public init(rows: Int?, sums: [String: MoneySums] = [:]) {
        self.rows = rows
        self.sums = sums
    }
}

extension WrittenFile {
    /// The same file before anything of it was written.
    var none: WrittenFile {
        WrittenFile(
            file: file, columns: columns, rows: 0, sums: [], controls: TableControls(rows: 0))
    }

    /// Adds another part of the same file.
    mutating func add(_ other: WrittenFile) {
        rows += other.rows
        for column in other.sums {
            if let place = sums.firstIndex(where: { $0.column == column.column }) {
                sums[place].sums.add(column.sums)
            } else {
                sums.append(column)
            }
        }
        controls.add(other.controls)
    }
}

extension TableControls {
    /// Adds what another part of a file must hold.
    mutating func add(_ other: TableControls) {
        rows = rows.flatMap { mine in other.rows.map { mine + $0 } }
        for (column, added) in other.sums { sums[column, default: MoneySums()].add(added) }
    }
}
