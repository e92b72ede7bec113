import Definition
import DelimitedText
import Diagnostics
import Ingestion
import Records
import RunStore

extension Pipeline {
    /// Reads a dump from standard input, and writes a line for each row that can be a record: where it
    /// stands, and what it names.
    ///
    /// The last line holds the survey of the dump.
    ///
    /// - Parameters:
    ///   - plan: The run's plan; the request must be that of the plan.
    ///   - index: Which of the plan's files it is.
    ///   - withRows: Whether each line has the row, too.
    /// - Throws: `TrueupError` where it cannot be read.
    public func listKeys(_ plan: RunPlan, ofFile index: Int, withRows: Bool) throws {
        guard plan.isShared(index) else {
            throw TrueupError.usage(
                Finding(
                    "no rows of this file are shared out",
                    expected: "the index of a file of which trueup plan says that it is not few",
                    found: String(index)))
        }
        let watch = request.watch
        let planned = plan.files[index]
        let inputs = setting.definition.inputs[planned.kind] ?? []
        guard planned.inputIndex < inputs.count else { throw Seal.damaged(.plan, path: "") }
        let spool = try StandardInput.spooled(in: ScratchFolder.path) { try watch.checkStopped() }
        let dump = try InputFile(
            sent: spool.path, as: planned.name, kind: planned.kind,
            input: inputs[planned.inputIndex], inputIndex: planned.inputIndex
        ) { try watch.checkStopped() }
        let files = try plan.inputFiles(setting.definition, [index: (dump.source, nil)])
        let hash = InputHash(of: files.all[index])
        let before = BeforeRun(plan)
        var listing = KeyListing(dump.source, plan.key, withRows: withRows)
        let output = try StandardOutput()
        let survey = try Ingester(
            definition: setting.definition, files: files, zone: setting.zone, key: plan.key,
            workers: setting.workers
        ).survey(of: index, by: DivisionKeys(setting, before)) { bytes in
            hash.update(bytes)
        } list: { row in
            try listing.fetch(row)
            try output.write { listing.append(row, to: &$0) }
        } checkStopped: {
            try watch.checkStopped()
        }
        let digest = try hash.finish(path: spool.path)
        let stored = StoredSurvey(
            plan: plan.digest, file: index, digest: digest.hex, survey: survey)
        try output.write { out in
            out += Array("#survey\t".utf8)
            Seal.seal(stored.fieldBytes, as: .survey, plan.key).withUnsafeBytes {
                out.append(base64: $0)
            }
            out.append(0x0A)
        }
        try output.close()
    }
}

/// Writes what rows name, a line each.
private struct KeyListing {
    private let source: TextSource
    private let key: FingerprintKey
    private let withRows: Bool
    /// Bytes of the dump around the row at hand.
    private var window: [UInt8] = []
    private var start = 0

    init(_ source: TextSource, _ key: FingerprintKey, withRows: Bool) {
        self.source = source
        self.key = key
        self.withRows = withRows
    }

    /// Has a row's bytes at hand, where they are asked for.
    mutating func fetch(_ row: ListedRow) throws {
        let end = row.place.offset + row.count
        guard withRows, end > start + window.count || row.place.offset < start else { return }
        start = row.place.offset
        window = [UInt8](
            repeating: 0, count: max(row.count, min(1 << 20, source.size - start)))
        let read = try window.withUnsafeMutableBytes { try source.read(into: $0, at: start) }
        guard read >= row.count else { throw TextSourceError.changed(path: source.path) }
    }

    /// `offset  length  line  orphan  name,name,...`, and the row.
    func append(_ row: ListedRow, to out: inout [UInt8]) {
        out.append(decimal: row.place.offset)
        out.append(0x09)
        out.append(decimal: row.count)
        out.append(0x09)
        out.append(decimal: row.line)
        out.append(0x09)
        if let name = row.names.reference, let money = row.names.givenBack {
            out.append(decimal: Int64(bitPattern: name))
            out.append(0x3A)
            out += money.token.utf8
        }
        out.append(0x09)
        if row.names.all.isEmpty { out.append(decimal: name(of: row)) }
        for (place, name) in row.names.all.enumerated() {
            if place > 0 { out.append(0x2C) }
            out.append(decimal: Int64(bitPattern: name))
        }
        if withRows {
            out.append(0x09)
            let first = row.place.offset - start
            window.withUnsafeBytes {
                out.append(
                    base64: UnsafeRawBufferPointer(rebasing: $0[first..<(first + row.count)]))
            }
        }
        out.append(0x0A)
    }

    /// A name for a row that names nothing: it stands alone.
    private func name(of row: ListedRow) -> Int64 {
        let print = withUnsafeBytes(of: row.place.packed.littleEndian) { key.fingerprint($0) }
        return Int64(bitPattern: print.high)
    }
}

/// What a process found out about a dump, as it goes to the one that joins the parts.
struct StoredSurvey: FieldCoded {
    /// The plan's checksum.
    var plan: String
    /// Which of the plan's files it is.
    var file: Int
    /// The checksum of the dump as it is.
    var digest: String
    var survey: FileSurvey

    static var blank: StoredSurvey {
        StoredSurvey(plan: "", file: 0, digest: "", survey: FileSurvey())
    }

    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&plan)
        try coder.code(&file)
        try coder.code(&digest)
        try coder.code(&survey)
    }
}
