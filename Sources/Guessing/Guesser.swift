import Definition
import DelimitedText
import Diagnostics
import Glibc
import Ingestion
import Records
import Time

/// Guesses a first definition from the dumps in a folder.
public struct Guesser {
    private let folder: String
    private var files: [SampledFile] = []
    /// Files that are no dumps, with why.
    private var passedOver: [(name: String, reason: String)] = []

    /// Looks at the files of a folder.
    ///
    /// - Throws: `TrueupError.run` where the folder cannot be read, or holds no dump.
    public init(folder: String) throws(TrueupError) {
        self.folder = folder
        let presets = PresetLibrary.builtIn.presets(isKnownZone: Zone.isKnown)
        for name in try Guesser.names(in: folder) {
            do throws(TextSourceError) {
                let source = try Guesser.open(folder + "/" + name)
                if let file = try SampledFile(name: name, source: source, presets: presets) {
                    files.append(file)
                } else {
                    passedOver.append((name, "no row of it can be a header"))
                }
            } catch .notRegularFile {
                continue
            } catch {
                passedOver.append((name, "it cannot be read"))
            }
        }
        guard !files.isEmpty else {
            throw .run(
                Finding(
                    "the folder holds no dump", at: SourcePosition(file: folder),
                    expected: "CSV files with a header",
                    found: passedOver.isEmpty
                        ? "no files" : passedOver.map(\.name).prefix(12).joined(separator: ", "),
                    remedy: "name the folder into which dumps are exported"))
        }
    }

    /// Opens a dump; what is not UTF-8 and says nothing of itself is most often windows-1252.
    private static func open(_ path: String) throws(TextSourceError) -> TextSource {
        let source = try TextSource(dump: path)
        return source.beginsAsUTF8 ? source : try TextSource(dump: path, encoding: .windows1252)
    }

    /// The definition as text: valid where everything that a pipeline needs was found, with a
    /// comment for each guess, and `# ?` where it is unsure.
    public var definition: String {
        var inputs = InputGuess.all(of: files)
        Links(inputs).apply(to: &inputs)
        return DraftText(
            folder: folder, inputs: inputs.sorted { $0.kind < $1.kind },
            unused: unused(inputs), passedOver: passedOver
        ).text
    }

    private func unused(_ inputs: [InputGuess]) -> [String] {
        let used = Set(inputs.flatMap { $0.files.map(\.name) })
        return files.map(\.name).filter { !used.contains($0) }
    }

    /// The files of a folder that are not hidden, in the order of their names' bytes.
    private static func names(in folder: String) throws(TrueupError) -> [String] {
        guard let stream = opendir(folder) else {
            throw .run(
                Finding(
                    "the folder cannot be read", at: SourcePosition(file: folder),
                    found: String(cString: strerror(errno)),
                    remedy: "name the folder that holds the dumps"))
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// An input of the definition: files that are written alike, and how they are read.
struct InputGuess: Sendable {
    let kind: RecordKind
    var files: [SampledFile]
    var fields: [FieldGuess]
    /// Whether another kind is as likely.
    let otherKind: RecordKind?
    /// What links say of the preset's reference, where it should be another column.
    var reference: (column: String, reason: String)?

    /// The first file, of which all others are like.
    var example: SampledFile { files[0] }
    var preset: Preset? { example.preset }
    /// What must be said of the encoding, of any of the files.
    var encoding: FileEncoding? { files.lazy.compactMap(\.encoding).first }

    /// The inputs that files make up; what is of no kind is left out.
    static func all(of files: [SampledFile]) -> [InputGuess] {
        let ownPayments = files.contains { file in
            file.preset == nil && KindGuess.all(of: file).first?.kind == .payments
        }
        var inputs: [InputGuess] = []
        for file in files {
            guard let guess = InputGuess(file, hasPayments: ownPayments) else { continue }
            let alike = inputs.firstIndex { other in
                other.kind == guess.kind && other.preset?.name == file.preset?.name
                    && (file.preset != nil || other.example.header == file.header)
            }
            if let alike {
                inputs[alike].files.append(file)
            } else {
                inputs.append(guess)
            }
        }
        return inputs
    }

    private init?(_ file: SampledFile, hasPayments: Bool) {
        files = [file]
        if let preset = file.preset {
            let kinds = preset.inputs.keys.sorted()
            let likely: [RecordKind] = hasPayments ? [.settlements] : [.payments, .settlements]
            guard let kind = likely.first(where: kinds.contains) ?? kinds.first else { return nil }
            self.kind = kind
            fields = []
            otherKind = nil
            return
        }
        let guesses = KindGuess.all(of: file)
        guard let best = guesses.first, best.missing.count * 2 <= best.fields.count else {
            return nil
        }
        kind = best.kind
        fields = best.fields
        otherKind = guesses.dropFirst().first { $0.score * 10 > best.score * 8 }?.kind
    }

    /// The fields that every record must have, and for which no column was found.
    var missing: [FieldName] {
        preset != nil
            ? []
            : kind.fields.filter { field in
                field.isRequired && !fields.contains { $0.field == field }
            }
    }

    func field(_ name: String) -> FieldGuess? { fields.first { $0.field.text == name } }
}
