import Diagnostics
import Foundation
import Glibc
import Synchronization
import Testing
import Time

@testable import RunStore

/// Fails one system call of many, chosen by its number, in the way that was asked for.
private final class FaultPlan: Sendable {
    /// What happens at the chosen call and after it.
    enum Fault: String, CaseIterable {
        /// That call fails, as on a device that is full for a moment.
        case once
        /// That call and all after it do nothing, as after a power cut or kill -9.
        case forever
    }

    let calls = Atomic<Int>(0)
    private let chosen: Int
    private let fault: Fault
    private let code: CInt

    init(failing chosen: Int, _ fault: Fault, code: CInt = ENOSPC) {
        self.chosen = chosen
        self.fault = fault
        self.code = code
    }

    private func count() throws(SystemError) {
        let number = calls.wrappingAdd(1, ordering: .relaxed).newValue
        guard number == chosen || (fault == .forever && number > chosen) else { return }
        throw SystemError(code: code)
    }

    /// The system's calls, each counted and perhaps failing instead.
    var fileSystem: FileSystem {
        let system = FileSystem.system
        return FileSystem(
            open: { [self] (path, flags, mode) throws(SystemError) in
                try count()
                return try system.open(path, flags, mode)
            },
            write: { [self] (descriptor, bytes) throws(SystemError) in
                try count()
                return try system.write(descriptor, bytes)
            },
            setMode: { [self] (descriptor, mode) throws(SystemError) in
                try count()
                try system.setMode(descriptor, mode)
            },
            synchronize: { [self] (descriptor) throws(SystemError) in
                try count()
                try system.synchronize(descriptor)
            },
            close: { [self] (descriptor) throws(SystemError) in
                // The descriptor itself is given back in any case, as the system does.
                try system.close(descriptor)
                try count()
            },
            makeFolder: { [self] (path, mode) throws(SystemError) in
                try count()
                try system.makeFolder(path, mode)
            },
            link: { [self] (target, path) throws(SystemError) in
                try count()
                try system.link(target, path)
            },
            rename: { [self] (from, to) throws(SystemError) in
                try count()
                try system.rename(from, to)
            },
            removeFile: { [self] (path) throws(SystemError) in
                try count()
                try system.removeFile(path)
            },
            removeFolder: { [self] (path) throws(SystemError) in
                try count()
                try system.removeFolder(path)
            })
    }
}

@Suite struct FaultTests {
    /// How many system calls opening the folder and publishing a run make.
    private func callsOfARun(after earlier: Int) throws -> Int {
        let folder = try TemporaryFolder()
        let out = "\(folder.path)/out"
        for day in 0..<earlier {
            try publishRun(in: OutputFolder(path: out), asOf: night(10 + day), inputs: [])
        }
        let plan = FaultPlan(failing: 0, .once)
        try publishRun(
            in: OutputFolder(path: out, fileSystem: plan.fileSystem), asOf: night(20), inputs: [])
        return plan.calls.load(ordering: .relaxed)
    }

    /// The bytes of every file of a run, by name.
    private func contents(of path: String) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            result[name] = FileManager.default.contents(atPath: "\(path)/\(name)")
        }
        return result
    }

    @Test(arguments: [0, 1], FaultPlan.Fault.allCases)
    fileprivate func whateverCallFailsTheLatestRunIsIntactAndTheNextRunWorks(
        earlier: Int, fault: FaultPlan.Fault
    ) throws {
        let calls = try callsOfARun(after: earlier)
        #expect(calls > 50)
        var outcomes: (failed: Int, published: Int) = (0, 0)
        // Some calls more than there are: the last of them fails nothing.
        for chosen in 1...calls + 1 {
            let folder = try TemporaryFolder()
            let out = "\(folder.path)/out"
            var before: RunID?
            for day in 0..<earlier {
                before = try publishRun(
                    in: OutputFolder(path: out), asOf: night(10 + day), inputs: []
                ).run
            }
            let kept = try before.map { try contents(of: "\(out)/\($0)") }
            let plan = FaultPlan(failing: chosen, fault)
            let published: PublishedRun?
            do {
                let output = try OutputFolder(path: out, fileSystem: plan.fileSystem)
                published = try publishRun(in: output, asOf: night(20), inputs: [])
                outcomes.published += 1
            } catch {
                #expect(finding(of: error) != nil, "call \(chosen): \(error)")
                published = nil
                outcomes.failed += 1
            }
            try checkState(
                out, latest: published?.run ?? before, before: before, chosen: chosen,
                isClean: fault == .once)
            if let before, let kept {
                #expect(try contents(of: "\(out)/\(before)") == kept, "call \(chosen)")
            }
            let next = try publishRun(in: OutputFolder(path: out), asOf: night(21), inputs: [])
            try checkState(
                out, latest: next.run, before: published?.run ?? before, chosen: chosen,
                isClean: true)
        }
        #expect(outcomes.failed >= calls - 10)
        #expect(outcomes.published >= 1)
    }

    /// Checks what a reader sees, and that nothing else is there to be seen.
    private func checkState(
        _ out: String, latest: RunID?, before: RunID?, chosen: Int, isClean: Bool
    ) throws {
        guard FileManager.default.fileExists(atPath: out) else {
            #expect(latest == nil)
            return
        }
        let history = try RunHistory(path: out)
        #expect(try history.latest() == latest, "call \(chosen)")
        let runs = try history.runs()
        #expect(runs.last == latest && runs.contains { $0 == before } == (before != nil))
        #expect(try history.archivedRuns() == runs, "call \(chosen)")
        guard isClean else { return }
        let expected = Set(runs.map(\.text) + ["archive"] + (latest == nil ? [] : ["latest"]))
        let visible = try FileManager.default.contentsOfDirectory(atPath: out)
            .filter { !$0.hasPrefix(".") }
        #expect(Set(visible).isSubset(of: expected), "call \(chosen): \(visible)")
    }
}
