import DelimitedText
import Diagnostics
import Glibc
import Reporting

/// Reads single records of one of a run's traces.
public struct TraceReader<Record: TraceRecord>: Sendable {
    /// How many records there are.
    public let count: Int
    /// The names of the input files, as records number them.
    public let inputs: [String]
    private let source: TextSource
    private let first: Int

    /// Opens a trace; nil where the run has none, as runs of earlier versions.
    ///
    /// - Throws: `TrueupError.run` where the file cannot be read, is not as a run wrote it, or is of
    ///   another version.
    public init?(_ file: TraceFile, folder: String) throws {
        let path = "\(folder)/\(file.name)"
        do {
            source = try TextSource(path: path)
        } catch TextSourceError.system(.open, _, ENOENT) {
            return nil
        } catch {
            throw TraceReader.damaged(path, error.description)
        }
        var header = TraceHeader(source: source)
        guard try header.bytes(8) == Array("trueupTR".utf8) else {
            throw TraceReader.damaged(path, "a file of another kind")
        }
        let version = try header.number(UInt16.self)
        guard version == TraceFile.version else {
            throw TrueupError.run(
                Finding(
                    "the trace is of another version of trueup", at: SourcePosition(file: path),
                    expected: "version \(TraceFile.version)", found: "version \(version)",
                    remedy: "explain the run with the version that made it; run.json names it"))
        }
        guard try header.number(UInt8.self) == file.rawValue,
            try header.number(UInt8.self) == UInt8(Record.width)
        else { throw TraceReader.damaged(path, "records of another kind") }
        let names = try header.number(UInt32.self)
        let records = try header.number(UInt64.self)
        guard names <= UInt16.max, records <= UInt64(source.size) else {
            throw TraceReader.damaged(path, "a header that cannot be")
        }
        inputs = try (0..<names).map { _ in
            String(decoding: try header.bytes(Int(try header.number(UInt32.self))), as: UTF8.self)
        }
        count = Int(records)
        first = (header.offset + 15) & ~15
        guard source.size == first + count * Record.width else {
            throw TraceReader.damaged(
                path, "\(source.size) bytes, where \(first + count * Record.width) were written")
        }
    }

    /// The record of a row, from 0.
    ///
    /// - Throws: `TrueupError.run` where there is none, or where it is damaged.
    public func record(_ row: Int) throws -> Record {
        guard row >= 0, row < count else {
            throw TraceReader.damaged(source.path, "\(count) records, and none of row \(row + 1)")
        }
        var header = TraceHeader(source: source)
        header.offset = first + row * Record.width
        let bytes = try header.bytes(Record.width)
        guard let record = bytes.withUnsafeBytes({ Record($0) }) else {
            throw TraceReader.damaged(source.path, "a code that no run writes, in row \(row + 1)")
        }
        return record
    }

    static func damaged(_ path: String, _ found: String) -> TrueupError {
        .run(
            Finding(
                "the trace of the run is damaged", at: SourcePosition(file: path), found: found,
                remedy: "check the run with sha256sum -c SHA256SUMS, and restore its folder from "
                    + "its archive"))
    }
}

/// Reads a file's bytes from front to back.
private struct TraceHeader {
    let source: TextSource
    var offset = 0

    init(source: TextSource) { self.source = source }

    mutating func bytes(_ count: Int) throws -> [UInt8] {
        guard count <= source.size - offset else {
            throw TraceReader<LineTrace>.damaged(source.path, "an end within the header")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        do {
            let read = try bytes.withUnsafeMutableBytes { bytes throws(TextSourceError) in
                try source.read(into: bytes, at: offset)
            }
            guard read == count else { throw TextSourceError.changed(path: source.path) }
        } catch let error as TextSourceError {
            throw TraceReader<LineTrace>.damaged(source.path, error.description)
        }
        offset += count
        return bytes
    }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        let bytes = try bytes(MemoryLayout<Number>.size)
        return bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(as: Number.self)) }
    }
}

extension TraceReader<TrialTrace> {
    /// What a payment or booking was compared with, by its row; nil where there was nothing.
    public func trial(ofBooking: Bool, row: Int) throws -> TrialTrace? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let trial = try record(middle)
            let precedes =
                trial.isOfBooking == ofBooking ? trial.row < row : ofBooking && !trial.isOfBooking
            if precedes { low = middle + 1 } else { high = middle }
        }
        guard low < count else { return nil }
        let trial = try record(low)
        return trial.isOfBooking == ofBooking && trial.row == row ? trial : nil
    }
}
