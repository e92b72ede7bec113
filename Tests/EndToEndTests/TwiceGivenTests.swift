import Testing

/// A dump that stands in the folder once more, under another name.
@Suite struct TwiceGivenTests {
    @Test(arguments: [
        ("payments.csv", "payments-again.csv", "payments.csv", "payment_id"),
        ("momo-2025-08.csv", "momo-again.csv", "settlements.csv", "settlement_id"),
    ])
    func nothingOfItCountsTwice(file: String, copy: String, table: String, id: String) throws {
        let once = try Night.tours()
        let twice = try Night.tours()
        try Files.copy(twice.dumps + "/" + file, to: twice.dumps + "/" + copy)
        let (plain, doubled) = (try once.publish(), try twice.publish())
        for emission in PublishedRun.emissions {
            #expect(try doubled.table(emission).rows == plain.table(emission).rows, "\(emission)")
        }
        func breaks(_ run: PublishedRun) throws -> [[String]] {
            try run.table("breaks.csv").columns("break_id", "code", "at_risk")
                .filter { $0[1] != "duplicate_line" }.sorted { $0[0] < $1[0] }
        }
        #expect(try breaks(doubled) == breaks(plain))
        #expect(try doubled.table(table)[id].sorted() == plain.table(table)[id].sorted())
        // Each row of the copy, and each that it repeats, is told of in exactly one place.
        let rows = try once.dump(file).rows.count
        let repeats = try doubled.table("repeats.csv").rows.count
        #expect(try repeats - plain.table("repeats.csv").rows.count == rows)
        #expect(Set(try doubled.table("repeats.csv")["reason"]) == ["duplicate_line"])
    }
}
