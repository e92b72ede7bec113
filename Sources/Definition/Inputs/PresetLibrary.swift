import Diagnostics
import Gateways
import Glibc

/// Where presets are looked for: among texts that are at hand, in the folder `gateways` beside the
/// definition, then among those that are built in.
public struct PresetLibrary: Sendable, Hashable {
    /// The folder's name, beside a definition and in what a run leaves.
    public static let folderName = "gateways"
    /// The folder beside the definition; nil for the built-in presets alone.
    private let folder: String?
    /// Texts that were read before.
    private let texts: [PresetText]

    /// The built-in presets alone.
    public static let builtIn = PresetLibrary(texts: [])

    /// Presets that a definition used elsewhere, by name and bytes, then the built-in ones.
    public init(holding texts: [(name: String, bytes: [UInt8])]) {
        self.init(
            texts: texts.map { name, bytes in
                PresetText(
                    name: name, bytes: bytes, file: "\(PresetLibrary.folderName)/\(name).yaml")
            })
    }

    private init(texts: [PresetText]) {
        folder = nil
        self.texts = texts
    }

    /// The presets that a definition at this path can use.
    public init(besideDefinition path: String) {
        let parent = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        folder = parent + PresetLibrary.folderName
        texts = []
    }

    /// The names of all presets, in the order of their bytes.
    public var names: [String] {
        var names = Set(BuiltInPreset.all.map(\.name))
        names.formUnion(texts.map(\.name))
        if let folder { names.formUnion(PresetLibrary.names(in: folder)) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The presets that can be read, in the order of their names: what a file's headers are held
    /// against.
    public func presets(isKnownZone: @escaping (String) -> Bool) -> [Preset] {
        names.compactMap { name in
            guard let text = try? text(of: name) else { return nil }
            if let known = PresetLibrary.builtInPresets[text] { return known }
            return try? text.read(isKnownZone: isKnownZone).preset
        }
    }

    /// What the built-in presets say, read once; tests hold that their zones are known.
    private static let builtInPresets: [PresetText: Preset] = {
        var presets: [PresetText: Preset] = [:]
        for name in BuiltInPreset.all.map(\.name) {
            guard let text = try? builtIn.text(of: name) else { continue }
            presets[text] = try? text.read(isKnownZone: { _ in true }).preset
        }
        return presets
    }()

    /// The text of a preset; nil where there is none of this name.
    ///
    /// - Throws: `TrueupError.definition` where the file of this name cannot be read.
    func text(of name: String) throws(TrueupError) -> PresetText? {
        guard PresetLibrary.isName(name) else { return nil }
        if let text = texts.first(where: { $0.name == name }) { return text }
        if let folder, access("\(folder)/\(name).yaml", F_OK) == 0 {
            let path = "\(folder)/\(name).yaml"
            do throws(Finding) {
                let bytes = try readFile(path, limit: YAMLComposer.largestFile, isPlain: true)
                return PresetText(name: name, bytes: bytes, file: path)
            } catch {
                throw .definition(Findings([error]))
            }
        }
        return BuiltInPreset.all.first { $0.name == name }.map {
            PresetText(
                name: name, bytes: $0.text(), file: "\(PresetLibrary.folderName)/\(name).yaml")
        }
    }

    /// Names are plain, so that none leaves the folder.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64 && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasSuffix(".yaml") else { continue }
            let plain = String(name.dropLast(".yaml".count))
            if isName(plain) { names.append(plain) }
        }
        return names
    }
}

/// A preset's file, as it was read.
public struct PresetText: Sendable, Hashable {
    /// The preset's name.
    public let name: String
    /// The file, byte for byte.
    public let bytes: [UInt8]
    /// What messages call the file.
    let file: String
    /// The file's path beside the definition.
    public var fileName: String { "\(PresetLibrary.folderName)/\(name).yaml" }

    /// Reads and checks a preset's text: what it says, and the tree of it.
    func read(
        isKnownZone: @escaping (String) -> Bool
    ) throws(TrueupError) -> (preset: Preset, root: YAMLNode) {
        let root: YAMLNode
        var decoding: Decoding
        do {
            let composed = try YAMLComposer.compose(bytes, file: file)
            root = composed.root
            decoding = Decoding(
                currency: nil, isKnownZone: isKnownZone, presets: nil,
                findings: composed.findings)
        } catch {
            throw .definition(Findings([error]))
        }
        let preset = PresetSchema.preset.read(root, &decoding)
        guard decoding.findings.isEmpty, var preset else {
            throw .definition(Findings(decoding.findings))
        }
        preset.name = name
        preset.needsZone = PresetSchema.needs("zone", root)
        preset.needsPattern = PresetSchema.needs("pattern", root)
        return (preset, root)
    }
}
