import Testing

/// `trueup init` as somebody with a folder of dumps uses it.
@Suite struct InitTests {
    private func trueup(_ arguments: String...) throws -> Ending {
        try Launch(program: Project.trueup, arguments: arguments).run()
    }

    @Test func theGuessedDefinitionIsWrittenCheckedAndRun() throws {
        let night = try Night.tours()
        let path = night.workspace.at("mine.yaml")
        let guessed = try trueup("init", night.dumps, "--to", path)
        #expect(guessed.code == 0)
        #expect(guessed.output.hasPrefix("\(path): written"))
        #expect(try trueup("init", night.dumps).output == Files.text(path))
        #expect(try trueup("check", path, "--in", night.dumps).code == 0)
        let run = try trueup(
            "run", path, "--in", night.dumps, "--out", night.workspace.at("guessed"), "--as-of",
            "2025-09-02T02:00:00Z", "--fail-on", "never")
        #expect(run.code == 0)
        #expect(run.errors == "")
    }

    @Test func aDefinitionIsNeverWrittenOver() throws {
        let night = try Night.tours()
        let path = night.workspace.at("mine.yaml")
        try Files.write("name: mine\n", to: path)
        let refused = try trueup("init", night.dumps, "--to", path)
        #expect(refused.code == 1)
        #expect(refused.errors.contains("the definition cannot be written"))
        #expect(try Files.text(path) == "name: mine\n")
    }

    @Test func aFolderWithoutDumpsIsAnError() throws {
        let workspace = try Workspace()
        let ending = try trueup("init", workspace.path)
        #expect(ending.code == 1)
        #expect(ending.errors.contains("the folder holds no dump"))
        #expect(try trueup("init", workspace.at("none")).code == 1)
    }
}
