import Definition
import DelimitedText
import Diagnostics
import Glibc
import Records

/// One dump of a run: a file, the kind of its records and the entry of the definition that named
/// it.
public struct InputFile: Sendable {
    /// The path below the input folder, or below that of the run before: what outputs call the
    /// file.
    public let name: String
    /// Where the file is: what messages call it.
    public let path: String
    /// The opened file.
    public let source: TextSource
    /// What its rows are.
    public let kind: RecordKind
    /// How its columns are read.
    public let input: InputDefinition
    /// Whether the run before handed its rows on.
    public let isCarried: Bool
}

/// The dumps of a run, opened.
public struct InputFiles: Sendable {
    /// By kind in the order of kinds, then what was handed on, then in the order of the definition,
    /// then by name.
    public let all: [InputFile]
    /// The input folder, as the user named it.
    public let folder: String
    /// What the run before handed on; nil where it handed on no records.
    public let carried: CarriedRecords?

    /// Finds and opens every file that the definition names, and those that were handed on.
    ///
    /// - Throws: `TrueupError.run` where the folder or a file cannot be read, or where an input
    ///   has no file at all.
    public init(
        folder: String, definition: PipelineDefinition, carried: CarriedRecords? = nil
    ) throws {
        try self.init(folder: folder, definition: definition, carried: carried) { _, finding in
            throw TrueupError.run(finding)
        }
    }

    /// The same, where `refuse` decides what becomes of an input without a file, and of a file that
    /// cannot be opened.
    init(
        folder: String, definition: PipelineDefinition, carried: CarriedRecords? = nil,
        refuse: (TolerantReading.UnreadFile, Finding) throws -> Void
    ) throws {
        self.folder = folder
        self.carried = carried
        guard let handle = opendir(folder) else {
            throw TrueupError.run(
                Finding(
                    "the input folder cannot be read", at: SourcePosition(file: folder),
                    found: String(cString: strerror(errno)),
                    remedy: "name the folder that holds the dumps with --in"))
        }
        closedir(handle)
        var all: [InputFile] = []
        for kind in RecordKind.allCases {
            if let carried, CarriedRecordsFile.kinds.contains(kind) {
                all.append(try InputFiles.handedOn(kind, by: carried))
            }
            for input in definition.inputs[kind] ?? [] {
                let names = InputFiles.names(matching: input.files, in: folder)
                if names.isEmpty {
                    let globs = input.files.joined(separator: " or ")
                    try refuse(
                        .init(kind: kind, name: globs, isMissing: true),
                        Finding(
                            "no file for \(kind.rawValue)", at: SourcePosition(file: folder),
                            expected: globs,
                            remedy: "put the dump into the folder, or change inputs."
                                + "\(kind.rawValue).files in the definition"))
                }
                for name in names {
                    let path = folder + "/" + name
                    do throws(Finding) {
                        let source = try InputFiles.open(path)
                        all.append(
                            InputFile(
                                name: name, path: path, source: source, kind: kind, input: input,
                                isCarried: false))
                    } catch {
                        try refuse(.init(kind: kind, name: name, isMissing: false), error)
                    }
                }
            }
        }
        self.all = all
    }

    /// The same files without those at some places.
    func without(_ places: Set<Int>) -> InputFiles {
        InputFiles(
            all: all.indices.filter { !places.contains($0) }.map { all[$0] }, folder: folder,
            carried: carried)
    }

    private init(all: [InputFile], folder: String, carried: CarriedRecords?) {
        self.all = all
        self.folder = folder
        self.carried = carried
    }

    private static func handedOn(
        _ kind: RecordKind, by carried: CarriedRecords
    ) throws -> InputFile {
        let name = CarriedRecordsFile.name(kind)
        let path = carried.folder + "/" + name
        do {
            return InputFile(
                name: name, path: path, source: try TextSource(path: path), kind: kind,
                input: InputDefinition(files: []), isCarried: true)
        } catch {
            throw TrueupError.run(
                Finding(
                    "what the latest run handed on cannot be read",
                    at: SourcePosition(file: path), found: error.description,
                    remedy: "restore the run's folder from its archive"))
        }
    }

    private static func open(_ path: String) throws(Finding) -> TextSource {
        do {
            return try TextSource(path: path)
        } catch {
            throw Finding(
                "the dump cannot be read", at: SourcePosition(file: path),
                found: error.description,
                remedy: "check that it is a readable file, and run again")
        }
    }

    /// The names of every file that a definition would read now, by kind.
    public static func names(of definition: PipelineDefinition, in folder: String) -> [String] {
        RecordKind.allCases.flatMap { kind in
            (definition.inputs[kind] ?? []).flatMap { names(matching: $0.files, in: folder) }
        }
    }

    /// Which inputs of a definition would read a file of this name, whether or not it is there.
    public static func inputs(
        of definition: PipelineDefinition, reading name: String
    ) -> [(kind: RecordKind, index: Int)] {
        RecordKind.allCases.flatMap { kind in
            (definition.inputs[kind] ?? []).enumerated().filter { _, input in
                input.files.contains { fnmatch($0, name, FNM_PATHNAME | FNM_PERIOD) == 0 }
            }.map { (kind, $0.offset) }
        }
    }

    /// Whether any file of the folder matches one of the globs.
    public static func hasFile(matching globs: [String], in folder: String) -> Bool {
        !names(matching: globs, in: folder).isEmpty
    }

    /// The files that match any of the globs, each once, in order of their names' bytes.
    ///
    /// The order of the shell would depend on the machine's locale.
    private static func names(matching globs: [String], in folder: String) -> [String] {
        var names: Set<String> = []
        let prefix = folder + "/"
        for pattern in globs {
            var found = glob_t()
            defer { globfree(&found) }
            guard glob(escaped(folder) + "/" + pattern, 0, nil, &found) == 0 else { continue }
            for index in 0..<Int(found.gl_pathc) {
                guard let path = found.gl_pathv[index] else { continue }
                let text = String(cString: path)
                if text.hasPrefix(prefix) { names.insert(String(text.dropFirst(prefix.count))) }
            }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The folder's own name is no pattern.
    private static func escaped(_ folder: String) -> String {
        var escaped = ""
        for character in folder {
            if "*?[\\".contains(character) { escaped += "\\" }
            escaped.append(character)
        }
        return escaped
    }

    /// Refuses the run where a file has changed since it was opened.
    ///
    /// - Throws: `TrueupError.run`.
    public func verifyUnchanged() throws {
        for file in all {
            do {
                try file.source.verifyUnchanged()
            } catch {
                throw TrueupError.run(
                    Finding(
                        "the dump changed while it was read",
                        at: SourcePosition(file: file.path),
                        found: error.description,
                        remedy: "wait until it is written, and run again"))
            }
        }
    }
}
