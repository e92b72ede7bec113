import Foundation
import Parallel
import Testing

@testable import Explanation

/// Finding rows in a table, and ids that were nearly typed right.
@Suite struct SearchTests {
    /// The third row spans two lines, and the fourth is guarded against spreadsheets.
    static let table = """
        settlement_id,reference,payment_id,payout
        L1,R1,P1,
        L2,"R, 2",P2,PO
        L3,"R
        3",P2,PO
        L4,'=R4,P4,
        """

    private func rows(_ conditions: [Condition]) throws -> [[String]] {
        let folder = FileManager.default.temporaryDirectory.path + "/search-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.table.write(
            toFile: folder + "/settlements.csv", atomically: false, encoding: .utf8)
        let table = try #require(try PublishedTable(.settlements, folder: folder))
        return try table.rows(where: conditions, Workers(count: 2)).map {
            ["\($0.number)"] + $0.values
        }
    }

    @Test func rowsAreFoundByTheirValues() throws {
        #expect(
            try rows([.value(of: "reference", in: Needles(["R, 2"]))])
                == [["1", "L2", "R, 2", "P2", "PO"]])
        #expect(
            try rows([.value(of: "reference", in: Needles(["=R4"]))])
                == [["3", "L4", "=R4", "P4", ""]])
        #expect(
            try rows([.value(of: "payment_id", in: Needles(["P2", "P4"]))]).map { $0[1] }
                == ["L2", "L3", "L4"])
        #expect(
            try rows([
                .value(of: "settlement_id", in: Needles(["L4"])),
                .value(of: "payout", in: Needles(["PO"])),
            ]).map { $0[1] } == ["L2", "L3", "L4"])
    }

    @Test func rowsAreFoundByTheirPlace() throws {
        #expect(
            try rows([.place([2, 0])]) == [
                ["0", "L1", "R1", "P1", ""], ["2", "L3", "R\n3", "P2", "PO"],
            ])
        #expect(try rows([.place([4])]).isEmpty)
    }

    @Test func nothingIsFoundWhereNothingIsAskedFor() throws {
        #expect(try rows([]).isEmpty)
        #expect(try rows([.value(of: "payout", in: Needles([""]))]).isEmpty)
        #expect(try rows([.value(of: "no_such_column", in: Needles(["P1"]))]).isEmpty)
        #expect(try rows([.value(of: "payment_id", in: Needles(["p1", "P", "P11"]))]).isEmpty)
    }

    @Test(arguments: [
        ("B2", true), ("B1 B2", true), ("B2 B3", true), ("B1 B2 B3", true), ("B1", false),
        ("B22", false), ("B1 B22 B3", false), ("", false), ("  ", false),
    ])
    func itemsOfListsAreWhole(list: String, isThere: Bool) {
        #expect(Array(list.utf8).withUnsafeBytes { Needles(["B2"]).hasItem(of: $0) } == isThere)
    }

    /// The filter before the set lets every one of many ids through.
    @Test func everyOneOfManyIDsIsFound() {
        let needles = Needles((0..<5000).map { "ID-\($0 * 7)" })
        for number in 0..<35_000 {
            let has = Array("ID-\(number)".utf8).withUnsafeBytes(needles.has)
            #expect(has == number.isMultiple(of: 7))
        }
    }

    @Test(arguments: [
        ("PAY-1", "PAY-1", true), ("PAY-1", "pay-1", true), ("PAY-12", "PAY-21", true),
        ("PAY-1", "PAY-12", true), ("PAY-12", "PAY-1", true), ("PAY-1", "PAX-1", true),
        ("AY-1", "PAY-1", true), ("PAY-1", "PA-Y1", true), ("PAY-1", "PAX-2", false),
        ("PAY-1", "PAY-123", false), ("PAY-12", "PAY-2", true), ("ABC", "CBA", false),
    ])
    func aSlipIsNear(id: String, typed: String, isNear: Bool) {
        #expect(Array(id.utf8).withUnsafeBytes { $0.isNearly(Array(typed.utf8)) } == isNear)
    }

    @Test(arguments: [
        ("P-1,10.00", true), ("x,P-1", true), ("P-1", true), ("\"P-1\"", true), ("P-12", false),
        ("XP-1", false), ("P-1-2 P-1", true), ("P-", false), ("", false),
    ])
    func wordsAreWhole(text: String, isThere: Bool) {
        #expect(Array(text.utf8).withUnsafeBytes { $0.hasWord(Array("P-1".utf8)) } == isThere)
    }

    @Test(arguments: [
        (0, "less than a second"), (999_999, "less than a second"), (1_000_000, "1 s"),
        (-61_000_000, "1 min 1 s"), (3_600_000_000, "1 h"), (90_061_000_000, "1 d 1 h"),
        (86_460_000_000, "1 d"), (Int64.min, "106751991 d 4 h"),
    ])
    func durationsHaveTheirTwoLargestUnits(microseconds: Int64, text: String) {
        #expect(Phrases.duration(microseconds: microseconds) == text)
    }
}
