import Definition
import Foundation
import Pipeline
import RunStore
import TestKit
import Testing
import Time

/// Whole runs over small random dumps: shuffled rows and split files give the same rows in every
/// output.
@Suite struct RowOrderLawTests {
    static let definition = """
        name: laws
        currency: GHS
        timezone: Africa/Accra
        max_rejects: 100
        inputs:
          payments: {files: payments*.csv}
          settlements: [{files: settlements*.csv}]
          bookings: {files: bookings*.csv}
          orders: {files: orders*.csv}
          catalogue: {files: catalogue*.csv}
          bank: {files: bank*.csv}
        match: {tolerance: "0.01", window: 1h}
        fees:
          percent: 2.9
          fixed: "0.30"
          tolerance: "0.01"
          rates: [{method: card, percent: 3, tax: 18}, {currency: USD, percent: 1}]
        backfill:
          kinds:
            ticket: {emit: ticket, keywords: [concert]}
            destination: {emit: booking, keywords: [castle, tour]}
          details: {item: item, quantity: count}
          default_kind: destination
          unidentified: emit
        settle: {commission: {percent: 7}, hold_days: 3, minimum: "60"}
        dashboard: {levels: {Bronze: "0", Silver: "100"}, points_per: "10"}
        """

    /// Files of rows by name, the header first.
    static func dumps(_ generator: inout SeededGenerator) -> [String: [String]] {
        func pick(_ words: [String]) -> String {
            words[Int.random(in: 0..<words.count, using: &generator)]
        }
        func amount() -> String { pick(["100.00", "100.00", "60.00", "40.00", "100.01", "x"]) }
        func time() -> String { "2026-03-02T1\(pick(["0:00", "0:05", "0:20", "1:00"])):00Z" }
        func user() -> String { pick(["ama@example.com", "AMA@example.com ", "kofi@example.com"]) }
        let names = ["Elmina Castle", "castle visit", "Jazz Night", "concert", "receipt", ""]
        let payments = (0..<12).map { _ in
            let cells: [String] = [
                "P" + pick(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]),
                pick(["", "", "R1", "R2"]), user(), amount(), "",
                pick(["succeeded", "succeeded", "pending", "failed"]), time(), pick(names),
                pick(["", "", "O1", "O2"]), pick(["", "", "B1"]), pick(["", "0", "40.00"]),
            ]
            return cells.joined(separator: ",")
        }
        let settlements = (0..<12).map { number in
            let cells: [String] = [
                "S\(number % 9)", pick(["P0", "P1", "P2", "P3", "R1", "R2", "none"]),
                pick(["charge", "charge", "charge", "refund", "chargeback", "fee"]),
                pick(["completed", "completed", "failed", "pending"]), amount(),
                pick(["", "3.20", "-3.20", "9"]), pick(["", "", "96.80"]), pick(["", "", "USD"]),
                time(), pick(["", "po_00001", "po_00002", "po_00003"]), pick(["", "card"]),
            ]
            return cells.joined(separator: ",")
        }
        let bank = (0..<6).map { number in
            let cells: [String] = [
                "K\(number % 5)", pick(["", "po_00001", "po_00002", "UTR"]),
                pick(["96.80", "193.60", "100.00", "-5.00", "x"]), pick(["", "", "USD"]),
                pick(["2026-03-02", "2026-03-03"]),
                pick(["", "ref po_00003", "po_00001 po_00002"]),
            ]
            return cells.joined(separator: ",")
        }
        let bookings = (0..<8).map { number in
            let cells: [String] = [
                "B\(number % 7)", pick(["", "", "P4", "P5", "R1"]), user(),
                pick(["", "C1", "Jazz Night"]), amount(),
                pick(["confirmed", "confirmed", "pending", "cancelled"]), pick(["", time()]),
                pick(["", "O1", "O2"]),
            ]
            return cells.joined(separator: ",")
        }
        var dumps: [String: [String]] = [:]
        dumps["payments"] =
            [
                "id,reference,user,amount,currency,status,created_at,description,order,booking,"
                    + "refunded"
            ] + payments
        dumps["settlements"] =
            ["id,reference,type,state,gross,fee,net,currency,occurred_at,payout,method"]
            + settlements
        dumps["bank"] = ["id,payout,amount,currency,date,description"] + bank
        dumps["bookings"] = ["id,payment,user,item,amount,status,created_at,order"] + bookings
        dumps["orders"] = [
            "id,user,item,kind,quantity,seller", "O1,ama@example.com,C1,,2,sika@example.com",
            "O2,kofi@example.com,Something,ticket,,",
        ]
        dumps["catalogue"] = [
            "id,name,kind,seller", "C1,Elmina Castle,destination,sika@example.com",
            "C2,Jazz Night,ticket,kojo@example.com",
            "C1,Elmina Castle,destination,sika@example.com",
        ]
        return dumps
    }

    /// The rows of every table that a run over these dumps leaves, in alphabetical order; where
    /// rows stand in the dumps is left out.
    static func rows(_ dumps: [String: [String]]) throws -> [String: [String]] {
        let folder = try DumpFolder()
        let output = try DumpFolder()
        for (name, lines) in dumps {
            try folder.write(name + ".csv", lines.joined(separator: "\n") + "\n")
        }
        let definition = try PipelineDefinition.parse(
            text: definition, file: "laws.yaml", isKnownZone: { Zone.named($0) != nil })
        var request = RunRequest(
            definition: definition, inputFolder: folder.path, outputFolder: output.path,
            asOf: moment("2026-03-05T02:00:00Z"), watch: SignalWatch.begin())
        request.archives = false
        _ = try Pipeline(request, progress: NoProgress()).run()
        let latest = output.path + "/latest"
        var rows: [String: [String]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: latest + "/")
        where name.hasSuffix(".csv") {
            var lines = try output.text("latest/" + name).split(separator: "\n").map(String.init)
            switch name {
            case "rejects.csv":
                // File and line come first.
                lines = lines.map { $0.split(separator: ",").dropFirst(2).joined(separator: ",") }
            case "repeats.csv":
                lines = lines.map { $0.split(separator: ",")[2..<5].joined(separator: ",") }
            default: break
            }
            rows[name] = lines.map(RowOrderLawTests.withListsInOrder).sorted()
        }
        return rows
    }

    /// Ids in a list stand in the order of the dumps.
    private static func withListsInOrder(_ line: String) -> String {
        line.split(separator: ",", omittingEmptySubsequences: false).map {
            $0.split(separator: " ").sorted().joined(separator: " ")
        }.joined(separator: ",")
    }

    @Test(arguments: Array(0..<40) + [133, 216])
    func shuffledRowsAndSplitFilesGiveTheSameRows(seed: Int) throws {
        var generator = SeededGenerator(UInt64(seed))
        let dumps = RowOrderLawTests.dumps(&generator)
        let expected = try RowOrderLawTests.rows(dumps)
        #expect(expected.count > 10)
        #expect((expected["payments.csv"]?.count ?? 0) > 1)
        var others: [String: [String]] = [:]
        for (name, lines) in dumps.sorted(by: { $0.key < $1.key }) {
            let rows = lines.dropFirst().shuffled(using: &generator)
            let cut = Int.random(in: 0...rows.count, using: &generator)
            others[name + "-a"] = [lines[0]] + rows[cut...]
            others[name + "-b"] = [lines[0]] + rows[..<cut]
        }
        let found = try RowOrderLawTests.rows(others)
        for (name, rows) in expected.sorted(by: { $0.key < $1.key }) {
            #expect(found[name] == rows, "\(name), seed \(seed)")
        }
    }
}
