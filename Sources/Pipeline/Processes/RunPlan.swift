import Definition
import DelimitedText
import Diagnostics
import Emission
import Ingestion
import Reconciliation
import Records
import Reporting
import RunStore
import Time

/// Everything that processes which share a run out need beside the rows: what the run is asked to do,
/// what earlier runs handed on, its files, and its secret key.
///
/// It holds the catalogue, the users and the bank's lines whole, and whoever has it can tell which
/// prints are of which ids: it is as secret as the dumps are.
public struct RunPlan: Sendable {
    /// A dump, as the planning process found it.
    struct PlannedFile: Sendable {
        var name = ""
        var kind = RecordKind.payments
        /// Which of the kind's inputs named it.
        var inputIndex = 0
        /// Whether its text is another than its bytes.
        var isDecoded = false
        /// How many bytes the file has.
        var fileSize: Int64 = 0
        /// The whole text of a kind of which there are few records; of others what stands above the
        /// rows, or with the first row where nothing does.
        var text: [UInt8] = []
    }

    /// A preset that the definition names.
    struct PlannedPreset: Sendable {
        var name = ""
        var bytes: [UInt8] = []
    }

    var definition: [UInt8] = []
    var presets: [PlannedPreset] = []
    var asOf = Instant.absent
    var users: [String] = []
    var payments: [String] = []
    var key = FingerprintKey()
    var previousRun = ""
    /// The open items and decisions of the run before; the rest of what it handed on is joined.
    var carried = CarriedItems()
    var handedOn: [WaitingEmission] = []
    var files: [PlannedFile] = []
    /// By which parts know their plan; known once it was written or read.
    private(set) var digest = ""

    /// The plan as a file.
    ///
    /// It is known by its checksum from then on.
    mutating func sealed() -> [UInt8] {
        let bytes = Seal.seal(fieldBytes, as: .plan, nil)
        digest = String(decoding: bytes.suffix(Seal.width), as: UTF8.self)
        return bytes
    }

    /// Reads a plan.
    ///
    /// - Throws: `TrueupError.run` where the file is none of this version.
    public init(path: String) throws {
        let bytes = try ReadFile.bytes(of: path)
        let content = try Seal.open(bytes, as: .plan, nil, path: path)
        do throws(DamagedFields) {
            self = try RunPlan(fieldBytes: content)
        } catch {
            throw Seal.damaged(.plan, path: path)
        }
        digest = String(decoding: bytes.suffix(Seal.width), as: UTF8.self)
    }

    init() {}

    /// The run that is planned, between some folders.
    ///
    /// - Throws: `TrueupError.definition` where the definition is none for this machine, by its zones
    ///   say.
    public func request(
        inputFolder: String, outputFolder: String, watch: SignalWatch
    ) throws -> RunRequest {
        let definition = try PipelineDefinition.parse(
            bytes: definition, file: "the plan's definition",
            presets: PresetLibrary(holding: presets.map { ($0.name, $0.bytes) }),
            isKnownZone: Zone.isKnown)
        var request = RunRequest(
            definition: definition, inputFolder: inputFolder, outputFolder: outputFolder,
            asOf: asOf, watch: watch)
        request.users = users
        request.payments = payments
        return request
    }

    /// The planned files, of which some are at hand; the others are known by their heads alone.
    func inputFiles(
        _ definition: PipelineDefinition, _ atHand: [Int: (TextSource, RowExcerpt?)]
    ) throws -> InputFiles {
        InputFiles(
            try files.enumerated().map { index, file in
                let inputs = definition.inputs[file.kind] ?? []
                guard file.inputIndex < inputs.count else { throw DamagedFields() }
                var found = atHand[index]
                if found == nil {
                    let text = file.kind.isFew ? file.text : RowExcerpt.beginning
                    found = (
                        TextSource(bytes: text, name: file.name),
                        file.kind.isFew ? nil : RowExcerpt(head: file.text, name: file.name)
                    )
                }
                guard let (source, excerpt) = found else { throw DamagedFields() }
                return InputFile(
                    name: file.name, path: file.name, source: source, kind: file.kind,
                    input: inputs[file.inputIndex], inputIndex: file.inputIndex, excerpt: excerpt)
            })
    }

    /// Whether rows of a file are shared out.
    func isShared(_ file: Int) -> Bool { files.indices.contains(file) && !files[file].kind.isFew }
}

extension RunPlan: FieldCoded {
    /// A plan of nothing.
    public static var blank: RunPlan { RunPlan() }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(bytes: &definition)
        try coder.code(&presets)
        try coder.code(&asOf)
        try coder.code(&users)
        try coder.code(&payments)
        try coder.code(&key)
        try coder.code(&previousRun)
        try coder.code(&carried.items)
        try coder.code(&carried.decisions)
        try coder.code(&handedOn)
        try coder.code(&files)
    }
}

extension RunPlan.PlannedFile: FieldCoded {
    static var blank: RunPlan.PlannedFile { RunPlan.PlannedFile() }

    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&name)
        try coder.code(&kind)
        try coder.code(&inputIndex)
        try coder.code(&isDecoded)
        try coder.code(&fileSize)
        try coder.code(bytes: &text)
    }
}

extension RunPlan.PlannedPreset: FieldCoded {
    static var blank: RunPlan.PlannedPreset { RunPlan.PlannedPreset() }

    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&name)
        try coder.code(bytes: &bytes)
    }
}

/// Files that are read whole.
enum ReadFile {
    /// The bytes of a file.
    ///
    /// - Throws: `TrueupError.run` where it cannot be read.
    static func bytes(of path: String) throws -> [UInt8] {
        let file = try ScratchFile(reading: path)
        return try bytes(of: StoredRange(file, 0..<(try file.size())))
    }

    /// Some bytes of a file.
    static func bytes(of range: StoredRange) throws -> [UInt8] {
        let count = range.bytes.count
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytes {
            try range.file.read(at: range.bytes.lowerBound, into: $0)
        }
        return read == count ? bytes : Array(bytes.prefix(read))
    }
}
