import Diagnostics
import Foundation
import Testing
import Time

@testable import RunStore

/// A folder of a test's own, gone with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("runstore-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and gives its path.
    func write(_ name: String, _ text: String) throws -> String {
        let path = "\(path)/\(name)"
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }
}

/// Two o'clock on a day of November 2026.
func night(_ day: Int) throws -> Instant {
    let date = try #require(CivilDate(year: 2026, month: 11, day: day))
    return Instant(seconds: Int64(date.days) * 86_400 + 7200)
}

/// Makes and publishes a run with two tables, a carried one and the uncovered files.
@discardableResult
func publishRun(
    in folder: OutputFolder, asOf: Instant, inputs: [ArchivedInput]? = nil,
    payments: String = "payment_id\nP1\n", threads: Int = 2, watch: SignalWatch? = nil
) throws -> PublishedRun {
    let archive = try inputs.map {
        let contents = ArchiveContents(
            pipeline: "tours", definition: Array("name: tours\n".utf8), inputs: $0)
        return try folder.beginArchive(contents, asOf: asOf, threads: threads)
    }
    let empty = SHA256Digest(joining: "")
    let staging = try folder.stage(
        folder.nextRun(asOf: asOf, inputs: SHA256Digest(joining: payments), definition: empty))
    let files = [
        ("payments.csv", payments), ("breaks.csv", "break_id\n"), ("carried/orders.csv", "id\n"),
        ("timings.json", "{}\n"), ("metrics.prom", "rows 1\n"),
    ]
    for (name, text) in files {
        var sink = try staging.createFile(name)
        try sink.write(text)
        try sink.close()
    }
    let before = try folder.history.latestArchive()?.digest.hex ?? "none"
    return try staging.publish(
        archive: archive, manifest: Array("{\"before\": \"\(before)\"}\n".utf8), watch: watch)
}

/// The finding of an error that a user would be shown.
func finding(of error: (any Error)?) -> Finding? { (error as? TrueupError)?.finding }

/// Runs a program and gives its exit code and what it printed on both streams.
func runProgram(_ path: String, _ arguments: [String], in folder: String) throws -> (Int32, String)
{
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

/// The permissions of everything below a folder, by relative path.
func modes(below path: String) throws -> [String: Int] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: path)
    return try Dictionary(
        uniqueKeysWithValues: names.compactMap { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
            guard attributes[.type] as? FileAttributeType != .typeSymbolicLink else { return nil }
            return (name, try #require(attributes[.posixPermissions] as? Int))
        })
}

/// An archive's entries with the beginning of their content.
func entries(of path: String) throws -> [(entry: ArchiveEntry, content: String)] {
    var reader = try ArchiveReader(path: path)
    var result: [(entry: ArchiveEntry, content: String)] = []
    while let entry = try reader.next() {
        let content = try reader.readContent(limit: 1 << 20)
        result.append((entry, String(decoding: content, as: UTF8.self)))
    }
    return result
}
