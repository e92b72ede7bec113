import DelimitedText
import Testing

@testable import Explanation

/// Which line of `dashboards.jsonl` is a user's, wherever the windows of reading end.
@Suite struct DashboardSearchTests {
    private static let lines = [
        #"{"user":"a@example.com","name":"\"user\":\"b@example.com\"","points":1}"#,
        #"{"user":"aa@example.com","points":2}"#,
        #"{"user":"\"quoted\"@example.com","points":3}"#,
        #"{"user":"b@example.com"}"#,
        #"{"user":"åsa@example.com","points":5}"#,
    ]

    private func line(_ user: String, _ text: String, window: Int) throws -> String? {
        let source = TextSource(bytes: Array(text.utf8), name: "dashboards.jsonl")
        let bytes = try DashboardSearch(source: source, windowSize: window).line(of: user)
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [1, 2, 7, 37, 64, 100, 1 << 20])
    func everyUsersOwnLineIsFoundForAnyWindow(window: Int) throws {
        let users = [
            "a@example.com", "aa@example.com", "\"quoted\"@example.com", "b@example.com",
            "åsa@example.com",
        ]
        for end in ["", "\n"] {
            let text = Self.lines.joined(separator: "\n") + end
            for (user, line) in zip(users, Self.lines) {
                #expect(try self.line(user, text, window: window) == line)
            }
            for user in ["", "@example.com", "a@example.co", "a@example.comm", "A@example.com"] {
                #expect(try line(user, text, window: window) == nil, "\(user)")
            }
        }
        #expect(try line("a@example.com", "", window: window) == nil)
    }
}
