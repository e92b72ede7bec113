import Definition
import Money
import Records
import Reporting
import RunStore
import Time

/// `run.json`: what the run was told, what it counted, and with which program.
public struct RunDocument {
    /// The version of the document's form.
    public static let format = 1

    let request: RunRequest
    let report: RunReport
    let files: [WrittenFile]

    var bytes: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("format", RunDocument.format)
            json.field("program", "trueup \(ProgramVersion.text)")
            writeDependencies(to: &json)
            writeRun(to: &json)
            json.field("parameters") { json in
                json.object { json in
                    json.field("dry_run", request.isDryRun)
                    json.field("archive", request.archives)
                    json.field("users") {
                        $0.array { json in request.users.forEach { json.string($0) } }
                    }
                    json.field("payments") {
                        $0.array { json in request.payments.forEach { json.string($0) } }
                    }
                }
            }
            json.field("inputs") { $0.array { json in writeInputs(to: &json) } }
            json.field("outputs") { $0.array { json in writeOutputs(to: &json) } }
        }
        return json.finish()
    }

    private func writeRun(to json: inout JSONWriter) {
        json.field("pipeline", report.pipeline)
        json.field("run", report.run)
        json.field("previous_run", report.previousRun)
        json.field("as_of", TimeText.text(report.asOf))
        json.field("definition_sha256", request.definition.sourceDigest.hex)
        writePresets(of: request.definition, to: &json)
    }

    private func writeDependencies(to json: inout JSONWriter) {
        let dependencies = request.replayed.map(\.dependencies) ?? Dependency.all
        guard !dependencies.isEmpty else { return }
        json.field("dependencies") { json in
            json.object { json in
                for dependency in dependencies { json.field(dependency.name, dependency.version) }
            }
        }
    }

    private func writeInputs(to json: inout JSONWriter) {
        for input in report.inputs {
            json.object { json in
                json.field("file", input.file)
                json.field("kind", input.kind.rawValue)
                json.field("bytes", input.bytes)
                json.field("sha256", input.sha256)
                json.field("rows", input.rows)
                json.field("records", input.records)
                json.field("repeated", input.repeated)
                json.field("replaced", input.replaced)
                json.field("rejected", input.rejected)
                json.field("left_out", input.leftOut)
                json.field("sums") { write(input.sums, to: &$0) }
                json.field("record_sums") { write(input.recordSums, to: &$0) }
                if input.kind == .sessions {
                    json.field("energy_kwh", Amount.text(sum: input.energy, digits: 6))
                    json.field(
                        "record_energy_kwh", Amount.text(sum: input.recordEnergy, digits: 6))
                }
            }
        }
    }

    /// Each file with its rows and the sums of its columns of money; of the ledger, its accounts.
    private func writeOutputs(to json: inout JSONWriter) {
        for file in files {
            json.object { json in
                json.field("file", file.file)
                json.field("rows", file.rows)
                json.field("sums") { json in
                    json.object { json in
                        for column in file.sums where !column.sums.entries.isEmpty {
                            json.field(column.column) { write(column.sums.entries, to: &$0) }
                        }
                    }
                }
            }
        }
    }

    private func write(
        _ sums: [(currency: Currency, sum: Int128)], to json: inout JSONWriter
    ) {
        json.object { json in
            for (currency, sum) in sums {
                json.field(currency.code, Amount.text(sum: sum, digits: currency.digits))
            }
        }
    }
}

/// `manifest.json` of an archive: what it is the archive of, and which one came before it.
public struct RunManifest {
    /// The version of the archive's form.
    public static let format = 1

    let request: RunRequest
    let report: RunReport
    let previousArchive: ArchiveReference?
    /// The archives that are removed for their age once the run is published.
    let removedArchives: [ArchiveReference]
    /// The key by which the archive is signed; nil where it is not.
    let signedBy: SHA256Digest?
    /// What the run before handed on, by name below `carried/`.
    let carried: [(file: ArchivedInput, hash: HashedFile)]

    var bytes: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("format", RunManifest.format)
            json.field("program", "trueup \(ProgramVersion.text)")
            json.field("pipeline", report.pipeline)
            json.field("run", report.run)
            json.field("previous_run", report.previousRun)
            json.field("previous_archive", previousArchive?.run.text ?? "")
            json.field("previous_archive_sha256", previousArchive?.digest.hex ?? "")
            json.field("removed_archives") { json in
                json.array { json in
                    for archive in removedArchives {
                        json.object { json in
                            json.field("run", archive.run.text)
                            json.field("sha256", archive.digest.hex)
                        }
                    }
                }
            }
            if let signedBy { json.field("signed_by", signedBy.hex) }
            json.field("as_of", TimeText.text(report.asOf))
            json.field("definition_sha256", request.definition.sourceDigest.hex)
            writePresets(of: request.definition, to: &json)
            json.field("users") { $0.array { json in request.users.forEach { json.string($0) } } }
            json.field("payments") { json in
                json.array { json in request.payments.forEach { json.string($0) } }
            }
            json.field("inputs") { json in
                json.array { json in
                    for input in report.inputs {
                        json.object { json in
                            json.field("file", input.file)
                            json.field("kind", input.kind.rawValue)
                            json.field("bytes", input.bytes)
                            json.field("sha256", input.sha256)
                        }
                    }
                }
            }
            json.field("carried") { $0.array { json in writeCarried(to: &json) } }
        }
        return json.finish()
    }

    private func writeCarried(to json: inout JSONWriter) {
        for (file, hash) in carried {
            json.object { json in
                json.field("file", "carried/\(file.name)")
                json.field("bytes", hash.identity.size)
                json.field("sha256", hash.digest.hex)
            }
        }
    }
}

/// The presets that the inputs name, with their checksums; nothing where there are none.
private func writePresets(of definition: PipelineDefinition, to json: inout JSONWriter) {
    guard !definition.presets.isEmpty else { return }
    json.field("presets") { json in
        json.array { json in
            for preset in definition.presets {
                json.object { json in
                    json.field("name", preset.name)
                    json.field("sha256", SHA256Digest(ofBytes: preset.bytes).hex)
                }
            }
        }
    }
}

extension PipelineDefinition {
    /// The checksum of the definition's file.
    var sourceDigest: SHA256Digest { SHA256Digest(ofBytes: source) }

    /// The checksum of the definition with the presets that it names: what tells runs apart.
    var digest: SHA256Digest {
        guard !presets.isEmpty else { return sourceDigest }
        return SHA256Digest(
            ofFiles: [("definition.yaml", sourceDigest)]
                + presets.map { ($0.fileName, SHA256Digest(ofBytes: $0.bytes)) })
    }
}

extension SHA256Digest {
    fileprivate init(ofBytes bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { SHA256Digest(of: $0) }
    }
}
