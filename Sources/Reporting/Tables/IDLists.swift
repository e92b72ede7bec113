import DelimitedText
import Records

extension RowWriter {
    /// The ids of some rows of a table, separated by spaces, in the order of the ids: the order of
    /// the input must not show.
    ///
    /// - Parameters:
    ///   - row: Whose list it is.
    ///   - lists: The lists of all rows.
    ///   - table: The table whose ids are written.
    ///   - target: The table's row for a member of the list; by default the member itself.
    @inline(__always)
    mutating func ids(
        of row: Int, in lists: Adjacency, _ table: borrowing Table<some TableRow>,
        target: (Int) -> Int = { $0 }
    ) {
        guard let first = lists.first(row) else { return empty() }
        guard lists.count(row) > 1 else { return table.withID(target(first)) { text($0) } }
        let table = copy table
        let inOrder = lists[row].map { target(Int($0)) }.sorted { table.idPrecedes($0, $1) }
        text { buffer in
            for (place, row) in inOrder.enumerated() {
                if place > 0 { buffer.append(byte: 0x20) }
                table.withID(row) { buffer.append($0) }
            }
        }
    }
}
