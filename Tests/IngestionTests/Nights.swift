import Definition
import Foundation
import Pipeline
import RunStore
import TestKit
import Testing
import Time

/// A definition's runs, night after night, each over dumps given as texts.
final class Nights {
    private let definition: String
    private let input: DumpFolder
    private let output: DumpFolder

    init(_ definition: String) throws {
        self.definition = definition
        input = try DumpFolder()
        output = try DumpFolder()
    }

    private init(_ definition: String, _ input: DumpFolder, _ output: DumpFolder) {
        self.definition = definition
        self.input = input
        self.output = output
    }

    /// The same folders under another definition.
    func continued(under definition: String) throws -> Nights {
        Nights(definition, input, output)
    }

    /// Runs and publishes a night.
    func run(_ dumps: [String: String], asOf: String, users: [String] = []) throws {
        for (name, text) in dumps { try input.write(name, text) }
        let definition = try PipelineDefinition.parse(
            text: definition, file: "nights.yaml", isKnownZone: { Zone.named($0) != nil })
        var request = RunRequest(
            definition: definition, inputFolder: input.path, outputFolder: output.path,
            asOf: moment(asOf), watch: SignalWatch.begin())
        request.archives = false
        request.users = users
        _ = try Pipeline(request, progress: NoProgress()).run()
    }

    /// The lines of a file of the latest run, its header first.
    func lines(_ file: String) throws -> [String] {
        try text(file).split(separator: "\n").map(String.init)
    }

    /// The rows of a file of the latest run, without its header.
    func rows(_ file: String) throws -> [String] { Array(try lines(file).dropFirst()) }

    /// The text of a file of the latest run.
    func text(_ file: String) throws -> String { try output.text("latest/" + file) }

    /// Replaces a file of the latest run.
    func damage(_ file: String, _ text: String) throws {
        try output.write("latest/" + file, text)
    }

    /// Removes a file of the latest run.
    func remove(_ file: String) throws {
        try FileManager.default.removeItem(atPath: output.path + "/latest/" + file)
    }

    /// The codes of breaks that must be looked at, with the ids that they name.
    func open() throws -> [String] {
        try rows("breaks.csv").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .filter { $0[2] != "info" }
            .map { $0[1...5].joined(separator: ",") }
            .map { $0.replacing(",critical", with: "").replacing(",review", with: "") }
    }
}
