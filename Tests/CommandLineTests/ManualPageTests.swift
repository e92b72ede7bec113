import Testing

@testable import CommandLine

/// `trueup man` writes a page that `man` shows as it is meant.
@Suite struct ManualPageTests {
    private static let isShown = (try? bash("command -v groff").status) == 0

    private func shown() throws -> String {
        let ending = try bash("'\(trueup)' man | groff -man -Tutf8 -ww -rLL=200n -P-cbou 2>&1")
        #expect(ending.status == 0)
        #expect(!ending.output.contains("warning"))
        return ending.output
    }

    @Test(.enabled(if: isShown, "NOT TESTED: Debian's package groff-base is not installed"))
    func everyCommandAndOptionIsOnThePage() throws {
        let page = try shown()
        let lines = page.split(separator: "\n").map { String($0.drop { $0 == " " }) }
        for command in Commands.all {
            // The formatter writes an ellipsis as three dots.
            let synopsis = HelpText.synopsis(of: command).replacing("…", with: "...")
            #expect(lines.contains { $0.hasPrefix(synopsis.prefix(60)) })
            for option in command.options {
                #expect(lines.contains { $0.hasPrefix(option.spelling) }, "\(option.spelling)")
            }
            #expect(page.contains(command.example), "\(command.example)")
        }
        #expect(page.contains("130"))
    }

    @Test func nothingInATextIsACommandOfTheFormatters() throws {
        for line in ManualPage.text.split(separator: "\n") where line.hasPrefix(".") {
            #expect(
                line.wholeMatch(of: /\.(TH|SH|SS|TP|PP|nf|fi|RS|RE|br|ad|nh)( .*)?/) != nil,
                "\(line)")
        }
        #expect(!ManualPage.text.contains("\n'"))
    }
}
