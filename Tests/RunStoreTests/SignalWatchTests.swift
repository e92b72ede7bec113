import Diagnostics
import Foundation
import Glibc
import Testing
import Time

@testable import RunStore

/// Signals belong to the whole process, so these tests wait for each other.
@Suite(.serialized) struct SignalWatchTests {
    /// Sends the signal to the process and waits until some thread has handled it.
    private func send(_ number: CInt, to watch: SignalWatch) {
        kill(getpid(), number)
        while watch.stoppingSignal == nil { usleep(1000) }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aSignalIsNotedAndThrownAtTheNextCheck(number: CInt) throws {
        let watch = SignalWatch.begin()
        defer { SignalWatch.end() }
        #expect(throws: Never.self) { try watch.checkStopped() }
        send(number, to: watch)
        let error = #expect(throws: TrueupError.self) { try watch.checkStopped() }
        guard case .stopped(number)? = error else {
            Issue.record("expected signal \(number), found \(String(describing: error))")
            return
        }
    }

    @Test func theSecondSignalOfAKindIsLeftToTheSystem() {
        let watch = SignalWatch.begin()
        defer { SignalWatch.end() }
        send(SIGTERM, to: watch)
        var action = sigaction()
        #expect(sigaction(SIGTERM, nil, &action) == 0)
        #expect(action.__sigaction_handler.sa_handler == nil, "the system ends the process")
    }

    @Test func aClosedPipeIsAnErrorAndNoEnd() throws {
        _ = SignalWatch.begin()
        defer { SignalWatch.end() }
        var ends: [CInt] = [0, 0]
        #expect(pipe(&ends) == 0)
        Glibc.close(ends[0])
        defer { Glibc.close(ends[1]) }
        let error = #expect(throws: SystemError.self) {
            try withUnsafeBytes(of: 1) { try FileSystem.system.write(ends[1], $0) }
        }
        #expect(error?.code == EPIPE)
    }

    @Test func aSignalBeforeTheSwitchLeavesTheRunBefore() throws {
        let folder = try TemporaryFolder()
        let output = try OutputFolder(path: "\(folder.path)/out")
        let latest = try publishRun(in: output, asOf: night(20), inputs: []).run
        let watch = SignalWatch.begin()
        defer { SignalWatch.end() }
        send(SIGTERM, to: watch)
        let error = #expect(throws: TrueupError.self) {
            try publishRun(in: output, asOf: night(21), inputs: [], watch: watch)
        }
        guard case .stopped(signal: SIGTERM)? = error else {
            Issue.record("expected the run to be stopped, found \(String(describing: error))")
            return
        }
        #expect(try output.history.latest() == latest)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out").sorted()
                == [".lock", latest.text, "archive", "latest"])
    }
}
