import Foundation
import Testing

/// The page about archives shows how they are signed and looked at without the program: its commands
/// do so as they stand.
@Suite(.enabled(if: isInstalled("openssl", "version"), "NOT TESTED: needs openssl"))
struct ArchivePageTests {
    /// The blocks of commands of a section: lines that are indented.
    private func blocks(_ section: String) throws -> [String] {
        let path = Project.root + "/Sources/Pipeline/Pipeline.docc/Archive.md"
        let sections = try Files.text(path).components(separatedBy: "\n## ")
        let text = try #require(sections.first { $0.hasPrefix(section + "\n") })
        return text.components(separatedBy: "\n\n").filter { $0.hasPrefix("    ") }
    }

    /// A folder as the commands expect it.
    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        for name in ["pipelines", "samples"] {
            try Files.copy(Project.root + "/" + name, to: workspace.at(name))
        }
        return workspace
    }

    /// Runs blocks as they stand, until one fails; open breaks are no failure.
    private func run(_ blocks: [String], in workspace: Workspace) throws -> Ending {
        let program = "trueup() { '\(Project.trueup)' \"$@\" || [ $? = 3 ]; }\n"
        return try Launch(
            program: "bash",
            arguments: ["-euo", "pipefail", "-c", program + blocks.joined(separator: "\n")],
            folder: workspace.path
        ).run()
    }

    @Test func whatThePageSaysOfSigningHoldsAsItStands() throws {
        let workspace = try workspace()
        let signing = try blocks("Signing")
        try #require(signing.count == 3)
        let ending = try run(signing, in: workspace)
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(ending.output.contains("rightly signed"))
        #expect(ending.output.contains(".tar.zst: OK\n"))
        #expect(ending.output.contains("Signature Verified Successfully"))

        let looking = try #require(try blocks("Verifying").last)
        let chain = try run([looking], in: workspace)
        #expect(chain.code == 0, "\(chain.errors)")
        #expect(chain.output.contains("payments.csv: OK\n"))
        #expect(chain.output.contains("\"previous_archive_sha256\": \"\""))

        // And they would show what is wrong.
        let latest = try FileManager.default.destinationOfSymbolicLink(
            atPath: workspace.at("runs/latest"))
        let sums = workspace.at("runs/archive/\(latest).tar.zst.sha256")
        try Files.write(try Files.text(sums) + "\n", to: sums)
        let forged = try run([signing[2]], in: workspace)
        #expect(forged.code != 0)
        #expect((forged.output + forged.errors).contains("Signature Verification Failure"))
        try Files.write(Data([0]), to: workspace.at("runs/archive/\(latest).tar.zst"))
        #expect(try run([looking], in: workspace).code != 0)
    }

    @Test func whatThePageSaysOfPassingOnHoldsAsItStands() throws {
        let workspace = try workspace()
        let run = "trueup run pipelines/tours.yaml --in samples/tours --out runs --quiet"
        let ending = try self.run([run] + blocks("Passing on without names"), in: workspace)
        #expect(ending.code == 0, "\(ending.errors)")
        let copy = try Files.text(workspace.at("for-the-auditor/payments.csv"))
        #expect(copy.contains(",user-") && !copy.contains("@example.com"))
    }
}
