import DelimitedText
import Records

extension RowWriter {
    /// The ids of some rows of a table, separated by spaces, in the order of the ids: the order of
    /// the input must not show.
    @inline(__always)
    mutating func ids<Rows: Collection>(_ rows: Rows, of table: Table<some TableRow>)
    where Rows.Element: BinaryInteger {
        guard let first = rows.first else { return empty() }
        guard rows.count > 1 else { return table.withID(Int(first)) { text($0) } }
        let inOrder = rows.map { Int($0) }.sorted { table.idPrecedes($0, $1) }
        text { buffer in
            for (place, row) in inOrder.enumerated() {
                if place > 0 { buffer.append(byte: 0x20) }
                table.withID(row) { buffer.append($0) }
            }
        }
    }
}
