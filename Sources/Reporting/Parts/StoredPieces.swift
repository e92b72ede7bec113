import Diagnostics
import RunStore

/// The pieces of one file that one part wrote, where they are stored.
public struct StoredPieces: Sendable {
    /// What the file is called in a run, or, of the users, beside one.
    public let name: String
    /// Where the pieces belong.
    public let marks: StoredRange
    /// The pieces.
    public let pieces: StoredRange

    /// Names the pieces of a file.
    public init(name: String, marks: StoredRange, pieces: StoredRange) {
        self.name = name
        self.marks = marks
        self.pieces = pieces
    }
}

extension PartedFiles {
    /// What the users of a part's dashboards are called.
    static let usersName = "users"

    /// What is said of a part whose pieces are fewer than its marks.
    public static var cut: TrueupError { PartedFile.isCut }

    /// The pieces that the part wrote which was added last, in order of the names.
    public var stored: [StoredPieces] {
        names.sorted().compactMap { name in
            self[name]?.segments.last.map {
                StoredPieces(name: name, marks: $0.marks, pieces: $0.pieces)
            }
        }
    }

    /// Adds a part that was written by another process.
    ///
    /// - Parameters:
    ///   - pieces: Its pieces of every file.
    ///   - written: What it counted of them.
    /// - Throws: `TrueupError.run` where a file is missing, or is none that parts write.
    public mutating func add(_ pieces: [StoredPieces], _ written: [WrittenFile]) throws {
        for piece in pieces {
            var file = try self[piece.name] ?? made()
            file.segments.append(PartedFile.Segment(marks: piece.marks, pieces: piece.pieces))
            self[piece.name] = file
        }
        let counts = Set(names.compactMap { self[$0]?.segments.count })
        guard counts.count == 1 else { throw PartedFile.isCut }
        for file in written { add(file) }
    }
}
