import Foundation
import Testing

/// A folder of a test's own, removed when nobody uses it any more.
final class Workspace: Sendable {
    /// Its absolute path.
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/end-to-end-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of something in the folder.
    func at(_ name: String) -> String { path + "/" + name }
}

/// Files by path, in few words.
enum Files {
    static func exists(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path)) != nil
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    static func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    static func write(_ bytes: Data, to path: String) throws {
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    static func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Copies a file or a folder with everything in it, times and links included.
    static func copy(_ from: String, to: String) throws {
        let ending = try Launch(program: "cp", arguments: ["-a", from, to]).run()
        try #require(ending.code == 0, "\(ending.errors)")
    }

    static func remove(_ path: String) throws {
        guard exists(path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }
}

/// Where the programs and the project's own files are.
enum Project {
    /// The folder of the package.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// The folder of the build, in which the programs stand beside the tests.
    static let products: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let arguments = CommandLine.arguments
        // Some versions of the toolchain run the tests as a bundle that another program loads.
        let bundle = arguments.first { $0.hasSuffix(".xctest") } ?? own ?? arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().path
    }()

    static let trueup = products + "/trueup"
    static let generator = products + "/trueup-generate"
    static let samples = root + "/samples/tours"
    static let definition = root + "/pipelines/tours.yaml"
    static let lawGenerator = root + "/Tests/Laws/generate.py"
    static let accuracy = root + "/Sources/Pipeline/Pipeline.docc/Accuracy.md"
    static let goldens = root + "/Tests/EndToEndTests/Golden"
    static let secondOpinion = root + "/Tests/Benchmarks/reconcile.py"
}

/// Whether a program can be started here, which says what it was asked.
func isInstalled(_ program: String, _ arguments: String...) -> Bool {
    (try? Launch(program: program, arguments: arguments).run().code) == 0
}
