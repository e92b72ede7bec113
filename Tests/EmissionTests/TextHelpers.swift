import Records

@testable import Emission

extension CatalogueIndexBuilder {
    /// Adds an item whose texts are strings.
    mutating func add(item: Int, name: String, aliases: String = "") {
        var name = name
        var aliases = aliases
        name.withUTF8 { nameBytes in
            aliases.withUTF8 { aliasBytes in
                add(
                    item: item, name: UnsafeRawBufferPointer(nameBytes),
                    aliases: UnsafeRawBufferPointer(aliasBytes))
            }
        }
    }
}

extension CatalogueIndex {
    /// Names numbered from 0; aliases follow a name after `|`.
    init(names: [String], similarity: Int64 = 850_000, nearMiss: Int64 = 600_000) {
        var builder = CatalogueIndexBuilder(key: FingerprintKey())
        for (item, name) in names.enumerated() {
            let cells = name.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
            builder.add(
                item: item, name: String(cells.first ?? ""),
                aliases: cells.count > 1 ? String(cells[1]) : "")
        }
        self = builder.finish(similarityMillionths: similarity, nearMissMillionths: nearMiss)
    }
}

extension CatalogueSearch {
    /// A search among names, numbered from 0; aliases follow a name after `|`.
    init(_ names: [String], similarity: Int64 = 850_000, nearMiss: Int64 = 600_000) {
        self.init(CatalogueIndex(names: names, similarity: similarity, nearMiss: nearMiss))
    }

    mutating func find(_ description: String) -> CatalogueMatch {
        var description = description
        return description.withUTF8 { find(UnsafeRawBufferPointer($0)) }
    }

    mutating func findName(_ name: String) -> CatalogueMatch {
        var name = name
        return name.withUTF8 { findName(UnsafeRawBufferPointer($0)) }
    }
}

/// The normalized form of bytes, as a string.
func normalized(_ bytes: [UInt8]) -> String {
    var text = NormalizedText()
    bytes.withUnsafeBytes { text.set($0) }
    return String(decoding: text.bytes, as: UTF8.self)
}

/// Numbers that look random and are the same for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
