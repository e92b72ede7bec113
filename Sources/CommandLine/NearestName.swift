import Diagnostics

/// The name that a misspelt one most probably means; nil where none is near enough to be a help.
///
/// Hyphens in front do not count, as in the names of options. What is only the beginning of one
/// name means that one.
func nearestName(to typed: String, among names: [String]) -> String? {
    func significant(_ text: String) -> String { String(text.drop { $0 == "-" }).lowercased() }
    let wanted = significant(typed)
    guard !wanted.isEmpty else { return nil }
    // A single letter is one slip away from any other.
    if wanted.utf8.count > 1, let nearest = nearestWord(to: wanted, among: names.map(significant)) {
        return names.first { significant($0) == nearest }
    }
    let longer = names.filter { significant($0).hasPrefix(wanted) }
    return longer.count == 1 ? longer[0] : nil
}
