/// The name that a misspelt one most probably means; nil where none is near enough to be a help.
///
/// Hyphens in front and case do not count. The fewest slips win, the first name among equals;
/// where all are too far away, the only name that begins with what was typed.
func nearestName(to typed: String, among names: [String]) -> String? {
    let wanted = significantBytes(typed)
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    let allowance = max(1, wanted.count / 3)
    let byDistance = names.map { (name: $0, slips: slips(wanted, significantBytes($0))) }
    if let best = byDistance.min(by: { $0.slips < $1.slips }), best.slips <= allowance,
        // A single letter is one slip away from any other.
        best.slips < wanted.count
    {
        return best.name
    }
    let longer = names.filter { significantBytes($0).starts(with: wanted) }
    return longer.count == 1 ? longer[0] : nil
}

private func significantBytes(_ text: String) -> [UInt8] {
    Array(text.lowercased().utf8.drop { $0 == UInt8(ascii: "-") })
}

/// How many letters must be added, dropped, replaced or swapped with their neighbour.
private func slips(_ typed: [UInt8], _ name: [UInt8]) -> Int {
    // table[i][j]: from the first i letters typed to the first j of the name.
    var table = [Array(0...name.count)]
    for i in 0..<typed.count {
        var row = [i + 1]
        for j in 0..<name.count {
            var fewest = table[i][j] + (typed[i] == name[j] ? 0 : 1)
            fewest = min(fewest, table[i][j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, typed[i] == name[j - 1], typed[i - 1] == name[j] {
                fewest = min(fewest, table[i - 1][j - 1] + 1)
            }
            row.append(fewest)
        }
        table.append(row)
    }
    return table[typed.count][name.count]
}
