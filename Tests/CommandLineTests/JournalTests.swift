import Foundation
import Testing
import Watching

@testable import CommandLine

@Suite struct JournalTests {
    @Test func onlyTheStreamThatIsNamedLeadsToTheJournal() throws {
        let path = NSTemporaryDirectory() + "journal-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let stream = open(path, O_WRONLY | O_CREAT, 0o600)
        defer { close(stream) }
        var status = stat()
        #expect(fstat(stream, &status) == 0)
        let name = "\(status.st_dev):\(status.st_ino)"
        #expect(Journal.takes(stream, named: name))
        #expect(!Journal.takes(stream, named: name + "0"))
        #expect(!Journal.takes(stream, named: ""))
        #expect(!Journal.takes(stream, named: nil))
        #expect(!Journal.takes(-1, named: name))
    }

    @Test func marksAreThoseOfSyslog() {
        #expect(
            [Event.Level.error, .warning, .info].map(Journal.mark) == ["<3>", "<4>", "<6>"])
    }
}
