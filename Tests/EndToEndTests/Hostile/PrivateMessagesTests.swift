import Foundation
import Testing

/// What is said of dumps goes into journals and mails: it holds nothing of people, and no amount.
@Suite struct PrivateMessagesTests {
    private static let user = "zz.private@example.com"
    private static let amount = "4711.17"

    /// A cell of each column in turn, in a few rows more than a run takes without failing, or in none.
    @Test(arguments: ["payments.csv", "momo-2025-08.csv", "bookings.csv", "users.csv"])
    func aCellOutOfPlaceIsToldByItsPlaceAlone(file: String) throws {
        let night = try Night.tours()
        let whole = try night.dump(file)
        var failed = 0
        for column in whole.header.indices {
            var table = whole
            for row in table.rows.indices.prefix(9) {
                table.rows[row][column] = "\(Self.user) \(Self.amount) \(row)"
            }
            try night.write(table, file)
            let name: Comment = "\(file), \(whole.header[column])"
            for options in [[], ["--log", "json"]] {
                let ending = try night.run(options)
                #expect([0, 1, 3].contains(ending.code), name)
                if ending.code == 1 { failed += 1 }
                expectSilence(ending.errors, name)
                if ending.code != 1 { try expectSilence(of: night.latest(), name) }
                try Files.remove(night.out)
            }
            let check = try Launch(
                program: Project.trueup,
                arguments: ["check", night.definition, "--in", night.dumps]
            ).run()
            expectSilence(check.errors, name)
            #expect(!check.output.contains(Self.user), name)
        }
        // Users have no column that can be wrong.
        #expect(failed >= (file == "users.csv" ? 0 : 4), "\(file): \(failed)")
    }

    @Test func aHeaderThatIsARowIsNotRepeated() throws {
        let night = try Night.tours()
        try night.edit("payments.csv") { text in
            String(text.drop { $0 != "\n" }.dropFirst())
        }
        let first = try #require(try night.dump("payments.csv").header.first)
        try night.edit("payments.csv") { text in
            text.replacingOccurrences(of: first + ",", with: "\(Self.user),")
        }
        for options in [[], ["--log", "json"]] {
            let ending = try night.run(options)
            #expect(ending.code == 1)
            expectSilence(ending.errors, "\(options)")
            #expect(!ending.errors.contains("@example.com"))
        }
    }

    /// What is not covered by checksums goes to monitoring.
    private func expectSilence(of run: PublishedRun, _ note: Comment) throws {
        for file in FolderSnapshot.machineDependent {
            expectSilence(try Files.text(run.folder + "/" + file), note)
        }
    }

    private func expectSilence(_ text: String, _ note: Comment) {
        #expect(!text.contains(Self.user) && !text.contains(Self.amount), "\(note): \(text)")
    }
}
