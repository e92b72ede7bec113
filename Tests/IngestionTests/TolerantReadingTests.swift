import Definition
import Diagnostics
import Glibc
import Money
import Parallel
import Records
import TestKit
import Testing
import Time

@testable import Ingestion

/// Reading on where a run would end, and ending a run where it always ended.
@Suite struct TolerantReadingTests {
    private let folder: DumpFolder
    private let definition: PipelineDefinition

    init() throws {
        folder = try DumpFolder()
        let dollar = try #require(Currency("USD"))
        definition = PipelineDefinition(
            name: "tests", currency: dollar, timezone: "UTC",
            inputs: [
                .payments: [InputDefinition(files: ["payments*.csv"])],
                .settlements: [InputDefinition(files: ["settlements*.csv"])],
                .bookings: [InputDefinition(files: ["bookings*.csv"])],
            ])
        try folder.write(
            "payments.csv", Header.payments + "P1,R1,ama,1.00,USD,pending,2026-03-02,\n")
        try folder.write(
            "settlements.csv",
            Header.settlements + "S1,R1,charge,completed,1.00,,,,USD,2026-03-02\n")
        try folder.write(
            "bookings.csv", Header.bookings + "B1,R1,ama,,1.00,USD,confirmed,2026-03-02\n")
    }

    private func read() throws -> TolerantReading {
        try TolerantReading(
            folder: folder.path, definition: definition, zone: .utc, workers: Workers(count: 1),
            begin: { _ in }, observe: { _ in }, checkStopped: {})
    }

    /// What ends a run over the same dumps.
    private func failureOfARun() throws -> [Finding] {
        let error = try #require(throws: TrueupError.self) {
            let files = try InputFiles(folder: folder.path, definition: definition)
            _ = try Ingester(
                definition: definition, files: files, zone: .utc, key: FingerprintKey(),
                workers: Workers(count: 1)
            ).ingest(observe: { _ in nil }, checkStopped: {})
        }
        return error.findings
    }

    @Test func nothingIsInTheWayOfGoodDumps() throws {
        let reading = try read()
        #expect(reading.obstacles.isEmpty && reading.unread.isEmpty)
        #expect(reading.ingested.counts.map(\.records) == [1, 1, 1])
    }

    @Test func tooManyRejectsOfTwoKindsAreBothTold() throws {
        try folder.write("payments.csv", Header.payments + "P1,R1,ama,x,USD,pending,2026-03-02,\n")
        try folder.write(
            "bookings.csv", Header.bookings + "B1,R1,ama,,x,USD,confirmed,2026-03-02\n")
        let reading = try read()
        #expect(reading.obstacles.map(\.kind) == [.payments, .bookings])
        #expect(reading.ingested.rejects.count == 2)
        #expect(reading.ingested.tables.settlements.count == 1)
        #expect(try failureOfARun() == [reading.obstacles[0].finding])
    }

    @Test func headersThatDoNotServeLeaveTheOtherFilesOfTheKind() throws {
        try folder.write("payments-2.csv", "one,two\n1,2\n")
        try folder.write("settlements.csv", "")
        let reading = try read()
        #expect(reading.unread.map(\.name) == ["payments-2.csv", "settlements.csv"])
        #expect(reading.unread.allSatisfy { !$0.isMissing })
        #expect(reading.ingested.tables.payments.count == 1)
        #expect(reading.ingested.tables.bookings.count == 1)
        #expect(try failureOfARun() == reading.obstacles.map(\.finding))
    }

    @Test func filesThatAreNotThereAndCannotBeOpenedAreTold() throws {
        try folder.write("payments.csv", Header.payments + "P1,R1,ama,x,USD,pending,2026-03-02,\n")
        var definition = definition
        definition.inputs[.users] = [InputDefinition(files: ["users.csv", "people.csv"])]
        definition.inputs[.bank] = [InputDefinition(files: ["."])]
        let reading = try TolerantReading(
            folder: folder.path, definition: definition, zone: .utc, workers: Workers(count: 1),
            begin: { _ in }, observe: { _ in }, checkStopped: {})
        #expect(reading.obstacles.map(\.kind) == [.payments, .users, .bank])
        #expect(reading.unread.map(\.name) == ["users.csv or people.csv", "."])
        #expect(reading.unread.map(\.isMissing) == [true, false])
    }

    /// A file that ends before its size, as one does that is cut while it is read.
    @Test func aFileThatCannotBeReadToItsEndIsLeftOut() throws {
        let name = "payments-2.csv"
        try folder.write(name, Header.payments + "P2,R2,ama,1.00,USD,pending,2026-03-02,\n")
        var attempts = 0
        let reading = try TolerantReading(
            folder: folder.path, definition: definition, zone: .utc, workers: Workers(count: 1),
            begin: { _ in
                attempts += 1
                if attempts == 1 { truncate(folder.path + "/" + name, 80) }
            }, observe: { _ in }, checkStopped: {})
        #expect(attempts == 2)
        #expect(reading.unread.map(\.name) == [name])
        #expect(reading.obstacles.map(\.kind) == [.payments])
        #expect(reading.ingested.counts.map(\.records) == [1, 1, 1])
    }

    @Test func amountsBeyondAllCountingAreToldOnce() throws {
        let most = "10000000000000.00"
        let rows = (0..<3000).map { "P\($0),,ama,\(most),USD,pending,2026-03-02,\n" }
        try folder.write("payments.csv", Header.payments + rows.joined())
        let reading = try read()
        #expect(reading.obstacles.map(\.kind) == [.payments])
        #expect(reading.ingested.tables.payments.count == 3000)
        #expect(try failureOfARun() == [reading.obstacles[0].finding])
    }

    @Test func whatAsksToStopIsHeard() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            _ = try TolerantReading(
                folder: folder.path, definition: definition, zone: .utc,
                workers: Workers(count: 1), begin: { _ in }, observe: { _ in },
                checkStopped: { throw Stop() })
        }
    }
}
