/// By which rule a description and an item belong together; the first rule that decides, decides.
public enum CatalogueRule: Sendable, Equatable {
    /// The description is a name or an alias.
    case equal
    /// The description contains a name or an alias as whole words, and no longer one.
    case contained
    /// A name or an alias contains the description as whole words.
    case containing
    /// A name or an alias is this similar to the description, and none more.
    case similar(Similarity)
}

/// What a catalogue says to a description.
public enum CatalogueMatch: Sendable, Equatable {
    /// One item, by this rule.
    case found(item: Int, by: CatalogueRule)
    /// Several items equally well by this rule, and therefore none: the first two of them in the
    /// order of their numbers.
    case ambiguous(item: Int, other: Int, by: CatalogueRule)
    /// No item; the most similar one, of the least number where several are, if there is one as
    /// similar as a near miss must be.
    case notFound(nearest: NearItem?)

    /// The item that was found, or nil.
    public var item: Int? {
        if case .found(let item, _) = self { item } else { nil }
    }
}

/// The item that came nearest to a description without being found.
public struct NearItem: Sendable, Equatable {
    /// The item's number.
    public let item: Int
    /// How similar its name, or one of its aliases, is.
    public let similarity: Similarity
}
