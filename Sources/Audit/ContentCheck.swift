import Diagnostics
import RunStore

/// Holds what stands in an archive, or in a run's folder, against the checksums that tell of it.
struct ContentCheck {
    /// What messages call the archive or the folder.
    let place: String
    private(set) var faults: [Finding] = []

    init(place: String) { self.place = place }

    /// Holds an archive's files against its manifest and its list of the outputs' checksums.
    mutating func check(_ content: ArchiveContent, _ manifest: ArchiveManifest) {
        var files: [String: SHA256Digest] = [:]
        for file in content.files { files[file.name] = file.digest }
        files["manifest.json"] = nil
        let definition = "definition/\(manifest.pipeline).yaml"
        take(definition, manifest.definition, from: &files)
        for preset in manifest.presets {
            take("definition/gateways/\(preset.name).yaml", preset.digest, from: &files)
        }
        var carried: [String: SHA256Digest] = [:]
        for file in manifest.carried {
            guard carried.updateValue(file.digest, forKey: file.name) == nil else { continue }
            take(file.name, file.digest, from: &files)
        }
        // A file that the run was given for two kinds of records is named twice.
        var named: Set<String> = []
        for file in manifest.inputs {
            let name = "inputs/\(file.name)"
            // What was handed on is named here as well; a folder of dumps may be called the same.
            let isCarried = carried[file.name] == file.digest && files[name] != file.digest
            guard !isCarried, named.insert(name).inserted else { continue }
            take(name, file.digest, from: &files)
        }
        checkOutputs(content, &files)
        for name in files.keys.sorted() { fault("has been added to the archive", name) }
    }

    private mutating func checkOutputs(
        _ content: ArchiveContent, _ files: inout [String: SHA256Digest]
    ) {
        let list = "outputs/\(RunHistory.checksumsName)"
        files[list] = nil
        guard let text = content.checksums, let checksums = ChecksumList(reading: text) else {
            for name in files.keys where name.hasPrefix("outputs/") { files[name] = nil }
            fault(content.checksums == nil ? "is missing" : "is no list of checksums", list)
            return
        }
        for (name, digest) in checksums.files { take("outputs/\(name)", digest, from: &files) }
    }

    /// Holds a published run's folder against its list of checksums; gives the list's own checksum.
    mutating func check(
        _ run: RunID, in history: RunHistory, checkStopped: () throws(TrueupError) -> Void
    ) throws(TrueupError) -> (files: Int, list: SHA256Digest?) {
        let list = "\(place)/\(RunHistory.checksumsName)"
        let text: [UInt8]
        do throws(TrueupError) {
            text = try RunHistory.bytes(of: list, limit: 64 << 20)
        } catch {
            faults += error.findings
            return (0, nil)
        }
        let digest = text.withUnsafeBytes { SHA256Digest(of: $0) }
        guard let checksums = ChecksumList(reading: text) else {
            fault("is no list of checksums", RunHistory.checksumsName)
            return (0, digest)
        }
        var entries: [String: StoredEntry.Kind] = [:]
        for entry in try history.entries(of: run) where entry.kind != .folder {
            entries[entry.name] = entry.kind
        }
        for (name, digest) in checksums.files {
            try checkStopped()
            switch entries.removeValue(forKey: name) {
            case nil: fault("is missing", name)
            case .file:
                let found = try HashedFile(path: "\(place)/\(name)").digest
                if found != digest { changed(name, digest, found) }
            default: fault("is no plain file any more", name)
            }
        }
        for (name, kind) in entries.sorted(by: { $0.key < $1.key }) {
            if case .link(let target) = kind, name == RunHistory.previousName,
                target.hasPrefix("../"), RunID(target.dropFirst(3)) != nil
            {
                continue
            }
            if kind == .file, !RunHistory.isCovered(name) { continue }
            fault("has been added to the run", name)
        }
        return (checksums.files.count, digest)
    }

    /// Takes out a file that must be there and have this checksum.
    private mutating func take(
        _ name: String, _ digest: SHA256Digest, from files: inout [String: SHA256Digest]
    ) {
        guard let found = files.removeValue(forKey: name) else {
            return fault("is missing", name)
        }
        if found != digest { changed(name, digest, found) }
    }

    private mutating func changed(_ name: String, _ digest: SHA256Digest, _ found: SHA256Digest) {
        faults.append(
            Finding(
                "\(name) has been changed", at: SourcePosition(file: place),
                expected: digest.hex, found: found.hex,
                remedy: "restore it from a backup, or find out who changed it and why"))
    }

    private mutating func fault(_ what: String, _ name: String) {
        faults.append(
            Finding(
                "\(name) \(what)", at: SourcePosition(file: place),
                remedy: "restore it from a backup, or find out who changed it and why"))
    }
}
