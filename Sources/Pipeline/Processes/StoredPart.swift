import Diagnostics
import Ingestion
import Records
import Reporting
import RunStore

/// What a part says of itself.
struct PartHeader: FieldCoded {
    /// The plan's checksum.
    var plan: String
    /// Which part it is, from 0, of how many.
    var part: Int
    var count: Int
    /// Which of the emissions that were handed on it had.
    var emissions: [Int]
    /// For each file which of its rows it had.
    var tallies: [RowTally]
    /// The checksum of what is given back of payments that no dump has: it must be the same in all parts.
    var orphans: String

    init(
        plan: String, part: Int, count: Int, emissions: [Int], tallies: [RowTally], orphans: String
    ) {
        self.plan = plan
        self.part = part
        self.count = count
        self.emissions = emissions
        self.tallies = tallies
        self.orphans = orphans
    }

    static var blank: PartHeader {
        PartHeader(plan: "", part: 0, count: 0, emissions: [], tallies: [], orphans: "")
    }

    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&plan)
        try coder.code(&part)
        try coder.code(&count)
        try coder.code(&emissions)
        try coder.code(&tallies)
        try coder.code(&orphans)
    }

    /// The most parts of a run.
    private static let mostParts = 1 << 16

    /// Reads what a part says of itself; whether it is whole is checked when the part is read.
    ///
    /// - Throws: `TrueupError.run` where it is no part of the plan.
    init(path: String, _ plan: RunPlan) throws {
        let file = try ScratchFile(reading: path)
        self = try PartHeader.read(file, plan, path: path).header
    }

    /// The header of a part, and where it ends.
    fileprivate static func read(
        _ file: ScratchFile, _ plan: RunPlan, path: String
    ) throws -> (header: PartHeader, end: Int64) {
        let start = Int64(Seal.header(.part).count)
        let found = try ReadFile.bytes(of: StoredRange(file, 0..<start))
        guard found == Seal.header(.part) else { throw Seal.foreign(.part, found, path: path) }
        let length = try ReadFile.bytes(of: StoredRange(file, start..<(start + 8)))
        let size = try file.size()
        do throws(DamagedFields) {
            let length = try UInt64(fieldBytes: length)
            guard length <= UInt64(size) else { throw DamagedFields() }
            let end = start + 8 + Int64(length)
            guard end <= size,
                let bytes = try? ReadFile.bytes(of: StoredRange(file, (start + 8)..<end))
            else { throw DamagedFields() }
            let header = try PartHeader(fieldBytes: bytes)
            guard header.plan == plan.digest, header.tallies.count == plan.files.count,
                (1...mostParts).contains(header.count), (0..<header.count).contains(header.part),
                header.emissions.allSatisfy(plan.handedOn.indices.contains)
            else { throw DamagedFields() }
            return (header, end)
        } catch {
            throw Seal.damaged(.part, path: path)
        }
    }
}

/// A part as a file: what it says of itself behind the length of that, its pieces of the run's files one
/// behind the other, then everything else with where the pieces lie, the length of that, and the
/// checksum.
struct StoredPart {
    var header: PartHeader
    var found: FoundPart
    var pieces: [StoredPieces]
    var written: [WrittenFile]

    /// Where one file's pieces lie.
    private struct Place: FieldCoded {
        var name = ""
        var marks: Int64 = 0
        var pieces: Int64 = 0

        static var blank: Place { Place() }

        mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
            try coder.code(&name)
            try coder.code(&marks)
            try coder.code(&pieces)
        }
    }

    // MARK: Writing

    /// Writes a part to standard output.
    static func write(
        _ header: PartHeader, _ found: FoundPart, _ files: PartedFiles, key: FingerprintKey
    ) throws {
        var output = SealedOutput(try FileSink.standardOutput(), key)
        try output.write(Seal.header(.part))
        try output.write(UInt64(header.fieldBytes.count).fieldBytes)
        try output.write(header.fieldBytes)
        var places: [Place] = []
        for file in files.stored {
            places.append(
                Place(
                    name: file.name, marks: Int64(file.marks.bytes.count),
                    pieces: Int64(file.pieces.bytes.count)))
            try output.copy(file.marks)
            try output.copy(file.pieces)
        }
        var coder = FieldCoder()
        var found = found
        var written = files.written.values.sorted { $0.file < $1.file }
        try coder.code(&places)
        try coder.code(&written)
        try found.code(&coder)
        try output.write(coder.bytes)
        try output.write(UInt64(coder.bytes.count).fieldBytes)
        try output.close()
    }

    // MARK: Reading

    /// Reads a part.
    ///
    /// - Throws: `TrueupError.run` where it is damaged, or of another plan.
    init(path: String, _ plan: RunPlan, _ setting: RunSetting, _ common: IngestedDumps) throws {
        let file = try ScratchFile(reading: path)
        let body = try StoredPart.body(of: file, plan.key, path: path)
        let headerEnd: Int64
        (header, headerEnd) = try PartHeader.read(file, plan, path: path)
        let lengthBytes = try ReadFile.bytes(
            of: StoredRange(file, (body.upperBound - 8)..<body.upperBound))
        do throws(DamagedFields) {
            let length = try UInt64(fieldBytes: lengthBytes)
            guard length <= UInt64(body.count - 8) else { throw DamagedFields() }
            let start = body.upperBound - 8 - Int64(length)
            guard
                let bytes = try? ReadFile.bytes(
                    of: StoredRange(file, start..<(start + Int64(length))))
            else { throw DamagedFields() }
            var coder = FieldCoder(reading: bytes)
            var places: [Place] = []
            written = []
            found = FoundPart(setting, common)
            try coder.code(&places)
            try coder.code(&written)
            try found.code(&coder)
            guard coder.isAtEnd else { throw DamagedFields() }
            pieces = []
            var offset = headerEnd
            for place in places {
                let marks = offset..<(offset + place.marks)
                let bytes = marks.upperBound..<(marks.upperBound + place.pieces)
                offset = bytes.upperBound
                pieces.append(
                    StoredPieces(
                        name: place.name, marks: StoredRange(file, marks),
                        pieces: StoredRange(file, bytes)))
            }
            guard offset == start else { throw DamagedFields() }
        } catch {
            throw Seal.damaged(.part, path: path)
        }
    }

    /// Where everything within the seal lies.
    private static func body(
        of file: ScratchFile, _ key: FingerprintKey, path: String
    ) throws -> Range<Int64> {
        let start = Int64(Seal.header(.part).count)
        let size = try file.size()
        let end = size - Int64(Seal.width)
        guard end >= start + 8 else { throw Seal.damaged(.part, path: path) }
        var hasher = Seal.hasher(key)
        var offset: Int64 = 0
        while offset < end {
            let bytes = try ReadFile.bytes(
                of: StoredRange(file, offset..<min(end, offset + 1 << 20)))
            guard !bytes.isEmpty else { throw Seal.damaged(.part, path: path) }
            bytes.withUnsafeBytes { hasher.update($0) }
            offset += Int64(bytes.count)
        }
        let seal = try ReadFile.bytes(of: StoredRange(file, end..<size))
        guard hasher.finish().hex.utf8.elementsEqual(seal) else {
            throw Seal.damaged(.part, path: path)
        }
        return start..<end
    }
}

/// What writes bytes with their checksum behind them.
private struct SealedOutput: ~Copyable {
    private var sink: FileSink
    private var hasher: SHA256Hasher

    init(_ sink: consuming FileSink, _ key: FingerprintKey) {
        self.sink = sink
        hasher = Seal.hasher(key)
    }

    mutating func write(_ bytes: [UInt8]) throws {
        bytes.withUnsafeBytes { hasher.update($0) }
        try sink.write(bytes)
    }

    mutating func copy(_ range: StoredRange) throws {
        var offset = range.bytes.lowerBound
        while offset < range.bytes.upperBound {
            let bytes = try ReadFile.bytes(
                of: StoredRange(
                    range.file, offset..<min(range.bytes.upperBound, offset + 1 << 20)))
            guard !bytes.isEmpty else { throw PartedFiles.cut }
            try write(bytes)
            offset += Int64(bytes.count)
        }
    }

    consuming func close() throws {
        let seal = hasher.finish().hex
        try sink.write(seal)
        try sink.close()
    }
}
