import DelimitedText
import Diagnostics

/// Into how many parts a run is divided.
public enum DivisionSize: Sendable, Equatable {
    /// It is not divided.
    case whole
    /// Into so many.
    case parts(Int)
    /// Into as many as it takes to stay within a budget.
    case memory(MemoryBudget)

    /// The most parts there can be.
    public static let limit = 4096

    /// Whether the dumps are divided at all: not where all of them surely have room.
    public func divides(_ files: InputFiles, isArchived: Bool) -> Bool {
        switch self {
        case .whole: false
        case .parts(let count): count > 1
        case .memory(let budget): !budget.surelyHolds(files, isArchived: isArchived)
        }
    }
}

/// How much memory a run may take, and what it takes by what is known of it.
///
/// The figures were measured over generated dumps (`Tests/Benchmarks/memory.sh`), and
/// rounded up.
public struct MemoryBudget: Sendable, Hashable {
    /// The most bytes of address space.
    public let bytes: Int64

    /// What the program and its libraries take, whatever the dumps hold.
    private static let ofProgram: Int64 = 75 << 20
    /// The most that threads and buffers take; small dumps do not fill them.
    private static let ofBuffers: Int64 = 75 << 20
    /// The most that the writing of an archive takes besides; likewise.
    private static let ofArchive: Int64 = 250 << 20
    /// The most that buffers take for a byte of the dumps.
    private static let buffersOfByte: Int64 = 8
    /// What each row of the part at hand takes.
    private static let ofRow: Int64 = 250
    /// What each row takes that is not at hand: its part's number, and its share of what is kept of all
    /// parts to be joined.
    private static let ofOther: Int64 = 110
    /// The most that a run takes for a byte of the dumps: rows that are very short.
    private static let ofByte: Int64 = 5

    /// A budget of so many bytes.
    public init(bytes: Int64) { self.bytes = bytes }

    /// What is left for rows.
    private func room(_ files: InputFiles, isArchived: Bool) -> Int64 {
        // Dumps that were unpacked or decoded are held as texts.
        let held = files.all.reduce(0) { $0 + ($1.source.isDecoded ? Int64($1.source.size) : 0) }
        let filled = MemoryBudget.buffersOfByte * Int64(files.textSize)
        let buffers = min(MemoryBudget.ofBuffers, filled)
        let archive = isArchived ? min(MemoryBudget.ofArchive, filled) : 0
        return bytes - MemoryBudget.ofProgram - buffers - archive - held
    }

    func surelyHolds(_ files: InputFiles, isArchived: Bool) -> Bool {
        Int64(files.textSize) * MemoryBudget.ofByte <= room(files, isArchived: isArchived)
    }

    /// How many parts so many rows need.
    ///
    /// - Throws: `TrueupError.run` where no number of parts is enough.
    func parts(rows: Int, _ files: InputFiles, isArchived: Bool) throws -> Int {
        let room = room(files, isArchived: isArchived)
        let others = Int64(rows) * MemoryBudget.ofOther
        let needed = Int64(rows) * MemoryBudget.ofRow
        guard room > others, needed / (room - others) < DivisionSize.limit else {
            throw tooSmall(by: others + needed / Int64(DivisionSize.limit) - room)
        }
        return max(1, Int((needed + room - others - 1) / (room - others)))
    }

    /// Refuses what would take more to be divided.
    func require(_ taken: Int, _ files: InputFiles, isArchived: Bool) throws {
        let room = room(files, isArchived: isArchived)
        if Int64(taken) > room { throw tooSmall(by: Int64(taken) - room) }
    }

    private func tooSmall(by missing: Int64) -> TrueupError {
        func text(_ bytes: Int64) -> String { "\((bytes + (1 << 20) - 1) >> 20)M" }
        return .run(
            Finding(
                "the run cannot stay within the memory that it was given",
                expected: "--memory \(text(bytes + missing)) or more", found: text(bytes),
                remedy: "give more memory, or leave --memory out"))
    }
}
