import Foundation
import Testing

@testable import Audit

/// How two tables are told apart, row by row.
@Suite struct TableDifferenceTests {
    private func difference(_ archived: String, _ replayed: String) throws -> TableDifference {
        let folder = FileManager.default.temporaryDirectory.path + "/audit-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in [("a.csv", archived), ("b.csv", replayed)] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        return try TableDifference(archived: folder + "/a.csv", replayed: folder + "/b.csv")
    }

    private let table = "id,amount,note\nP1,1.00,a\nP2,2.00,b\nP3,3.00,c\n"

    @Test func equalTablesDifferInNothing() throws {
        #expect(try difference(table, table).lines == [])
        #expect(try difference("", "").rows == 0)
    }

    @Test func eachCellThatDiffersIsNamedByRowKeyAndColumn() throws {
        let other = table.replacing("P2,2.00,b", with: "P2,2.50,")
        #expect(
            try difference(table, other).lines == [
                "row 2 (P2), amount: archived 2.00, replayed 2.50",
                "row 2 (P2), note: archived b, replayed nothing",
            ])
    }

    @Test func aRowThatIsMissingDoesNotMakeTheOthersDiffer() throws {
        let other = table.replacing("P2,2.00,b\n", with: "")
        #expect(try difference(table, other).lines == ["row 2 (P2): only in the archive"])
        #expect(try difference(other, table).lines == ["row 2 (P2): only in the replay"])
    }

    @Test func rowsAtTheEndThatOnlyOneHasAreTold() throws {
        let longer = table + "P4,4.00,d\n"
        #expect(try difference(table, longer).lines == ["row 4 (P4): only in the replay"])
        #expect(try difference(longer, table).lines == ["row 4 (P4): only in the archive"])
    }

    @Test func aRowWithAnotherKeyIsARowThatDiffers() throws {
        let other = table.replacing("P2,2.00,b", with: "P9,2.00,b")
        #expect(
            try difference(table, other).lines == ["row 2 (P2), id: archived P2, replayed P9"])
    }

    @Test func headersAreComparedToo() throws {
        let other = table.replacing("note", with: "remark")
        #expect(
            try difference(table, other).lines == ["header, note: archived note, replayed remark"])
    }

    @Test func quotesAloneAreTold() throws {
        let other = table.replacing("P2,2.00,b", with: "P2,2.00,\"b\"")
        #expect(
            try difference(table, other).lines == ["row 2 (P2): the same cells in other bytes"])
    }

    @Test func aFewRowsAreToldAndTheRestCounted() throws {
        let rows = (0..<50).map { "P\($0),1" }
        let other = (0..<50).map { "P\($0),2" }
        let found = try difference(
            "id,n\n" + rows.joined(separator: "\n"), "id,n\n" + other.joined(separator: "\n"))
        #expect(found.rows == 50)
        #expect(found.lines.count == TableDifference.mostRows)
    }

    @Test func whatATerminalWouldObeyIsMadeVisible() throws {
        let other = table.replacing("P2,2.00,b", with: "P2,2.00,\u{1B}[2J")
        let line = try #require(try difference(table, other).lines.first)
        #expect(line.hasSuffix("replayed \\u{1b}[2J"))
    }
}
