import Definition
import DelimitedText
import Diagnostics
import Glibc
import Parallel
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
    /// Which of the kind's inputs named it.
    public let inputIndex: Int
    /// Whether the run before handed its rows on.
    public let isCarried: Bool
    /// The rows that `source` holds, where it is not the dump itself; nil where it is.
    public let excerpt: RowExcerpt?

    /// A dump that was found before, or an excerpt of it.
    public init(
        name: String, path: String, source: TextSource, kind: RecordKind, input: InputDefinition,
        inputIndex: Int, isCarried: Bool = false, excerpt: RowExcerpt? = nil
    ) {
        self.name = name
        self.path = path
        self.source = source
        self.kind = kind
        self.input = input
        self.inputIndex = inputIndex
        self.isCarried = isCarried
        self.excerpt = excerpt
    }

    /// A dump that was sent to this process, wherever it lies now.
    ///
    /// - Throws: `TrueupError.run` where it cannot be unpacked or decoded.
    public init(
        sent path: String, as name: String, kind: RecordKind, input: InputDefinition,
        inputIndex: Int, checkStopped: () throws -> Void
    ) throws {
        do throws(TextSourceError) {
            let source = try TextSource(
                dump: path, encoding: input.format.encoding.map(TextEncoding.init)
            ) { (try? checkStopped()) == nil }
            self.init(
                name: name, path: name, source: source, kind: kind, input: input,
                inputIndex: inputIndex)
        } catch {
            try checkStopped()
            throw TrueupError.run(
                Finding(
                    "the dump cannot be read", at: SourcePosition(file: name),
                    found: error.description, remedy: error.remedy))
        }
    }

    /// The name of the preset by which it is read; nil where it is read by none.
    public var presetName: String? { input.preset?.name }
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
    /// What is packed, or in another encoding than UTF-8, is unpacked and decoded, several files at
    /// once.
    ///
    /// - Throws: `TrueupError.run` where the folder or a file cannot be read, or where an input
    ///   has no file at all; what `checkStopped` throws, which is asked now and then.
    public init(
        folder: String, definition: PipelineDefinition, carried: CarriedRecords? = nil,
        workers: Workers = Workers(count: 1),
        checkStopped: @escaping @Sendable () throws -> Void = {}
    ) throws {
        try self.init(
            folder: folder, definition: definition, carried: carried, workers: workers,
            checkStopped: checkStopped
        ) { _, finding in
            throw TrueupError.run(finding)
        }
    }

    /// The same, where `refuse` decides what becomes of an input without a file, and of a file that
    /// cannot be opened.
    init(
        folder: String, definition: PipelineDefinition, carried: CarriedRecords? = nil,
        workers: Workers, checkStopped: @escaping @Sendable () throws -> Void = {},
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
        var wanted: [WantedFile] = []
        for kind in RecordKind.allCases {
            if let carried, CarriedRecordsFile.kinds.contains(kind) {
                wanted.append(
                    WantedFile(
                        name: CarriedRecordsFile.name(kind), folder: carried.folder, kind: kind,
                        input: InputDefinition(files: []), inputIndex: 0, isCarried: true))
            }
            for (index, input) in (definition.inputs[kind] ?? []).enumerated() {
                let names = InputFiles.names(matching: input.files, in: folder)
                if names.isEmpty {
                    let globs = input.files.joined(separator: " or ")
                    try refuse(
                        .init(kind: kind, name: globs, isMissing: true),
                        InputFiles.noFile(for: kind, input.files, in: folder))
                }
                wanted += names.map {
                    WantedFile(
                        name: $0, folder: folder, kind: kind, input: input, inputIndex: index,
                        isCarried: false)
                }
            }
        }
        let opened = workers.map(wanted.count) { [wanted] index in
            Result { try wanted[index].open(checkStopped) }
        }
        var all: [InputFile] = []
        for (file, result) in zip(wanted, opened) {
            switch try result.get() {
            case .success(let input): all.append(input)
            case .failure(let finding) where file.isCarried: throw TrueupError.run(finding)
            case .failure(let finding):
                try refuse(.init(kind: file.kind, name: file.name, isMissing: false), finding)
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

    /// The files of a run that were found before.
    public init(_ all: [InputFile]) { self.init(all: all, folder: "", carried: nil) }

    private init(all: [InputFile], folder: String, carried: CarriedRecords?) {
        self.all = all
        self.folder = folder
        self.carried = carried
    }

    private static func noFile(
        for kind: RecordKind, _ globs: [String], in folder: String
    ) -> Finding {
        let packed = names(matching: globs.map { $0 + ".*" }, in: folder).first
        return Finding(
            "no file for \(kind.rawValue)", at: SourcePosition(file: folder),
            expected: globs.joined(separator: " or "),
            found: packed.map { "`\($0)`, which the definition does not name" },
            remedy: "put the dump into the folder, or change inputs."
                + "\(kind.rawValue).files in the definition")
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
                patterns(input.files).contains {
                    fnmatch($0, name, FNM_PATHNAME | FNM_PERIOD) == 0
                }
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
        let prefix = Array((folder + "/").utf8)
        for pattern in patterns(globs) {
            var found = glob_t()
            defer { globfree(&found) }
            guard glob(escaped(folder) + "/" + pattern, 0, nil, &found) == 0 else { continue }
            for index in 0..<Int(found.gl_pathc) {
                guard let path = found.gl_pathv[index] else { continue }
                // By bytes: a name may begin with an accent, which to Swift belongs to the slash.
                let text = String(cString: path).utf8
                guard text.starts(with: prefix) else { continue }
                names.insert(String(decoding: text.dropFirst(prefix.count), as: UTF8.self))
            }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The globs, and the same with the endings of packed files behind them: the file of the night
    /// may be packed at any time.
    private static func patterns(_ globs: [String]) -> [String] {
        globs.flatMap { glob in
            [glob] + [".gz", ".zst", ".xz", ".bz2", ".zip"].map { glob + $0 }
        }
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

    /// How many bytes of text there are to read.
    public var textSize: Int { all.reduce(0) { $0 + $1.source.size } }

    /// The text of a file from its beginning on.
    ///
    /// - Throws: `TrueupError.run` where it cannot be read.
    public func text(of file: Int, upTo end: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: end)
        do {
            let count = try bytes.withUnsafeMutableBytes {
                try all[file].source.read(into: $0, at: 0)
            }
            return Array(bytes.prefix(count))
        } catch let error as TextSourceError {
            throw TrueupError.run(
                Finding(
                    "the dump cannot be read", at: SourcePosition(file: all[file].path),
                    found: error.description, remedy: "check the file, and run again"))
        }
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

/// A file that is to be opened.
private struct WantedFile: Sendable {
    let name: String
    let folder: String
    let kind: RecordKind
    let input: InputDefinition
    let inputIndex: Int
    let isCarried: Bool

    /// Opens it, or says why it cannot be opened.
    ///
    /// - Throws: What `checkStopped` throws.
    func open(_ checkStopped: () throws -> Void) throws -> Result<InputFile, Finding> {
        let path = folder + "/" + name
        let source: TextSource
        do throws(TextSourceError) {
            source =
                isCarried
                ? try TextSource(path: path)
                : try TextSource(
                    dump: path, encoding: input.format.encoding.map(TextEncoding.init)
                ) { (try? checkStopped()) == nil }
        } catch {
            if case .stopped = error { try checkStopped() }
            return .failure(finding(path, error))
        }
        return .success(
            InputFile(
                name: name, path: path, source: source, kind: kind, input: input,
                inputIndex: inputIndex, isCarried: isCarried))
    }

    private func finding(_ path: String, _ error: TextSourceError) -> Finding {
        guard !isCarried else {
            return Finding(
                "what the latest run handed on cannot be read", at: SourcePosition(file: path),
                found: error.description, remedy: "restore the run's folder from its archive")
        }
        return Finding(
            "the dump cannot be read", at: SourcePosition(file: path), found: error.description,
            remedy: error.remedy ?? "check that it is a readable file, and run again")
    }
}

extension TextEncoding {
    fileprivate init(_ encoding: FileEncoding) {
        self =
            switch encoding {
            case .utf8: .utf8
            case .utf16LittleEndian: .utf16LittleEndian
            case .utf16BigEndian: .utf16BigEndian
            case .iso8859_1: .iso8859_1
            case .iso8859_15: .iso8859_15
            case .windows1252: .windows1252
            }
    }
}
