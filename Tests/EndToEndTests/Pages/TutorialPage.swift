import Foundation
import Testing

/// A page with commands that are run as they stand, and with what they write.
///
/// A block that is fenced as `console` is run by bash; the block behind it that is fenced as `text`
/// holds what it writes. All blocks are run in one shell, in a folder of their own.
struct TutorialPage {
    let path: String
    /// The page's text, split at fences: every second piece stands between two of them.
    private var pieces: [String]

    init(_ name: String) throws {
        path = Project.root + "/Sources/Pipeline/Pipeline.docc/\(name).md"
        pieces = try Files.text(path).components(separatedBy: "\n```")
    }

    /// The pieces that are commands.
    private var commands: [Int] {
        pieces.indices.filter { pieces[$0].hasPrefix("console\n") }
    }

    /// Runs the commands, and expects them to write what the page says.
    ///
    /// With `TRUEUP_RECORD=1` the page is given what they write; that run fails.
    func expect(in folder: String) throws {
        let written = try run(in: folder)
        #expect(written.count == commands.count)
        var made = pieces
        for (place, output) in zip(commands, written) {
            let next = place + 2
            guard next < pieces.count, pieces[place + 1].allSatisfy(\.isWhitespace),
                pieces[next] == "text" || pieces[next].hasPrefix("text\n")
            else {
                #expect(output == "", "not shown: \(pieces[place])")
                continue
            }
            made[next] = "text\n" + output.trimmingCharacters(in: .newlines)
        }
        let text = made.joined(separator: "\n```")
        if ProcessInfo.processInfo.environment["TRUEUP_RECORD"] != nil {
            try Files.write(text, to: path)
            Issue.record("recorded \(path); look at the difference and run again")
            return
        }
        for (told, real) in zip(pieces, made) { #expect(told == real) }
    }

    /// What each block of commands writes, errors included.
    private func run(in folder: String) throws -> [String] {
        let mark = "\u{1E}"
        var script = "exec 2>&1\ntrueup() { '\(Project.trueup)' \"$@\"; }\n"
        for place in commands {
            script += pieces[place].dropFirst("console\n".count) + "\nprintf '\(mark)'\n"
        }
        let ending = try Launch(
            program: "bash", arguments: ["-c", script], folder: folder
        ).run()
        #expect(ending.errors == "")
        return ending.output.components(separatedBy: mark).dropLast().map { $0 }
    }
}
