import Foundation
import Testing

@Suite struct TidinessTests {
    @Test(arguments: ["Sources", "Tests"])
    func noFileIsLongerThanAReaderKeepsInMind(folder: String) throws {
        for file in try SourceTree.swiftFiles(below: folder) {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
            #expect(lines <= 400, "\(file.path) has \(lines) lines")
        }
    }

    /// Words that put work off, or that escape the compiler's checks.
    @Test(arguments: ["TODO", "FIXME", "XXX:", "HACK", "try!", "as!", "fatalError("])
    func noSourcePutsWorkOff(word: String) throws {
        for file in try SourceTree.swiftFiles() {
            for (index, line) in file.text.split(
                separator: "\n", omittingEmptySubsequences: false
            ).enumerated() where line.contains(word) {
                Issue.record("\(file.path):\(index + 1) has '\(word)'")
            }
        }
    }

    @Test func everyUncheckedPromiseIsProvedBesideIt() throws {
        for file in try SourceTree.swiftFiles() {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() where line.contains("@unchecked Sendable") {
                let above = lines[max(0, index - 4)..<index].contains { $0.contains("//") }
                #expect(above, "\(file.path):\(index + 1) does not say why it is safe")
            }
        }
    }
}
