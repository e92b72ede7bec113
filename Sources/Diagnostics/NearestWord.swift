/// The word that a misspelt one most probably means; nil where none is near enough to be a help.
///
/// That is the word of the least edit distance, the first of equals; else the first that begins
/// with the misspelt one or that it begins with, as `sunday` does with `sun`.
public func nearestWord(to word: String, among candidates: [String]) -> String? {
    let letters = Array(word.lowercased().utf8)
    // One slip in a short word, one more for every four letters of a longer one.
    let limit = 1 + letters.count / 4
    guard letters.count <= 64 else { return nil }
    var best: (word: String, distance: Int)?
    for candidate in candidates {
        let other = Array(candidate.lowercased().utf8)
        guard abs(other.count - letters.count) <= limit else { continue }
        let distance = editDistance(letters, other)
        if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    if let best { return best.word }
    guard letters.count >= 3 else { return nil }
    return candidates.first { candidate in
        let other = Array(candidate.lowercased().utf8)
        return other.count >= 3 && (other.starts(with: letters) || letters.starts(with: other))
    }
}

/// How many insertions, deletions, replacements and swaps of neighbours turn one into the other.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
        var current = [row + 1]
        for column in 0..<right.count {
            let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
            var least = min(replaced, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                least = min(least, beforeLast[column - 1] + 1)
            }
            current.append(least)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}
