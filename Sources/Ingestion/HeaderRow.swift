/// The names in a file's header, and which column a name means.
struct HeaderRow: Sendable {
    /// The names, without surrounding blanks.
    let names: [String]
    private let folded: [String]

    init(_ names: [String]) {
        self.names = names
        folded = names.map(HeaderRow.folded)
    }

    /// What became of looking for a name.
    enum Match: Equatable {
        case column(Int)
        case none
        /// Several columns have the name, and nothing says which is meant.
        case ambiguous(String)
    }

    /// The column of the first of several names that the header has: exactly, else ignoring case
    /// and blanks around it.
    ///
    /// `nth` is which of several columns of the name, from 1; nil where there must be only one.
    func column(_ wanted: [String], nth: Int? = nil) -> Match {
        for name in wanted {
            var places = names.indices.filter { names[$0] == name }
            if places.isEmpty {
                let name = HeaderRow.folded(name)
                places = folded.indices.filter { folded[$0] == name }
            }
            if let nth {
                if nth <= places.count { return .column(places[nth - 1]) }
            } else if places.count == 1 {
                return .column(places[0])
            } else if places.count > 1 {
                return .ambiguous(name)
            }
        }
        return .none
    }

    /// Whether the header has a name, once or several times.
    func has(_ name: String) -> Bool { column([name]) != .none }

    /// Whether a column's name says that its times are in UTC: `created_utc`, `Created (UTC)`.
    func saysUTC(_ column: Int) -> Bool {
        var name = folded[column][...]
        if name.hasSuffix(")") { name = name.dropLast() }
        guard name.hasSuffix("utc") else { return false }
        return name.dropLast(3).last.map { "_ (-".contains($0) } ?? true
    }

    private static func folded(_ name: String) -> String {
        let scalars = name.unicodeScalars
        let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last]).lowercased()
    }
}
