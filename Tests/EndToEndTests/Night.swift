import Foundation
import Testing

/// Dumps, a definition and an output folder of a test's own, for running the program over them.
struct Night {
    let workspace: Workspace
    /// The folder of the dumps.
    let dumps: String
    /// The pipeline definition.
    let definition: String
    /// The output folder, which does not exist before the first run.
    let out: String

    /// The logical time of the sample dumps, and of the generated ones.
    static let asOf = "2025-08-31T02:00:00Z"

    /// A night whose dumps and definition somebody else writes.
    init(_ workspace: Workspace) {
        self.workspace = workspace
        dumps = workspace.at("dumps")
        definition = workspace.at("tours.yaml")
        out = workspace.at("out")
    }

    /// The sample dumps of the tours, copied.
    static func tours() throws -> Night {
        let night = Night(try Workspace())
        try Files.copy(Project.samples, to: night.dumps)
        try Files.copy(Project.definition, to: night.definition)
        return night
    }

    /// The sample dumps of a system with a definition of the same name, copied.
    static func sample(_ system: String) throws -> Night {
        let night = Night(try Workspace())
        try Files.copy("\(Project.root)/samples/\(system)", to: night.dumps)
        try Files.copy("\(Project.root)/pipelines/\(system).yaml", to: night.definition)
        return night
    }

    /// Dumps of a test's own, by name.
    static func of(_ definition: String, _ dumps: [String: String]) throws -> Night {
        let night = Night(try Workspace())
        try Files.makeFolder(night.dumps)
        try Files.write(definition, to: night.definition)
        for (name, text) in dumps { try Files.write(text, to: night.dumps + "/" + name) }
        return night
    }

    /// The five payments that wait for a gateway that there is not, copied.
    static func stuck() throws -> Night {
        let night = Night(try Workspace())
        try Files.copy(Project.root + "/samples/stuck", to: night.dumps)
        try Files.copy(Project.definition, to: night.definition)
        try Files.remove(night.dumps + "/momo-simulated.csv")
        return night
    }

    /// Generated dumps; what a reconciliation must find stands beside them in `truth.csv`.
    static func generated(payments: Int, seed: Int) throws -> Night {
        let night = Night(try Workspace())
        let ending = try Launch(
            program: Project.generator,
            arguments: [
                "--payments", String(payments), "--seed", String(seed), "--out", night.dumps,
                "--pipeline", night.definition,
            ]
        ).run()
        try #require(ending.code == 0, "seed \(seed): \(ending.errors)")
        return night
    }

    /// The same dumps and definition in another place, with no run yet.
    func another() throws -> Night {
        let night = Night(try Workspace())
        try Files.copy(dumps, to: night.dumps)
        try Files.copy(definition, to: night.definition)
        return night
    }

    /// A run, to be changed or started.
    func launch(_ options: [String] = [], asOf: String = Night.asOf, out: String? = nil) -> Launch {
        Launch(
            program: Project.trueup,
            arguments: ["run", definition, "--in", dumps, "--out", out ?? self.out]
                + ["--as-of", asOf] + options)
    }

    /// Runs the pipeline, whatever comes of it.
    func run(
        _ options: [String] = [], asOf: String = Night.asOf, out: String? = nil
    ) throws -> Ending {
        try launch(options, asOf: asOf, out: out).run()
    }

    /// Runs the pipeline and expects it to publish; the exit code tells of open breaks or of none.
    @discardableResult
    func publish(
        _ options: [String] = [], asOf: String = Night.asOf, out: String? = nil
    ) throws -> PublishedRun {
        let ending = try run(options, asOf: asOf, out: out)
        try #require(ending.code == 0 || ending.code == 3, "\(ending.code): \(ending.errors)")
        #expect(ending.errors == "")
        return try latest(in: out)
    }

    /// The run that was published last.
    func latest(in out: String? = nil) throws -> PublishedRun {
        try PublishedRun(latestIn: out ?? self.out, of: workspace)
    }

    /// Changes the text of a dump.
    func edit(_ file: String, _ change: (String) -> String) throws {
        let path = dumps + "/" + file
        let before = try Files.text(path)
        let after = change(before)
        try #require(before != after, "the change of \(file) changes nothing")
        try Files.write(after, to: path)
    }

    /// Changes each line of a dump for itself.
    func editLines(_ file: String, _ change: (String) -> String) throws {
        try edit(file) { text in
            text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { change(String($0)) }.joined(separator: "\n")
        }
    }

    /// Changes the text of the definition.
    func redefine(_ old: String, _ new: String) throws {
        let before = try Files.text(definition)
        try #require(before.contains(old), "the definition does not say \(old)")
        try Files.write(before.replacing(old, with: new), to: definition)
    }

    /// A dump as a table.
    func dump(_ file: String) throws -> CSVTable { try CSVTable(path: dumps + "/" + file) }

    /// Replaces a dump.
    func write(_ table: CSVTable, _ file: String) throws {
        try Files.write(table.text, to: dumps + "/" + file)
    }

    /// Adds rows at the end of a dump.
    func append(_ rows: [String], to file: String) throws {
        try edit(file) { $0 + rows.map { $0 + "\n" }.joined() }
    }
}

/// The files of a run that was published.
struct PublishedRun {
    /// The name of the run.
    let name: String
    /// Its folder.
    let folder: String
    /// Its archive, whether there is one or not.
    let archive: String
    /// Keeps the files as long as somebody may look at them.
    private let workspace: Workspace

    /// The tables in which a run tells what is to be done.
    static let emissions = [
        "status_updates.csv", "booking_links.csv", "new_bookings.csv", "new_tickets.csv",
        "order_updates.csv", "session_updates.csv", "transactions.csv", "payouts.csv",
        "payout_lines.csv",
    ]

    init(latestIn out: String, of workspace: Workspace) throws {
        self.init(
            try FileManager.default.destinationOfSymbolicLink(atPath: out + "/latest"), in: out,
            of: workspace)
    }

    /// The run of a name.
    init(_ name: String, in out: String, of workspace: Workspace) {
        self.workspace = workspace
        self.name = name
        folder = out + "/" + name
        archive = out + "/archive/" + name + ".tar.zst"
    }

    func table(_ file: String) throws -> CSVTable { try CSVTable(path: folder + "/" + file) }

    func json(_ file: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Files.bytes(folder + "/" + file))
        return try #require(value as? [String: Any])
    }

    /// How many rows each emission has; those without any are left out.
    func emitted() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for file in PublishedRun.emissions {
            let count = try table(file).rows.count
            if count > 0 { counts[file] = count }
        }
        return counts
    }

    /// The bookings and tickets made: what identifies them, without what the day of the run gives.
    func made() throws -> Set<[String]> {
        let bookings = try table("new_bookings.csv")
            .columns("booking_id", "payment_id", "user", "item_id", "participants", "amount")
        let tickets = try table("new_tickets.csv")
            .columns("ticket_id", "payment_id", "user", "item_id", "quantity", "amount")
        return Set(bookings + tickets)
    }

    /// Each user's summary.
    func dashboards() throws -> [String: [String: Any]] {
        var dashboards: [String: [String: Any]] = [:]
        for line in try Files.text(folder + "/dashboards.jsonl").split(separator: "\n") {
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            let dashboard = try #require(value as? [String: Any])
            let user = try #require(dashboard["user"] as? String)
            #expect(
                dashboards.updateValue(dashboard, forKey: user) == nil, "\(user) is there twice")
        }
        return dashboards
    }

    /// What buyers and sellers are told, in order.
    func notifications() throws -> [[String: Any]] {
        try Files.text(folder + "/notifications.jsonl").split(separator: "\n").map { line in
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(value as? [String: Any])
        }
    }

    /// Each user's figures as they stand after the run, as texts that can be compared.
    func figures() throws -> [String: [String: String]] {
        let names = [
            "bookings", "tickets", "spent", "level", "points", "pending_bookings",
            "pending_payments", "pending_amount", "commission_paid",
        ]
        return try dashboards().mapValues { dashboard in
            Dictionary(uniqueKeysWithValues: names.map { ($0, text(of: dashboard[$0])) })
        }
    }
}

/// A value of a JSON object as a text.
func text(of value: Any?) -> String {
    switch value {
    case let text as String: text
    case let number as NSNumber: number.stringValue
    default: "\(value ?? "nothing")"
    }
}

/// An amount of two decimals in minor units.
func minorUnits(_ text: String) throws -> Int {
    let parts = text.split(separator: ".")
    try #require(parts.count == 2 && parts[1].count == 2, "\(text) is no amount of two decimals")
    let digits = try #require(Int(parts[0] + parts[1]))
    return digits
}
