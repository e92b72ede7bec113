import Diagnostics
import Records

/// The files of presets, and what naming one in an input means.
enum PresetSchema {
    /// What a preset's name is.
    static let name = Shape.scalar(
        "a preset's name",
        expected: "lower case letters, digits and hyphens, at most 64, with no hyphen first",
        example: "stripe-payments",
        schema: ["type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$", "maxLength": 64]
    ) { text in PresetLibrary.isName(text) ? text : nil }

    /// A preset's file.
    static let preset = Shape<Draft>.mapping(
        Draft(),
        [
            .required(
                "title", \.preset.title, .text("a title", example: "Stripe, payments"),
                example: "title: Stripe, payments",
                "What the report is called where it is downloaded."),
            Key(
                "experimental", \.preset.isExperimental, .truth, default: false,
                "Whether no public source confirms every column."),
            .required(
                "signature", \.preset.signature.columns, signature,
                example: "signature: [id, Amount, Status]",
                "Columns that every file of the report has; of a list within, one at least."),
            Key(
                "without", \.preset.signature.without, ColumnSchema.headers,
                "Columns that make it another report."),
            Key(
                "format", \.format, FormatSchema.format.shared(as: "format"),
                "How the files are written, whatever they are read as."),
            .required(
                "inputs", \.preset.inputs, inputs,
                example: "inputs: {settlements: {columns: {id: id}}}",
                "How the report is read, for each kind of record that it can be read as."),
        ]
    ).map(\.preset)

    /// What stands in a preset's file; its format is part of each of its inputs.
    struct Draft: Sendable {
        var preset = Preset()
        var format = FormatDefinition()
    }

    private static let signature = Shape<[[String]]>.list(
        of: ColumnSchema.headers, atLeast: 1, "headers", example: "[id, Amount, Status]")

    private static let inputs = Shape<[RecordKind: InputDefinition]>.mapping(
        [:],
        RecordKind.allCases.map { kind in
            Key(
                kind.rawValue, \.[kind],
                Shape<InputDefinition>.mapping(
                    InputDefinition(files: []), InputSchema.reading(of: kind)
                ).optional, "How it is read as \(kind.rawValue).")
        }, schema: ["minProperties": 1]
    ) { node, decoding in
        guard node.entries.isEmpty, case .mapping = node.content else { return }
        decoding.report(
            "inputs has no kind", at: node.position, expected: "a kind of record at least",
            found: "no keys", remedy: "add settlements: {columns: {id: id}}")
    }

    /// Whether the report does not state something about its dates, so that its user must.
    static func needs(_ key: String, _ root: YAMLNode) -> Bool {
        let formats = [root["format"]] + (root["inputs"]?.entries ?? []).map { $0.value["format"] }
        return formats.contains { format in
            guard case .scalar(let text, _) = format?["dates"]?[key]?.content else {
                return false
            }
            return text == FormatSchema.unknown
        }
    }

    // MARK: Using one

    /// An input with what its preset says beneath its own keys, and the preset; the input as it is
    /// where it names none, or none that can be used, which is then reported.
    static func expand(
        _ input: YAMLNode, _ kind: RecordKind, _ decoding: inout Decoding
    ) -> (YAMLNode, Preset?) {
        guard let library = decoding.presets, let node = input["preset"],
            case .scalar(let name, _) = node.content, PresetLibrary.isName(name)
        else { return (input, nil) }
        do throws(TrueupError) {
            guard let text = try library.text(of: name) else {
                reportUnknown(name, node, library, &decoding)
                return (input, nil)
            }
            let (preset, root) = try text.read(isKnownZone: decoding.isKnownZone)
            guard let says = root["inputs"]?[kind.rawValue] else {
                reportKind(kind, of: preset, node, &decoding)
                return (input, nil)
            }
            if !decoding.usedPresets.contains(text) { decoding.usedPresets.append(text) }
            var beneath = says
            if let format = root["format"] {
                let entry = YAMLEntry(key: "format", position: format.position, value: format)
                beneath = YAMLNode(content: .mapping([entry]), position: says.position)
                    .overlaid(by: says)
            }
            // What is wrong with the two together is for the definition to mend.
            return (beneath.placed(at: node.position).overlaid(by: input), preset)
        } catch {
            decoding.report(error.findings)
            return (input, nil)
        }
    }

    private static func reportUnknown(
        _ name: String, _ node: YAMLNode, _ library: PresetLibrary, _ decoding: inout Decoding
    ) {
        let known = library.names
        decoding.report(
            "there is no preset \(quoted(name))", at: node.position,
            expected: "one of " + listed(known, "or"), found: quoted(name),
            remedy: nearestWord(to: name, among: known).map { "write \($0), if that is meant" }
                ?? "put the file \(PresetLibrary.folderName)/\(name).yaml beside the definition")
    }

    private static func reportKind(
        _ kind: RecordKind, of preset: Preset, _ node: YAMLNode, _ decoding: inout Decoding
    ) {
        let kinds = preset.inputs.keys.sorted().map(\.rawValue)
        decoding.report(
            "the preset \(preset.name) does not read \(kind.rawValue)", at: node.position,
            expected: "a preset that does", found: "one that reads " + listed(kinds),
            remedy: "name it under \(listed(kinds, "or")), or say here what the columns are")
    }
}

extension YAMLNode {
    /// Keys whose mappings are put together; of all others, the upper one counts as a whole.
    private static func isMerged(_ path: [String]) -> Bool {
        switch path.first {
        case nil: true
        case "columns": path.count == 1
        case "values": path.count <= 2
        case "format": path.count == 1 || path == ["format", "dates"]
        default: false
        }
    }

    /// An input with another one's keys on top.
    fileprivate func overlaid(by upper: YAMLNode, path: [String] = []) -> YAMLNode {
        guard case .mapping(var entries) = content, case .mapping(let own) = upper.content,
            YAMLNode.isMerged(path)
        else { return upper }
        for entry in own {
            guard let place = entries.firstIndex(where: { $0.key == entry.key }) else {
                entries.append(entry)
                continue
            }
            let below = entries[place].value
            entries[place] = entry
            entries[place].value = below.overlaid(by: entry.value, path: path + [entry.key])
        }
        return YAMLNode(content: .mapping(entries), position: upper.position)
    }

    /// The same, with everything at one place.
    fileprivate func placed(at position: SourcePosition) -> YAMLNode {
        let content: Content =
            switch content {
            case .scalar: content
            case .sequence(let nodes): .sequence(nodes.map { $0.placed(at: position) })
            case .mapping(let entries):
                .mapping(
                    entries.map {
                        YAMLEntry(
                            key: $0.key, position: position, value: $0.value.placed(at: position))
                    })
            }
        return YAMLNode(content: content, position: position)
    }
}
