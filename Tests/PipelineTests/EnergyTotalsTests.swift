import Definition
import Diagnostics
import Emission
import Foundation
import Ingestion
import Records
import Reporting
import TestKit
import Testing
import Time

@testable import Pipeline
@testable import RunStore

/// Energy that gets lost on the way is not published: each check is shown a fault that only it must
/// see.
@Suite struct EnergyTotalsTests {
    private let folder: DumpFolder

    static let dumps = [
        "payments.csv": """
        id,user,amount,status,created_at,description,details
        P1,ama@example.com,60.00,succeeded,2026-03-02T10:00:00Z,slot,
        P2,ama@example.com,90.00,succeeded,2026-03-02T11:00:00Z,slot,\
        "{""starts"":""2026-03-03T10:00:00Z"",""ends"":""2026-03-03T12:00:00Z""}"

        """,
        "bookings.csv": """
        id,payment,user,amount,status,created_at,starts_at,ends_at
        B1,P1,ama@example.com,60.00,confirmed,2026-03-02T10:00:00Z,2026-03-02T12:00,2026-03-02T13:00

        """,
        "sessions.csv": """
        id,booking,user,status,energy_kwh
        S1,B1,ama@example.com,active,0.5
        S1,B1,ama@example.com,active,0.5
        S2,B1,ama@example.com,failed,0.25

        """,
    ]

    init() throws {
        folder = try DumpFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/in", withIntermediateDirectories: true)
        for (name, text) in Self.dumps { try folder.write("in/" + name, text) }
    }

    private func run(_ fault: (inout RunResult) -> Void = { _ in }) throws -> RunOutcome {
        let definition = """
            name: night
            currency: INR
            timezone: UTC
            dumps: incremental
            inputs:
              payments: {files: payments.csv}
              bookings: {files: bookings.csv}
              sessions: {files: sessions.csv}
            backfill:
              kinds: {slot: {emit: booking, keywords: [slot]}}
              details: {starts_at: starts, ends_at: ends}
              unidentified: emit
            impact: {}
            """
        let watch = SignalWatch.begin()
        defer { SignalWatch.end() }
        let request = RunRequest(
            definition: try PipelineDefinition.parse(
                text: definition, file: "night.yaml", isKnownZone: { $0 == "UTC" }),
            inputFolder: folder.path + "/in", outputFolder: folder.path + "/out",
            asOf: moment("2026-03-06T20:00:00Z"), watch: watch)
        return try Pipeline(request, progress: NoProgress()).run(faulting: fault)
    }

    private func expectRefusal(
        _ what: String, expected: String, found: String,
        sourceLocation: SourceLocation = #_sourceLocation, _ fault: (inout RunResult) -> Void
    ) throws {
        do {
            _ = try run(fault)
            Issue.record("published", sourceLocation: sourceLocation)
        } catch TrueupError.run(let finding) {
            #expect(
                finding.summary == "the run does not add up: " + what,
                sourceLocation: sourceLocation)
            #expect(finding.expected == expected, sourceLocation: sourceLocation)
            #expect(finding.found == found, sourceLocation: sourceLocation)
        }
    }

    @Test func aNightWithoutFaultsIsPublished() throws {
        let outcome = try run()
        #expect(outcome.published != nil)
        let sessions = try #require(outcome.report.inputs.first { $0.kind == .sessions })
        #expect(sessions.energy == 1_250_000 && sessions.recordEnergy == 750_000)
    }

    @Test func aSessionThatGotLostIsMissed() throws {
        try expectRefusal(
            "sessions.csv, records, repeated, rejected and left out rows", expected: "3", found: "2"
        ) { $0.ingested.tables.sessions.rows.removeLast() }
    }

    @Test func energyThatChangedSinceItWasReadIsSeen() throws {
        try expectRefusal(
            "sessions.csv, the energy of records and repeated rows", expected: "1.250000 kWh",
            found: "1.250001 kWh"
        ) { $0.ingested.tables.sessions.rows[0].energy = 500_001 }
        try expectRefusal(
            "sessions.csv, the energy of records and repeated rows", expected: "1.250000 kWh",
            found: "0.750000 kWh"
        ) { result in
            for index in result.ingested.counts.indices {
                result.ingested.counts[index].repeatedEnergy = 0
            }
        }
    }

    @Test func energyOfNobodyIsSeen() throws {
        try expectRefusal(
            "the users' energy, measured, before", expected: "0.750000 kWh", found: "0.000000 kWh"
        ) { $0.summaries[0].before.energy = EnergyTotal() }
        try expectRefusal(
            "the users' energy, estimated, after", expected: "2.000000 kWh", found: "2.000001 kWh"
        ) { $0.summaries[0].after.energy.estimated += 1 }
    }

    @Test func energyThatIsHandedOnThoughItsBookingStaysIsSeen() throws {
        try expectRefusal(
            "the users' energy, measured, handed on", expected: "0.000000 kWh",
            found: "0.000001 kWh"
        ) { result in
            var total = UserTotal(user: 0, currency: result.currency)
            total.energy.measured = 1
            result.carry?.totals[0].append(total)
        }
    }
}
