import Records
import Rules
import Time

/// The catalogue and the kinds of a pipeline, laid out for telling what payments were for.
///
/// Made once, shared by any number of threads, each of which asks through a `PurchaseDescriber`.
public struct PurchaseBook: Sendable {
    /// What is sold, in the order of the catalogue.
    public let items: [CatalogueItem]
    let rules: BackfillRules
    let zone: Zone
    let key: FingerprintKey
    let itemByID: [String: Int]
    let index: CatalogueIndex
    let keywords: Keywords
    let kindByName: [String: Int]

    /// Lays out a catalogue; a definition without backfilling still has items to compare.
    public init(
        items: [CatalogueItem], rules: BackfillRules?, similarityMillionths: Int64, zone: Zone,
        key: FingerprintKey
    ) {
        self.items = items
        self.rules = rules ?? BackfillRules()
        self.zone = zone
        self.key = key
        itemByID = Dictionary(items.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var builder = CatalogueIndexBuilder(key: key)
        for (number, item) in items.enumerated() {
            var name = item.name
            var aliases = item.aliases
            name.withUTF8 { name in
                aliases.withUTF8 { aliases in
                    builder.add(
                        item: number, name: UnsafeRawBufferPointer(name),
                        aliases: UnsafeRawBufferPointer(aliases))
                }
            }
        }
        index = builder.finish(similarityMillionths: similarityMillionths)
        keywords = Keywords(kinds: self.rules.kinds.map(\.keywords), key: key)
        kindByName = Dictionary(self.rules.kinds.enumerated().map { ($1.name.lowercased(), $0) }) {
            first, _ in first
        }
    }
}
