import Diagnostics
import Dispatch
import Glibc
import Parallel
import Synchronization
import Time

/// An input file of a run, as the archive keeps it.
public struct ArchivedInput: Sendable {
    /// The name below `inputs/`: the file's path relative to the input folder.
    public var name: String
    /// Where the file is read from.
    public var path: String
    /// The state in which the file was hashed; nil where that does not matter.
    public var identity: FileIdentity?

    /// Names a file to archive.
    public init(name: String, path: String, identity: FileIdentity? = nil) {
        self.name = name
        self.path = path
        self.identity = identity
    }
}

/// What a run's archive holds that is known before the run's work is done.
public struct ArchiveContents: Sendable {
    /// The pipeline's name; the definition stands in `definition/<name>.yaml`.
    public var pipeline: String
    /// The definition's text, byte for byte.
    public var definition: [UInt8]
    /// What stands beside the definition, by its path from there: the presets that it names.
    public var presets: [(name: String, bytes: [UInt8])]
    /// The input files, in any order.
    public var inputs: [ArchivedInput]
    /// What the run before handed on, in any order: the names are those below `carried/`.
    public var carried: [ArchivedInput]

    /// Describes an archive's beginning.
    public init(
        pipeline: String, definition: [UInt8], presets: [(name: String, bytes: [UInt8])] = [],
        inputs: [ArchivedInput], carried: [ArchivedInput] = []
    ) {
        self.pipeline = pipeline
        self.definition = definition
        self.presets = presets
        self.inputs = inputs
        self.carried = carried
    }
}

/// A run's archive, written on a thread of its own beside the run's work.
///
/// The layout, version 1. Entries rise by the bytes of their names, which lets the inputs go
/// first, before there is any output:
///
///     carried/<file>               what the run before handed on; absent in the first run's
///     definition/<pipeline>.yaml   the definition
///     definition/gateways/         the presets that it names; absent where it names none
///     inputs/<relative name>       the input files as they were read, compressed ones included
///     manifest.json                the caller's: versions, checksums, the archive before
///     outputs/<file>               every file of the run but timings.json and metrics.prom
///
/// Folders have entries of their own. `RunStaging.publish` ends the archive. One that goes away
/// without that is given up: its thread ends at its next block, and the unfinished file is gone.
public final class RunArchive: Sendable {
    /// Where the archive is written until it gets its name.
    let path: String
    /// Where its checksum is written until then.
    let checksumPath: String
    /// Where its signature is written until then.
    let signaturePath: String
    /// With what it is signed; nil for no signature.
    private let signingKey: SigningKey?
    /// Keeps the lock while the thread may still write.
    private let folder: OutputFolder
    private let job: ArchiveJob

    init(
        _ contents: ArchiveContents, asOf: Instant, threads: Int, signingKey: SigningKey?,
        folder: OutputFolder
    ) {
        let archives = "\(folder.history.path)/\(Layout.archiveFolder)"
        let path = "\(archives)/\(Layout.pendingArchive)"
        // The outputs' names are plain, so the inputs' decide.
        let rawNames = contents.inputs.contains { !$0.name.utf8.allSatisfy { $0 < 0x80 } }
        job = ArchiveJob(contents)
        job.start(path) { [job, fileSystem = folder.fileSystem] () throws(ArchiveError) in
            let sink: FileSink
            do throws(TrueupError) {
                sink = try FileSink(creating: path, hashing: true, fileSystem: fileSystem) {
                    digest, _ in job.digest.withLock { $0 = digest }
                }
            } catch {
                throw ArchiveError("create the archive", archive: path, cause: error)
            }
            job.ownsFile.store(true, ordering: .relaxed)
            return try ArchiveWriter(
                sink: sink, path: path, modificationTime: asOf, threads: threads,
                rawNames: rawNames, isStopped: { job.isStopped })
        }
        self.path = path
        checksumPath = "\(archives)/\(Layout.pendingArchiveChecksum)"
        signaturePath = "\(archives)/\(Layout.pendingArchiveSignature)"
        self.signingKey = signingKey
        self.folder = folder
    }

    deinit { abandon() }

    /// Adds the manifest and the outputs, and waits until the archive is written.
    func end(
        manifest: [UInt8], outputs: [String], of folder: String, unless watch: SignalWatch?
    ) throws(TrueupError) {
        job.provide(ArchiveJob.Ending(manifest: manifest, outputs: outputs, folder: folder))
        while !job.wait(milliseconds: 50) { try watch?.checkStopped() }
        try job.outcome()
    }

    /// Writes the checksum of the ended archive beside it, as `sha256sum` does for the archive's
    /// final name, and the checksum's signature where there is a key.
    func writeChecksum(of run: RunID) throws(TrueupError) {
        guard let digest = job.digest.withLock({ $0 }) else {
            preconditionFailure("an archive has a checksum once it is written")
        }
        var sink = try FileSink(
            creating: checksumPath, hashing: false, fileSystem: folder.fileSystem)
        job.ownsChecksum.store(true, ordering: .relaxed)
        let text = ArchiveSignature.text(of: run, digest: digest)
        try sink.write(text)
        try sink.close()
        guard let signingKey else { return }
        sink = try FileSink(
            creating: signaturePath, hashing: false, fileSystem: folder.fileSystem)
        job.ownsSignature.store(true, ordering: .relaxed)
        try sink.write(signingKey.sign(text))
        try sink.close()
    }

    /// The files that stand beside the archive, with the names that they are to get.
    func companions(of run: RunID) -> [(path: String, final: String)] {
        let history = folder.history
        let checksum = [(checksumPath, history.archiveChecksumPath(of: run))]
        return signingKey == nil
            ? checksum : checksum + [(signaturePath, history.archiveSignaturePath(of: run))]
    }

    /// Leaves the file to whoever has given it its name.
    func release() {
        job.ownsFile.store(false, ordering: .relaxed)
        job.ownsChecksum.store(false, ordering: .relaxed)
        job.ownsSignature.store(false, ordering: .relaxed)
    }

    /// Gives the archive up: stops the thread, waits for it, and removes the unfinished file.
    ///
    /// A released archive is left alone, as is a file of this name that is another's.
    func abandon() {
        job.stop()
        while !job.wait(milliseconds: 1000) {}
        if job.ownsChecksum.exchange(false, ordering: .relaxed) {
            try? folder.fileSystem.removeTree(checksumPath)
        }
        if job.ownsSignature.exchange(false, ordering: .relaxed) {
            try? folder.fileSystem.removeTree(signaturePath)
        }
        guard job.ownsFile.exchange(false, ordering: .relaxed) else { return }
        try? folder.fileSystem.removeTree(path)
    }
}

/// The thread that writes an archive, and what it and the run tell each other.
private final class ArchiveJob: Sendable {
    /// What is known only when the work is done.
    struct Ending: Sendable {
        let manifest: [UInt8]
        let outputs: [String]
        let folder: String
    }

    private struct State {
        var ending: Ending?
        var failure: TrueupError?
    }

    /// Whether the unfinished file was made by this job and still bears its first name; the
    /// semaphore `done` orders its changes.
    let ownsFile = Atomic<Bool>(false)
    /// Whether the file of the checksum was made by this job and still bears its first name.
    let ownsChecksum = Atomic<Bool>(false)
    /// The same of the file of the signature.
    let ownsSignature = Atomic<Bool>(false)
    /// The checksum of the archive, once it is written.
    let digest = Locked<SHA256Digest?>(nil)

    private let contents: ArchiveContents
    private let state = Locked(State())
    private let stopped = Atomic<Bool>(false)
    private let endingGiven = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    init(_ contents: ArchiveContents) { self.contents = contents }

    var isStopped: Bool { stopped.load(ordering: .relaxed) }

    /// Begins a thread that makes the writer, uses it and closes it.
    ///
    /// `archive` is what a message calls it.
    func start(
        _ archive: String,
        _ makeWriter: @escaping @Sendable () throws(ArchiveError) -> ArchiveWriter
    ) {
        do throws(WorkThread.Refusal) {
            try WorkThread { [self] in
                do throws(ArchiveError) {
                    try write(try makeWriter())
                } catch {
                    state.withLock { $0.failure = error.asTrueupError }
                }
                done.signal()
            }.detach()
        } catch {
            state.withLock {
                $0.failure = .run(
                    SystemError(code: error.code).finding(
                        "cannot start the thread that writes the archive", path: archive))
            }
            done.signal()
        }
    }

    func provide(_ ending: Ending) {
        state.withLock { $0.ending = ending }
        endingGiven.signal()
    }

    func stop() {
        stopped.store(true, ordering: .relaxed)
        endingGiven.signal()
    }

    /// Whether the thread has ended, asked for at most so long.
    func wait(milliseconds: Int) -> Bool {
        guard done.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else {
            return false
        }
        // Whoever asks next is to hear the same.
        done.signal()
        return true
    }

    func outcome() throws(TrueupError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func write(_ writer: consuming ArchiveWriter) throws(ArchiveError) {
        var entries = ArchivePlan()
        entries.add("definition/\(contents.pipeline).yaml", .bytes(contents.definition))
        for preset in contents.presets {
            entries.add("definition/\(preset.name)", .bytes(preset.bytes))
        }
        for file in contents.carried {
            entries.add("carried/\(file.name)", .file(file.path, file.identity))
        }
        for input in contents.inputs {
            entries.add("inputs/\(input.name)", .file(input.path, input.identity))
        }
        try entries.write(to: &writer)
        endingGiven.wait()
        guard let ending = state.withLock({ $0.ending }), !isStopped else { return }
        entries = ArchivePlan()
        entries.add("manifest.json", .bytes(ending.manifest))
        for name in ending.outputs {
            entries.add("outputs/\(name)", .file("\(ending.folder)/\(name)", nil))
        }
        try entries.write(to: &writer)
        try writer.close()
    }
}

/// Entries of an archive and the folders above them, to be written in the order of their names.
private struct ArchivePlan {
    enum Content {
        case folder
        case bytes([UInt8])
        case file(String, FileIdentity?)
    }

    private var entries: [String: Content] = [:]

    mutating func add(_ name: String, _ content: Content) {
        entries[name] = content
        var folder = name[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            entries[String(folder)] = .folder
        }
    }

    func write(to writer: inout ArchiveWriter) throws(ArchiveError) {
        let sorted = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (name, content) in sorted {
            switch content {
            case .folder: try writer.addFolder(name)
            case .bytes(let bytes): try writer.addFile(name, content: bytes)
            case .file(let path, let identity):
                try writer.addFile(name, path: path, identity: identity)
            }
        }
    }
}
