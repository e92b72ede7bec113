import Diagnostics
import Glibc
import Money

extension PipelineDefinition {
    /// Reads and checks a pipeline file.
    ///
    /// - Parameters:
    ///   - path: the file, at most 1 MiB of UTF-8.
    ///   - isKnownZone: whether a name is one of the time zone database's.
    /// - Returns: the definition, with the bytes that it was read from.
    /// - Throws: `TrueupError.definition`, with everything that is wrong, in the order of the
    ///   file; its positions count lines and bytes from 1.
    public static func load(
        path: String, isKnownZone: @escaping (String) -> Bool
    ) throws(TrueupError) -> PipelineDefinition {
        let bytes: [UInt8]
        do {
            bytes = try readFile(path, limit: YAMLComposer.largestFile)
        } catch {
            throw .definition(Findings([error]))
        }
        return try parse(
            bytes: bytes, file: path, presets: PresetLibrary(besideDefinition: path),
            isKnownZone: isKnownZone)
    }

    /// Checks the text of a pipeline file.
    ///
    /// - Parameters:
    ///   - text: the definition, in YAML.
    ///   - file: what messages call it.
    ///   - presets: where inputs find the presets that they name.
    ///   - isKnownZone: whether a name is one of the time zone database's.
    /// - Returns: the definition, with the bytes that it was read from.
    /// - Throws: as `load(path:isKnownZone:)` does.
    public static func parse(
        text: String, file: String, presets: PresetLibrary = .builtIn,
        isKnownZone: @escaping (String) -> Bool
    ) throws(TrueupError) -> PipelineDefinition {
        try parse(
            bytes: Array(text.utf8), file: file, presets: presets, isKnownZone: isKnownZone)
    }

    /// Checks the bytes of a pipeline file, such as an archive keeps them.
    ///
    /// - Parameters:
    ///   - bytes: the definition, in YAML.
    ///   - file: what messages call it.
    ///   - presets: where inputs find the presets that they name.
    ///   - isKnownZone: whether a name is one of the time zone database's.
    /// - Returns: the definition, with the bytes that it was read from.
    /// - Throws: as `load(path:isKnownZone:)` does.
    public static func parse(
        bytes: [UInt8], file: String, presets: PresetLibrary = .builtIn,
        isKnownZone: @escaping (String) -> Bool
    ) throws(TrueupError) -> PipelineDefinition {
        let root: YAMLNode
        var decoding: Decoding
        do {
            let composed = try YAMLComposer.compose(bytes, file: file)
            root = composed.root
            decoding = Decoding(
                currency: currency(of: root), isKnownZone: isKnownZone, presets: presets,
                findings: composed.findings)
        } catch {
            throw .definition(Findings([error]))
        }
        let definition = PipelineSchema.pipeline.read(root, &decoding)
        let findings = readable(decoding.findings, file: file)
        guard findings.isEmpty, var definition else { throw .definition(Findings(findings)) }
        definition.source = bytes
        definition.presets = decoding.usedPresets.sorted { $0.name < $1.name }
        definition.library = presets
        return definition
    }

    /// The JSON Schema of pipeline files, for editors; it ends with a line feed.
    public static var editorSchema: String {
        document("Pipeline of trueup", PipelineSchema.pipeline.schema, InputSchema.sharedSchemas)
    }

    /// The JSON Schema of presets' files, for editors; it ends with a line feed.
    public static var presetEditorSchema: String {
        document(
            "Preset of trueup", PresetSchema.preset.schema, InputSchema.schemasSharedWithPresets)
    }

    private static func document(
        _ title: String, _ schema: JSON, _ shared: [JSON.Member]
    ) -> String {
        let head: JSON = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": .string(title),
        ]
        return head.merging(schema).merging(["$defs": .object(shared)]).text() + "\n"
    }

    /// Amounts everywhere in the file are in the pipeline's currency, so it is needed first.
    private static func currency(of root: YAMLNode) -> Currency? {
        guard case .scalar(let code, _) = root["currency"]?.content else { return nil }
        return Currency(code)
    }

    /// The findings in file order, and no more of them than anybody reads.
    private static func readable(_ findings: [Finding], file: String) -> [Finding] {
        let limit = Decoding.readableFindings
        let places = findings.map { ($0.position?.line ?? 0, $0.position?.column ?? 0) }
        // By index as well, because the sort does not promise to keep the order of equals.
        let order = findings.indices.sorted { left, right in
            (places[left].0, places[left].1, left) < (places[right].0, places[right].1, right)
        }
        var shown = order.prefix(limit).map { findings[$0] }
        if findings.count > limit {
            shown.append(
                Finding(
                    "\(findings.count - limit) more findings are not shown",
                    at: SourcePosition(file: file), expected: "a definition",
                    found: "\(findings.count) findings",
                    remedy: "mend the first ones, and check that this is the right file"))
        }
        return shown
    }
}

/// A file's bytes, one more than the limit at most: enough to tell that it is too large.
///
/// A pipe is read as well, since definitions may come from another command; unless `isPlain` wants
/// a regular file, since a pipe that nobody writes to is waited for without end.
func readFile(_ path: String, limit: Int, isPlain: Bool = false) throws(Finding) -> [UInt8] {
    func failure(_ found: String) -> Finding {
        Finding(
            "the definition cannot be read", at: SourcePosition(file: path),
            expected: "a file that this user may read", found: found,
            remedy: "check the path and its permissions")
    }
    func failure(_ code: Int32) -> Finding { failure(String(cString: strerror(code))) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | (isPlain ? O_NONBLOCK : 0))
    guard descriptor >= 0 else { throw failure(errno) }
    defer { close(descriptor) }
    if isPlain {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw failure(EISDIR) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure("no regular file") }
    }
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit + 1) { buffer, count in
        while count < buffer.count {
            let free = UnsafeMutableRawBufferPointer(
                rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
            let got = read(descriptor, free.baseAddress, free.count)
            if got > 0 { count += got; continue }
            if got < 0, errno == EINTR { continue }
            if got < 0 { code = errno }
            break
        }
    }
    guard code == 0 else { throw failure(code) }
    return bytes
}
