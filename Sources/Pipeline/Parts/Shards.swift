import Ingestion

/// Into how many parts a run is divided.
public enum Shards: Sendable, Equatable {
    /// It is not divided.
    case one
    /// Into so many.
    case parts(Int)
    /// Into as many as it takes to stay within so many bytes of memory.
    case memory(Int64)

    /// The most parts there can be.
    public static let limit = 4096

    /// How many parts the dumps are divided into.
    func count(for files: InputFiles) -> Int {
        switch self {
        case .one: 1
        case .parts(let count): max(1, min(count, Shards.limit))
        case .memory: 1
        }
    }
}
