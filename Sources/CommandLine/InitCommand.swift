import Diagnostics
import Glibc
import Guessing

extension Commands {
    static let initialize = CommandDescription(
        name: "init",
        summary: "guess a first definition from dumps",
        discussion: """
            Looks at the headers and first rows of the files in a folder: recognises the reports of \
            gateways, guesses what the others hold and what their columns mean, and writes a \
            definition. Each guess has a comment, and `# ?` where it is unsure. `trueup check` \
            then tells what would be read by it.
            """,
        operands: [
            OperandDescription(
                value: ValueDescription(placeholder: "DIR", kind: .folder),
                help: "the folder of the dumps; they are read, never changed")
        ],
        ownOptions: [.definitionFile],
        example: "trueup init samples/tours --to /tmp/tours.yaml",
        successMeaning: "the definition was written",
        otherExits: [.failure, .misuse],
        files: [
            FileDescription(path: "DIR", meaning: "the dumps; they are read, never changed"),
            FileDescription(
                path: "FILE", meaning: "the definition, with --to; else it goes to standard output"),
        ],
        request: { arguments in
            .initialize(
                InitOptions(
                    folder: arguments.required("DIR"),
                    path: arguments.text(of: .definitionFile)))
        })
}

extension OptionDescription {
    static let definitionFile = OptionDescription(
        name: "to", value: ValueDescription(placeholder: "FILE", kind: .file(endings: ["yaml"])),
        help: "write it here, where nothing is yet", defaultText: "standard output")
}

/// What `trueup init` is told on the command line.
struct InitOptions: Sendable, Hashable {
    /// The folder of the dumps.
    var folder: String
    /// Where the definition goes; nil for standard output.
    var path: String?
}

extension Program {
    /// Guesses a definition.
    static func initialize(_ options: InitOptions) throws -> CommandOutcome {
        let text = try Guesser(folder: options.folder).definition
        guard let path = options.path else { return CommandOutcome(text: text) }
        // Somebody's definition is never written over.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw unwritable(path, errno) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw unwritable(path, errno) }
            written += count
        }
        return CommandOutcome(
            text: "\(path): written; look at what is marked with `# ?`, then\n"
                + "  trueup check \(path) --in \(options.folder)\n")
    }

    private static func unwritable(_ path: String, _ code: Int32) -> TrueupError {
        .run(
            Finding(
                "the definition cannot be written", at: SourcePosition(file: path),
                expected: "a path where nothing is yet", found: String(cString: strerror(code)),
                remedy: "name another file with --to"))
    }
}
