import Definition
import Ingestion
import Records
import TestKit
import Testing

/// Dumps of charging sessions: what is a record, which of several rows of an id counts, and what is
/// refused.
@Suite struct SessionTests {
    static let header = "id,booking,user,status,energy_kwh,started_at,ended_at\n"

    private func read(_ rows: [String]) throws -> Reading {
        try Reading(["sessions.csv": Self.header + rows.map { $0 + "\n" }.joined()]) { definition in
            definition.inputs[.sessions]?[0].values = ["status": ["completed": ["FINISHED"]]]
        }
    }

    /// What the table holds of each session, as `id status energy`.
    private func told(_ reading: Reading) -> [String] {
        let sessions = reading.tables.sessions
        return sessions.rows.indices.map { session in
            let row = sessions.rows[session]
            let energy = row.energy.map(String.init) ?? "-"
            return "\(sessions.id(session)) \(row.status?.word ?? "-") \(energy)"
        }
    }

    @Test func aRowIsReadWithItsTimesAndMillionthsOfAKilowattHour() throws {
        let reading = try read([
            "S-1,B-1,Ama@Example.com,Finished,12.345678,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z"
        ])
        let row = reading.tables.sessions.rows[0]
        #expect(row.status == .completed)
        #expect(row.energy == 12_345_678)
        #expect(row.started == moment("2026-03-02T10:00:00Z"))
        #expect(row.ended == moment("2026-03-02T12:00:00Z"))
        #expect(row.booking == reading.ingested.key.idPrint("B-1"))
        #expect(row.user == reading.ingested.key.userPrint("ama@example.com"))
    }

    @Test func onlyTheIdMustBeThere() throws {
        let reading = try read(["S-1,,,,,,", ",B-1,,active,,,"])
        #expect(told(reading) == ["S-1 - -"])
        #expect(reading.rejects == ["sessions.csv:3 id missing_value"])
        #expect(reading.isConserved)
    }

    @Test func aWordThatIsNoneOfOursIsNoRejectAndEndsNoSession() throws {
        let reading = try read([
            "S-1,,,Suspended by car,,,", "S-2,,,CANCELLED,,,", "S-3,,,failed,,,",
        ])
        #expect(told(reading) == ["S-1 - -", "S-2 cancelled -", "S-3 failed -"])
        #expect(reading.tables.sessions.rows.map(\.isOpen) == [true, false, false])
        #expect(reading.rejects == [])
    }

    @Test(arguments: [
        ("-1", "energy_out_of_range"), ("100000.000001", "energy_out_of_range"),
        ("99999999999999999999", "energy_out_of_range"), ("1.2345678", "malformed_energy"),
        ("12 kWh", "malformed_energy"), ("1,5", "malformed_energy"),
    ])
    func anEnergyThatCannotBeIsRefused(energy: String, reason: String) throws {
        let reading = try read(["S-1,,,active,\"\(energy)\",,", "S-2,,,active,100000,,"])
        #expect(reading.rejects == ["sessions.csv:2 energy_kwh \(reason)"])
        #expect(told(reading) == ["S-2 active 100000000000"])
    }

    @Test func timesThatAreNoneAreRefused() throws {
        let reading = try read(["S-1,,,active,,soon,", "S-2,,,active,,,2026-02-30T10:00:00Z"])
        #expect(
            reading.rejects == [
                "sessions.csv:2 started_at malformed_time", "sessions.csv:3 ended_at no_such_time",
            ])
    }

    // MARK: Several rows of one id

    /// The same in either order of the rows.
    private func inBothOrders(_ rows: [String], _ check: (Reading) throws -> Void) throws {
        try check(read(rows))
        try check(read(rows.reversed()))
    }

    @Test func theLaterEndCountsElseTheLaterBeginning() throws {
        let rows = [
            "S-1,B-1,,active,1.5,2026-03-02T10:00:00Z,",
            "S-1,B-1,,FINISHED,4.5,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z",
            "S-1,B-1,,FINISHED,4.25,2026-03-02T10:00:00Z,2026-03-02T11:00:00Z",
        ]
        try inBothOrders(rows) { reading in
            #expect(told(reading) == ["S-1 completed 4500000"])
            #expect(reading.tables.sessions.rows[0].isConflicting == false)
            #expect(reading.ingested.repeats.map(\.reason) == [.superseded, .superseded])
            #expect(reading.ingested.counts[0].energy == 10_250_000)
            #expect(reading.ingested.counts[0].repeatedEnergy == 5_750_000)
            #expect(reading.isConserved)
        }
    }

    /// Where no end tells them apart, the row that is over came after the one that is not.
    @Test(arguments: ["", "2026-03-02T10:00:00Z"])
    func whatChangesInTheOrdinaryCourseIsNoContradiction(started: String) throws {
        let rows = ["S-1,B-1,,FINISHED,4.5,\(started),", "S-1,B-1,,active,1.5,\(started),"]
        try inBothOrders(rows) { reading in
            #expect(told(reading) == ["S-1 completed 4500000"])
            #expect(reading.tables.sessions.rows[0].isConflicting == false)
            #expect(reading.ingested.repeats.map(\.contradicts) == [true])
        }
    }

    @Test(arguments: [
        // The same end, and another energy.
        "S-1,B-1,,FINISHED,4.6,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z",
        // The same end, and another booking.
        "S-1,B-2,,FINISHED,4.5,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z",
    ])
    func equallyLateRowsThatDifferContradictEachOther(other: String) throws {
        let row = "S-1,B-1,,FINISHED,4.5,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z"
        try inBothOrders([row, other]) { reading in
            #expect(reading.tables.sessions.rows.map(\.isConflicting) == [true])
            #expect(reading.tables.sessions.rows[0].measured == 0)
            #expect(reading.tables.sessions.rows[0].energy == 4_500_000)
        }
    }

    @Test func anotherBookingOfAnOpenSessionIsAContradiction() throws {
        try inBothOrders(["S-1,B-1,,active,,,", "S-1,B-2,,active,,,"]) { reading in
            #expect(reading.tables.sessions.rows.map(\.isConflicting) == [true])
        }
    }

    @Test func anotherHabitOfWritingIsARepetition() throws {
        let rows = [
            "S-1,B-1,ama@example.com,active,4.5,,", "S-1,'B-1,AMA@example.com,ACTIVE,4.500,,",
        ]
        let reading = try read(rows)
        #expect(reading.repeats == ["sessions.csv:3 S-1 duplicate_line sessions.csv:2"])
    }
}
