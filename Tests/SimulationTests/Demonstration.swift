import Definition
import Diagnostics
import Foundation
import Simulation
import Testing
import Time

/// A folder with dumps of a small business whose gateway is simulated.
struct Demonstration: ~Copyable {
    static let definition = """
        name: demo
        currency: GHS
        timezone: Africa/Accra
        inputs:
          payments: {files: payments*.csv}
          settlements:
            files: momo*.csv
            columns:
              id: transaction_id
              reference: [external_id, merchant_id]
              state: status
              gross: amount
              net: net_amount
              type: {constant: charge}
            values: {state: {completed: [SUCCESSFUL, OK], failed: [FAILED]}}
        fees: {percent: 1, fixed: "0.10"}
        """

    let folder: String

    init(_ payments: [String]) throws {
        folder = NSTemporaryDirectory() + "simulation-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let header = "id,reference,user,amount,currency,status,created_at\n"
        try write("payments.csv", header + payments.map { $0 + "\n" }.joined())
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Pending payments P-1 to P-count, one a minute, of 10.00 each.
    static func pending(_ count: Int) -> [String] {
        (1...count).map {
            "P-\($0),R-\($0),u@example.com,10.00,GHS,pending,2025-08-01T10:"
                + ($0 < 10 ? "0\($0)" : "\($0)") + ":00Z"
        }
    }

    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
    }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    }

    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    /// Looks at the dumps once.
    func settle(
        asOf: String = "2025-08-01T12:00:00Z", references: [String] = [], path: String? = nil,
        definition: String = Demonstration.definition,
        _ change: (inout GatewayBehaviour) -> Void = { _ in }
    ) throws -> Simulation.Outcome {
        var behaviour = GatewayBehaviour()
        change(&behaviour)
        let pipeline = folder + ".yaml"
        defer { try? FileManager.default.removeItem(atPath: pipeline) }
        try definition.write(toFile: pipeline, atomically: false, encoding: .utf8)
        let simulation = try Simulation(
            PipelineDefinition.load(path: pipeline, isKnownZone: Zone.isKnown),
            folder: folder, path: path, references: references, behaviour: behaviour)
        guard case .success(let moment) = TimeText.instant(asOf, in: .utc) else {
            preconditionFailure("\(asOf) is a moment")
        }
        return try simulation.settle(asOf: moment)
    }

    /// The rows of the simulated dump below its header.
    func rows(_ name: String = "momo-simulated.csv") throws -> [String] {
        try text(name).split(separator: "\n").dropFirst().map(String.init)
    }
}
