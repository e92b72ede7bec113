import Money

/// Amounts from run to run as columns, with the greatest, the first and the last one told in words.
struct ColumnChart {
    private struct Column {
        let name: String
        let value: Int128
        let figure: String
    }

    private let id: String
    private let caption: String
    private var columns: [Column] = []

    /// A chart without columns; `id` must be unique in the page, and the texts are plain text.
    init(id: String, caption: String) {
        self.id = id
        self.caption = caption
    }

    /// Adds a column; less than nothing is drawn as nothing.
    mutating func add(_ name: String, _ value: Int128, _ figure: String) {
        columns.append(Column(name: name, value: max(value, 0), figure: figure))
    }

    /// How high the greatest column is, in hundredths of a letter's.
    private static let height: Int128 = 600
    /// Where the columns stand.
    private static let ground: Int128 = 920

    /// The markup, with a line feed at its end; empty where there is nothing to compare.
    var html: String {
        guard columns.count > 1, let first = columns.first, let last = columns.last,
            let most = columns.max(by: { $0.value < $1.value }), most.value > 0
        else { return "" }
        let marks = """
            <text x="0" y="1.15em">most \(HTMLText.escaped(most.figure)), \
            \(HTMLText.escaped(most.name))</text>
            <text x="0" y="2.5em">now \(HTMLText.escaped(last.figure))</text>
            \(marks(to: most.value))\
            <line x1="0" x2="100%" y1="\(HTMLPage.ems(ColumnChart.ground))" \
            y2="\(HTMLPage.ems(ColumnChart.ground))"/>
            <text x="0" y="10.45em">\(HTMLText.escaped(first.name))</text>
            <text x="100%" y="10.45em" text-anchor="end">\(HTMLText.escaped(last.name))</text>

            """
        return HTMLPage.figure(
            id: id, caption: caption, values: columns.map { ($0.name, $0.figure) },
            height: "10.75em", marks: marks)
    }

    private func marks(to most: Int128) -> String {
        let slot = 10_000 / Int128(columns.count)
        return columns.enumerated().map { place, column in
            guard column.value > 0 else { return "" }
            // The least amount can still be seen, and no column is a wall.
            let height = max(column.value * ColumnChart.height / most, 6)
            let width = min(slot * 7 / 10, 600)
            let left = Int128(place) * 10_000 / Int128(columns.count) + (slot - width) / 2
            return """
                <rect class="doubtful" x="\(DisplayText.plain(left, digits: 2))%" \
                y="\(HTMLPage.ems(ColumnChart.ground - height))" \
                width="\(DisplayText.plain(width, digits: 2))%" \
                height="\(HTMLPage.ems(height))"/>

                """
        }.joined()
    }
}
