import Foundation
import Testing

/// A call of the system that a run makes.
struct SystemCall: Hashable, Sendable {
    /// As the library writes it down: what is done, a tab, and to which path.
    let line: String
    /// Which of the equal calls of the run it is, from 1.
    let number: Int

    /// What is done, as in `write`.
    var kind: String { String(line.prefix { $0 != "\t" }) }
    /// To which path.
    var path: String { String(line.drop { $0 != "\t" }.dropFirst()) }

    /// The error with which it fails: what a full disk answers to whoever wants room, and what a
    /// broken one answers to everybody.
    var error: Int32 {
        ["create", "write", "mkdir", "link", "rename"].contains(kind) ? ENOSPC : EIO
    }
}

/// The library that makes calls of the system fail: see `faults.c`.
struct FaultLibrary {
    private let workspace: Workspace
    private let path: String
    private let log: String

    /// The sanitizers of a build want to be the first library, and would refuse to start.
    static let isPossible = compiler != nil

    private static let compiler = ["cc", "clang"].first { isInstalled($0, "--version") }

    /// Compiles it.
    init() throws {
        workspace = try Workspace()
        path = workspace.at("faults.so")
        log = workspace.at("log")
        let compiler = try #require(FaultLibrary.compiler)
        let ending = try Launch(
            program: compiler,
            arguments: [
                "-O1", "-shared", "-fPIC",
                Project.root + "/Tests/EndToEndTests/AllOrNothing/faults.c", "-o", path,
            ]
        ).run()
        try #require(ending.code == 0, "\(ending.errors)")
    }

    /// Every call that a program makes below a folder, in the order of the first time.
    func calls(of launch: Launch, below folder: String) throws -> [SystemCall] {
        _ = try run(launch, below: folder, failing: nil)
        var numbers: [String: Int] = [:]
        return try lines().map { line in
            numbers[line, default: 0] += 1
            return SystemCall(line: line, number: numbers[line] ?? 1)
        }
    }

    /// Runs a program, one of whose calls fails; says whether it came to that call.
    func run(
        _ launch: Launch, below folder: String, failing call: SystemCall
    ) throws -> (ending: Ending, isReached: Bool) {
        let ending = try run(launch, below: folder, failing: Optional(call))
        return (ending, try lines().contains("! " + call.line))
    }

    /// Runs a program for which the clock goes back at each reading.
    func run(_ launch: Launch, clockGoingBack seconds: Int) throws -> Ending {
        var launch = launch
        launch.environment["LD_PRELOAD"] = path
        launch.environment["FAULT_CLOCK"] = String(seconds)
        return try launch.run()
    }

    private func run(
        _ launch: Launch, below folder: String, failing call: SystemCall?
    ) throws -> Ending {
        try Files.remove(log)
        var launch = launch
        launch.environment["LD_PRELOAD"] = path
        launch.environment["FAULT_BELOW"] = folder + "/"
        launch.environment["FAULT_LOG"] = log
        if let call {
            launch.environment["FAULT_CALL"] = call.line
            launch.environment["FAULT_NUMBER"] = String(call.number)
            launch.environment["FAULT_ERRNO"] = String(call.error)
        }
        return try launch.run()
    }

    private func lines() throws -> [String] {
        guard Files.exists(log) else { return [] }
        return try Files.text(log).split(separator: "\n").map(String.init)
    }
}
