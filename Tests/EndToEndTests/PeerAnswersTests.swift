import Foundation
import Testing

/// The benchmark's comparison of a run with the answers of other reconciliations.
@Suite(.enabled(if: isInstalled("python3", "--version"), "the comparison needs python3"))
struct PeerAnswersTests {
    static let benchmarks = Project.root + "/Tests/Benchmarks"
    static let tables = [
        "payments.csv", "missing_bookings.csv", "orphan_bookings.csv", "unknown_settlements.csv",
        "users.csv",
    ]
    /// The Python that has the peers, where they were installed.
    static let peers: String? = {
        let ending = try? Launch(program: benchmarks + "/peers/install", arguments: ["--check"])
            .run()
        guard let ending, ending.code == 0 else { return nil }
        return ending.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }()

    /// A run over generated dumps, with its own answer in the folder `answer`.
    private struct Answered {
        let night: Night
        let run: PublishedRun
        var answer: String { night.workspace.at("answer") }

        init() throws {
            night = try Night.generated(payments: 4000, seed: 43)
            run = try night.publish()
            let ending = try compare("--write", answer)
            try #require(ending.code == 0, "\(ending.errors)")
        }

        func compare(_ options: String...) throws -> Ending {
            try Launch(
                program: "python3",
                arguments: [PeerAnswersTests.benchmarks + "/compare.py", run.folder] + options
            ).run()
        }

        /// Changes the lines of a table, the header first, and compares.
        func compare(
            changing table: String, _ change: (inout [String]) throws -> Void
        ) throws -> Ending {
            let path = answer + "/" + table
            let before = try Files.text(path)
            defer { try? Files.write(before, to: path) }
            var lines = before.split(separator: "\n").map(String.init)
            try change(&lines)
            try Files.write(lines.map { $0 + "\n" }.joined(), to: path)
            return try compare("--answer", "peer=" + answer)
        }
    }

    private func key(_ line: String) -> String { String(line.prefix { $0 != "," }) }

    @Test func theSameRowsInAnotherOrderAreEqual() throws {
        let answered = try Answered()
        for table in Self.tables {
            let ending = try answered.compare(changing: table) { lines in
                try #require(lines.count > 2, "\(table)")
                lines[1...].reverse()
            }
            #expect(ending.code == 0, "\(table): \(ending.output)\(ending.errors)")
            #expect(ending.output.split(separator: "\n").count == Self.tables.count)
        }
    }

    @Test func aChangeOfAnyFieldOfARowIsADifference() throws {
        let answered = try Answered()
        for table in Self.tables {
            let columns = try CSVTable(path: answered.answer + "/" + table).header.count
            for column in 0..<columns {
                var changed = ""
                let ending = try answered.compare(changing: table) { lines in
                    var fields = lines[2].split(separator: ",", omittingEmptySubsequences: false)
                        .map(String.init)
                    try #require(fields.count == columns)
                    // An amount that differs in how it is written alone differs too.
                    fields[column] += fields[column].hasSuffix(".00") ? "0" : "1"
                    lines[2] = fields.joined(separator: ",")
                    changed = key(lines[2])
                }
                #expect(ending.code == 1, "\(table), column \(column)")
                #expect(ending.output.contains("DIFFERENT at "), "\(table), column \(column)")
                #expect(ending.output.contains("    \(changed): "), "\(table), column \(column)")
            }
        }
    }

    @Test func aRowThatIsLostOrThereTwiceIsADifference() throws {
        let answered = try Answered()
        for table in Self.tables {
            var row = ""
            let lost = try answered.compare(changing: table) { row = key($0.remove(at: 2)) }
            #expect(lost.code == 1, "\(table)")
            #expect(lost.output.contains("DIFFERENT at 1 of "), "\(table): \(lost.output)")
            #expect(lost.output.contains("    \(row): trueup has "), "\(table): \(lost.output)")
            #expect(lost.output.contains("peer has nothing\n"), "\(table): \(lost.output)")
            let twice = try answered.compare(changing: table) { $0.append($0[2]) }
            #expect(twice.code == 1, "\(table)")
            #expect(twice.output.contains("DIFFERENT at 1 of "), "\(table): \(twice.output)")
        }
    }

    @Test func anAnswerThatIsIncompleteIsAnError() throws {
        let answered = try Answered()
        let column = try answered.compare(changing: "users.csv") { lines in
            lines[0] = lines[0].replacing("spent_before", with: "spent_after")
        }
        #expect(column.code == 1)
        #expect(column.errors.contains("has no column spent_before"))
        try Files.remove(answered.answer + "/users.csv")
        let file = try answered.compare("--answer", "peer=" + answered.answer)
        #expect(file.code == 1)
        #expect(file.errors.contains("users.csv"))
    }

    /// The benchmark as a whole, small: every mode of every peer gives the answer of the run.
    @Test(.enabled(if: peers != nil, "Tests/Benchmarks/peers/install installs the peers"))
    func thePeersGiveTheSameAnswer() throws {
        let night = try Night.generated(payments: 20_000, seed: 44)
        let ending = try Launch(
            program: "python3",
            arguments: [
                Self.benchmarks + "/measure.py", "--trueup", Project.trueup,
                "--pipeline", night.definition, "--dumps", night.dumps, "--out", night.out,
                "--rounds", "1", "--python", try #require(Self.peers),
                "--peers", "duckdb:views,duckdb:tables,polars:streaming,polars:in-memory",
            ]
        ).run()
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(ending.errors.matches(of: /rows, equal\n/).count == 4 * Self.tables.count)
        #expect(ending.output.matches(of: /\n\| .*(trueup|DuckDB|polars)/).count == 6)
    }
}
