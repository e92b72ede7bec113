import Diagnostics
import Glibc
import Testing

@testable import CommandLine

/// The folder of these tests, found from this file's own place.
let testFolder: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast()
    return parts.joined(separator: "/")
}()

/// What a program left behind.
struct Ending: Equatable {
    var code: Int32
    var output: String
    var errors: String
}

/// A temporary file without a name.
struct ScratchFile: ~Copyable {
    let descriptor: CInt

    init() throws {
        var template = Array("/tmp/command-line-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        unlink(template)
    }

    deinit { close(descriptor) }

    var text: String {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}

/// A program whose commands succeed and tell what they were called with.
let echoing = Program { request in
    switch request {
    case .show(let text): CommandOutcome(text: text)
    case .run(let options): CommandOutcome(text: "ran \(options.pipelinePath)\n")
    case .explain(let options): CommandOutcome(text: "explained \(options.reference)\n")
    case .dashboard(let options): CommandOutcome(text: "showed \(options.user)\n")
    case .diff(let options): CommandOutcome(text: "compared \(options.from) with \(options.to)\n")
    case .initialize(let options): CommandOutcome(text: "guessed from \(options.folder)\n")
    case .check(let options): CommandOutcome(text: "checked \(options.pipelinePath)\n")
    case .loadSQL(let options): CommandOutcome(text: "loaded \(options.outputFolder)\n")
    case .simulate(let options): CommandOutcome(text: "simulated \(options.pipelinePath)\n")
    case .watch(let options): CommandOutcome(text: "watched \(options.run.pipelinePath)\n")
    case .runs(let options): CommandOutcome(text: "listed \(options.outputFolder)\n")
    case .verify(let options): CommandOutcome(text: "verified \(options.path)\n")
    case .backtest(let options): CommandOutcome(text: "tested \(options.pipelinePath)\n")
    case .redact(let options): CommandOutcome(text: "redacted \(options.outputFolder)\n")
    case .replay(let options): CommandOutcome(text: "replayed \(options.archive)\n")
    case .plan(let options): CommandOutcome(text: "planned \(options.run.pipelinePath)\n")
    case .keys(let options): CommandOutcome(text: "listed file \(options.file)\n")
    case .shard(let options): CommandOutcome(text: "found part \(options.part)\n")
    case .merge(let options): CommandOutcome(text: "merged \(options.partsFolder)\n")
    }
}

/// A program whose commands throw.
func failing(with error: any Error) -> Program {
    Program { _ in throw error }
}

/// Calls the program in this process.
func call(
    _ program: Program, _ arguments: [String], isColoured: Bool = false
) throws -> Ending {
    let output = try ScratchFile()
    let errors = try ScratchFile()
    let console = Console(
        output: output.descriptor, errors: errors.descriptor, isColoured: isColoured)
    let status = program.main(arguments, on: console)
    return Ending(code: status.code, output: output.text, errors: errors.text)
}

/// What a command line means.
func request(_ line: String) throws -> Request { try Request(words(line)) }

/// What is said of a command line that is wrong; empty where nothing is.
func complaint(_ line: String) throws -> String {
    let ending = try call(echoing, words(line))
    #expect(ending.code == (ending.errors.isEmpty ? 0 : 2))
    return ending.errors
}

/// The words of a command line without quotes; `''` stands for an empty one.
func words(_ line: String) -> [String] {
    line.split(separator: " ").map { $0 == "''" ? "" : String($0) }
}

/// The words that a shell would hand to the program: those before the first redirection or pipe.
func programWords(_ line: String) -> [String] {
    Array(words(line).prefix { !["<", ">", "|"].contains($0) })
}

/// Runs a line of bash; the output is what it wrote to standard output and standard error.
func bash(_ script: String) throws -> (status: Int32, output: String) {
    let quoted = script.replacing("'", with: "'\\''")
    let pipe = try #require(popen("bash -c '\(quoted)' 2>&1", "r"))
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&buffer, 1, buffer.count, pipe)
        guard count > 0 else { break }
        output += buffer.prefix(count)
    }
    let status = pclose(pipe)
    // The exit code stands in the second byte.
    return ((status >> 8) & 0xFF, String(decoding: output, as: UTF8.self))
}

/// The built program, beside the tests.
let trueup: String = {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count)
    let bytes = path.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }
    var parts = String(decoding: bytes, as: UTF8.self)
        .split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast()
    return parts.joined(separator: "/") + "/trueup"
}()
