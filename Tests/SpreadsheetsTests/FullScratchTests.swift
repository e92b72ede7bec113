import Foundation
import Spreadsheets
import Testing

/// The library does not notice that its own files cannot be written; the workbook does.
@Suite struct FullScratchTests {
    private static let folder =
        FileManager.default.temporaryDirectory.path
        + "/spreadsheets-" + UUID().uuidString
    private static var disk: String { folder + "/disk" }

    private static func run(_ program: String, _ arguments: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Whether a small file system could be mounted.
    private static let isMounted: Bool = {
        try? FileManager.default.createDirectory(
            atPath: disk, withIntermediateDirectories: true)
        return (try? run("mount", "-t", "tmpfs", "-o", "size=64k", "spreadsheets", disk)) == 0
    }()

    private func write(rows: Int, scratch: String, isStreamed: Bool) throws {
        let workbook = try Workbook(
            path: Self.folder + "/book.xlsx", scratch: scratch, isStreamed: isStreamed,
            title: "A book", created: 1_756_605_600)
        let sheet = try workbook.addSheet("rows")
        for row in 0..<rows {
            try sheet.write("row \(row)", row: row, column: 0)
            try sheet.write("\(row).50", as: .decimal, row: row, column: 1)
        }
        try workbook.close()
    }

    @Test(
        .enabled(if: isMounted, "mounting a file system needs the rights of root"))
    func aSheetThatWasCutOffIsAnError() throws {
        defer {
            _ = try? Self.run("umount", Self.disk)
            try? FileManager.default.removeItem(atPath: Self.folder)
        }
        for isStreamed in [false, true] {
            try write(rows: 100, scratch: Self.disk, isStreamed: isStreamed)
            try write(rows: 5000, scratch: Self.folder, isStreamed: isStreamed)
            #expect(throws: WorkbookError.self) {
                try write(rows: 5000, scratch: Self.disk, isStreamed: isStreamed)
            }
        }
    }
}
