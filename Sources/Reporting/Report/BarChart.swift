import Money

/// Amounts as bars, one below the other, each with its name and its figure above it.
///
/// The picture has no scale of its own that a reader would have to look along, and colours only
/// repeat what the names say: it reads the same in grey. Widths are parts of the page's, and heights
/// are told in letters, so that the text stays as large on a phone as elsewhere.
struct BarChart {
    /// What a bar stands for; each is drawn in its own way.
    enum Style: String {
        /// Money in its place.
        case settled
        /// Money that is still to come: an outline.
        case awaited
        /// Money in doubt.
        case doubtful
        /// What is neither.
        case plain
    }

    /// How many currencies have a picture of their own where a table tells of all of them.
    static let mostCurrencies = 4

    private struct Bar {
        let name: String
        let figure: String
        let from: Int128
        let to: Int128
        let style: Style

        /// Whether name and figure find room beside each other on a phone too; else the figure takes a
        /// line of its own.
        private var isShort: Bool { name.count + figure.count <= 38 }
        /// How much lower than its name the figure stands, in hundredths of a letter's height.
        var drop: Int { isShort ? 0 : 130 }
        /// The height of the bar with its texts.
        var height: Int { 300 + drop }
    }

    private let id: String
    private let caption: String
    private var bars: [Bar] = []
    /// Where the last step of a waterfall ended.
    private var level: Int128 = 0

    /// A chart without bars; `id` must be unique in the page, and the texts are plain text.
    init(id: String, caption: String) {
        self.id = id
        self.caption = caption
    }

    /// Whether any bar can be seen.
    var isEmpty: Bool { bars.allSatisfy { $0.from == $0.to } }

    /// Adds a bar that begins at zero.
    mutating func add(_ name: String, _ value: Int128, _ figure: String, _ style: Style) {
        bars.append(Bar(name: name, figure: figure, from: 0, to: value, style: style))
        level = value
    }

    /// Adds a bar that begins where the last one ended.
    mutating func addStep(_ name: String, _ change: Int128, _ figure: String, _ style: Style) {
        bars.append(
            Bar(name: name, figure: figure, from: level, to: level + change, style: style))
        level += change
    }

    /// The markup, with a line feed at its end; empty where there is nothing to be seen.
    var html: String {
        guard !isEmpty else { return "" }
        let ends: [Int128] = [0] + bars.map(\.from) + bars.map(\.to)
        let scale = Scale(least: ends.min() ?? 0, most: ends.max() ?? 0)
        var height = 0
        let marks = bars.map { bar in
            defer { height += bar.height }
            return BarChart.markup(bar, top: height, scale)
        }
        return HTMLPage.figure(
            id: id, caption: caption, values: bars.map { ($0.name, $0.figure) },
            height: Scale.ems(height), marks: marks.joined())
    }

    private static func markup(_ bar: Bar, top: Int, _ scale: Scale) -> String {
        let text = """
            <text x="0" y="\(Scale.ems(top + 115))">\(HTMLText.escaped(bar.name))</text>\
            <text class="figure" x="100%" y="\(Scale.ems(top + bar.drop + 115))" text-anchor="end">\
            \(HTMLText.escaped(bar.figure))</text>

            """
        let top = top + bar.drop
        let (start, end) = (min(bar.from, bar.to), max(bar.from, bar.to))
        var picture = ""
        if start != end {
            picture = """
                <rect class="\(bar.style.rawValue)" x="\(scale.place(start))" \
                y="\(Scale.ems(top + 155))" width="\(scale.width(from: start, to: end))" \
                height="0.75em"/>

                """
        }
        // Below zero there is a line where zero is.
        guard scale.least < 0 else { return text + picture }
        let zero = scale.place(0)
        return text + picture + """
            <line x1="\(zero)" x2="\(zero)" y1="\(Scale.ems(top + 135))" \
            y2="\(Scale.ems(top + 250))"/>

            """
    }
}

/// Where amounts lie in the width of a picture.
private struct Scale {
    let least: Int128
    let most: Int128

    /// A hundredth of a per cent, so that the smallest amount can still be seen.
    private static let thinnest: Int128 = 30

    func place(_ value: Int128) -> String { Scale.percent(part(of: value - least)) }

    func width(from start: Int128, to end: Int128) -> String {
        Scale.percent(max(part(of: end - start), Scale.thinnest))
    }

    private func part(of value: Int128) -> Int128 { value * 10_000 / (most - least) }

    private static func percent(_ hundredths: Int128) -> String {
        DisplayText.plain(hundredths, digits: 2) + "%"
    }

    static func ems(_ hundredths: Int) -> String { HTMLPage.ems(Int128(hundredths)) }
}
