import Foundation
import Testing

/// What `report.json` says, held against the tables beside it.
@Suite struct ReportTotalsTests {
    let run: PublishedRun
    let report: [String: Any]

    init() throws {
        run = try Night.tours().publish()
        report = try run.json("report.json")
    }

    private func object(_ path: String...) throws -> [String: Any] {
        var value: [String: Any] = report
        for key in path { value = try #require(value[key] as? [String: Any], "\(path)") }
        return value
    }

    /// The count and the value in cedis of an entry.
    private func figures(_ entry: Any?, _ key: String = "value") throws -> [Int] {
        let entry = try #require(entry as? [String: Any])
        let values = try #require(entry[key] as? [String: Any])
        return [try #require(entry["count"] as? Int), try minorUnits(text(of: values["GHS"]))]
    }

    private func sum(_ texts: [String]) throws -> Int {
        try texts.reduce(0) { try $0 + minorUnits($1) }
    }

    @Test func theVerdictIsThatOfTheWorstBreak() throws {
        let severities = Set(try run.table("breaks.csv")["severity"])
        #expect(severities.contains("critical"))
        #expect(text(of: report["verdict"]) == "critical")
        #expect(text(of: report["run"]) == run.name)
    }

    @Test func totalsAreThoseOfThePayments() throws {
        let payments = try run.table("payments.csv")
        #expect(
            try figures(object("totals")["payments"])
                == [payments.rows.count, sum(payments["amount"])])
        let outcomes = try object("totals", "payments", "by_outcome")
        #expect(Set(outcomes.keys) == Set(payments["outcome"]))
        for (outcome, entry) in outcomes {
            let rows = payments.rows(where: "outcome", is: outcome)
            let value = try sum(rows.map { payments.value($0, "amount") })
            #expect(try figures(entry) == [rows.count, value], "\(outcome)")
        }
        for (name, column) in [
            ("captured", "captured"), ("refunded", "refunded"), ("fees", "fee"), ("net", "net"),
        ] {
            let total = try minorUnits(text(of: object("totals", name)["GHS"]))
            #expect(try total == sum(payments[column]), "\(name)")
        }
    }

    @Test func breaksAreCountedByCode() throws {
        let breaks = try run.table("breaks.csv")
        let byCode = try object("breaks")
        #expect(Set(byCode.keys) == Set(breaks["code"]))
        for (code, entry) in byCode {
            let rows = breaks.rows(where: "code", is: code)
            let atRisk = try sum(rows.map { breaks.value($0, "at_risk") })
            #expect(try figures(entry, "at_risk") == [rows.count, atRisk], "\(code)")
        }
        let open = breaks.rows.filter { breaks.value($0, "severity") != "info" }.count
        let items = try object("open_items")
        #expect(
            ["opening", "new", "reopened", "cleared", "closing"].map { text(of: items[$0]) }
                == ["0", String(open), "0", "0", String(open)])
    }

    @Test func emissionsAreCounted() throws {
        let emissions = try object("emissions")
        let counts = try emissions.mapValues { try figures($0)[0] }
        let rows = try run.emitted()
        #expect(
            Dictionary(uniqueKeysWithValues: counts.map { ($0 + ".csv", $1) }) == rows)
        for name in ["new_bookings", "new_tickets"] {
            #expect(try figures(emissions[name])[1] == sum(run.table(name + ".csv")["amount"]))
        }
    }

    @Test func theRateIsThatOfThePaymentsThatNeededNobody() throws {
        let payments = try run.table("payments.csv")
        let due = payments["outcome"].filter { !["expected", "closed"].contains($0) }
        let matched = due.filter { $0 != "break" }
        let rate = try #require(try object("auto_match_rate")["count"] as? NSNumber)
        let expected = matched.count * 10_000 / due.count
        #expect((rate.doubleValue * 10_000).rounded() == Double(expected))
    }

    @Test func everyInputIsThereWithItsChecksumAndItsRows() throws {
        let inputs = try #require(report["inputs"] as? [[String: Any]])
        #expect(
            inputs.map { text(of: $0["file"]) } == [
                "payments.csv", "momo-2025-07.csv", "momo-2025-08.csv", "bookings.csv",
                "catalogue.csv", "users.csv",
            ])
        for input in inputs {
            let path = Project.samples + "/" + text(of: input["file"])
            let sum = try Launch(program: "sha256sum", arguments: [path]).run().output
            #expect(sum.hasPrefix(text(of: input["sha256"]) + " "))
            #expect(try text(of: input["bytes"]) == String(Files.bytes(path).count))
            let rows = try CSVTable(path: path).rows.count
            #expect(text(of: input["rows"]) == String(rows))
            let counted = ["records", "repeated", "rejected"].reduce(0) {
                $0 + (input[$1] as? Int ?? -1)
            }
            #expect(counted == rows, "\(path)")
        }
    }
}
