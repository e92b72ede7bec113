import Definition
import Diagnostics
import Foundation
import Reporting
import TestKit
import Testing
import Time

@testable import Pipeline
@testable import RunStore

/// A small night that has something of everything: sellers, refunds, a chargeback, two currencies,
/// repeated, superseded and rejected rows, missing bookings.
struct SellersNight {
    private let folder: DumpFolder

    static let definition = """
        name: night
        currency: GHS
        timezone: UTC
        max_rejects: 50
        inputs:
          payments: {files: payments.csv}
          settlements: {files: lines*.csv}
          bookings: {files: bookings.csv}
          orders: {files: orders.csv}
          catalogue: {files: catalogue.csv}
          users: {files: users.csv}
        backfill:
          kinds:
            tour: {emit: booking, keywords: [tour]}
            ticket: {emit: ticket, keywords: [concert]}
          default_kind: tour
          unidentified: emit
        settle: {commission: {percent: 7}, hold_days: 0, minimum: "5"}
        """

    static let dumps = [
        "payments.csv": """
        id,user,amount,currency,status,created_at,description,seller
        P1,ama@example.com,100.00,GHS,succeeded,2026-03-02T10:00:00Z,castle tour,kofi
        P2,ama@example.com,200.00,GHS,pending,2026-03-02T11:00:00Z,castle tour,kofi
        P3,efua@example.com,30.000,KWD,succeeded,2026-03-02T12:00:00Z,concert,adwoa
        P4,efua@example.com,50.00,GHS,succeeded,2026-03-02T13:00:00Z,rock concert,
        P5,yaw@example.com,70.00,GHS,failed,2026-03-02T14:00:00Z,castle tour,
        P5,yaw@example.com,75.00,GHS,failed,2026-03-01T14:00:00Z,castle tour,
        P6,yaw@example.com,80.00,GHS,succeeded,2026-03-05T14:00:00Z,castle tour,
        P6,yaw@example.com,80.00,GHS,succeeded,2026-03-05T14:00:00Z,castle tour,
        P7,yaw@example.com,eighty,GHS,succeeded,2026-03-05T14:00:00Z,castle tour,

        """,
        "lines1.csv": """
        id,reference,type,gross,fee,tax,currency,occurred_at
        S1,P1,charge,100.00,2.00,0.30,GHS,2026-03-02T10:01:00Z
        S2,P2,charge,200.00,4.00,0.60,GHS,2026-03-02T11:01:00Z
        S3,P3,charge,30.000,0.500,0.005,KWD,2026-03-02T12:01:00Z
        S4,P4,charge,50.00,1.00,0.15,GHS,2026-03-02T13:01:00Z
        S4,P4,charge,50.00,1.00,0.15,GHS,2026-03-02T13:01:00Z

        """,
        "lines2.csv": """
        id,reference,type,gross,fee,tax,currency,occurred_at
        R1,P1,refund,40.00,0.00,0.00,GHS,2026-03-03T10:01:00Z
        C1,P2,chargeback,50.00,15.00,0.00,GHS,2026-03-03T11:01:00Z
        S9,P9,charge,11.00,1.00,0.00,GHS,2026-03-03T12:01:00Z
        F1,,fee,3.00,0.00,0.00,GHS,2026-03-03T13:01:00Z
        O1,,payout,-250.00,0.00,0.00,GHS,2026-03-04T13:01:00Z

        """,
        "bookings.csv": """
        id,payment,user,amount,currency,status
        B1,P1,ama@example.com,100.00,GHS,confirmed
        B2,P8,kwame@example.com,20.00,GHS,confirmed

        """,
        "orders.csv": "id,user\nO-1,ama@example.com\n",
        "catalogue.csv": "id,name,kind\nI1,Castle tour,tour\nI1,Castle tour,tour\n",
        "users.csv": "id,email,name\nU1,ama@example.com,Ama\nU2,efua@example.com,Efua\n",
    ]

    init() throws {
        folder = try DumpFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/in", withIntermediateDirectories: true)
        for (name, text) in SellersNight.dumps { try folder.write("in/" + name, text) }
    }

    /// Runs the night with a fault in its result.
    @discardableResult
    func run(_ fault: (inout RunResult) -> Void = { _ in }) throws -> RunOutcome {
        let watch = SignalWatch.begin()
        defer { SignalWatch.end() }
        let request = RunRequest(
            definition: try PipelineDefinition.parse(
                text: SellersNight.definition, file: "night.yaml", isKnownZone: { $0 == "UTC" }),
            inputFolder: folder.path + "/in", outputFolder: folder.path + "/out",
            asOf: moment("2026-03-06T20:00:00Z"), watch: watch)
        return try Pipeline(request, progress: NoProgress()).run(faulting: fault)
    }

    /// A file of the latest run.
    func text(_ file: String) throws -> String { try folder.text("out/latest/" + file) }

    /// Whether anything was published.
    var isPublished: Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/out/latest"))
            != nil
    }

    /// Expects that a run with this fault publishes nothing, and says what does not add up.
    func expectRefusal(
        _ what: String, expected: String, found: String,
        sourceLocation: SourceLocation = #_sourceLocation, _ fault: (inout RunResult) -> Void
    ) throws {
        do {
            try run(fault)
            Issue.record("published", sourceLocation: sourceLocation)
        } catch TrueupError.run(let finding) {
            #expect(
                finding.summary == "the run does not add up: " + what,
                sourceLocation: sourceLocation)
            #expect(finding.expected == expected, sourceLocation: sourceLocation)
            #expect(finding.found == found, sourceLocation: sourceLocation)
        }
        #expect(!isPublished, sourceLocation: sourceLocation)
    }
}
