import Diagnostics
import Glibc
import Ingestion
import Records
import RunStore

/// The folder in which the parts of a run and the surveys of its dumps are gathered.
struct PartFolder {
    let path: String
    let plan: RunPlan

    /// Where a part is.
    func path(ofPart part: Int) -> String { "\(path)/part-\(PartFolder.digits(part)).part" }

    /// Where the survey of a dump is.
    func path(ofSurvey file: Int) -> String { "\(path)/file-\(PartFolder.digits(file)).survey" }

    private static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 5 - text.utf8.count)) + text
    }

    // MARK: Surveys

    /// The survey of each dump whose rows are shared out, by its index.
    ///
    /// - Throws: `TrueupError.run` where one is missing, damaged, or of another plan or dump.
    func surveys() throws -> [Int: StoredSurvey] {
        var surveys: [Int: StoredSurvey] = [:]
        for file in plan.files.indices where plan.isShared(file) {
            let path = path(ofSurvey: file)
            let content = try Seal.open(
                try ReadFile.bytes(of: path), as: .survey, plan.key, path: path)
            do throws(DamagedFields) {
                let survey = try StoredSurvey(fieldBytes: content)
                guard survey.plan == plan.digest, survey.file == file else { throw DamagedFields() }
                surveys[file] = survey
            } catch {
                throw Seal.damaged(.survey, path: path)
            }
        }
        return surveys
    }

    // MARK: Parts

    /// What each part says of itself, in their order.
    ///
    /// - Throws: `TrueupError.run` where one is missing, is there twice, or is of another plan.
    func headers() throws -> [PartHeader] {
        let count = try PartHeader(path: path(ofPart: 0), plan).count
        let headers = try (0..<count).map { try PartHeader(path: path(ofPart: $0), plan) }
        for (part, header) in headers.enumerated() {
            guard header.part == part, header.count == count else {
                throw wrong(
                    "a part stands in place of another", at: path(ofPart: part),
                    expected: "part \(part) of \(count)",
                    found: "part \(header.part) of \(header.count)")
            }
        }
        let next = path(ofPart: count)
        guard access(next, F_OK) != 0 else {
            throw wrong(
                "there is a part too many", at: next, expected: "\(count) parts", found: nil)
        }
        for (part, header) in headers.enumerated() where header.orphans != headers[0].orphans {
            throw wrong(
                "the part was found with other orphans than the first", at: path(ofPart: part),
                expected: headers[0].orphans, found: header.orphans)
        }
        let emissions = headers.flatMap(\.emissions).sorted()
        guard emissions == Array(plan.handedOn.indices) else {
            throw wrong(
                "what earlier runs emitted is not in one part each", at: path,
                expected: "\(plan.handedOn.count) emissions, each in one part",
                found: "\(emissions.count) of them, \(Set(emissions).count) different ones")
        }
        return headers
    }

    // MARK: Whether everything is there

    /// Refuses dumps that have changed since they were surveyed.
    func require(_ surveys: [Int: StoredSurvey], _ digests: [SHA256Digest]) throws {
        for (file, survey) in surveys.sorted(by: { $0.key < $1.key })
        where survey.digest != digests[file].hex {
            throw wrong(
                "the dump is not the one whose rows were shared out", at: plan.files[file].name,
                expected: survey.digest, found: digests[file].hex)
        }
    }

    /// Refuses parts in which a row is missing, or that have one twice.
    func require(_ surveys: [Int: StoredSurvey], _ tallies: [RowTally]) throws {
        for (file, survey) in surveys.sorted(by: { $0.key < $1.key })
        where survey.survey.tally != tallies[file] {
            throw wrong(
                "not every row is in one part, and in one only", at: plan.files[file].name,
                expected: "\(survey.survey.tally.count) rows, each once and as it was listed",
                found: "\(tallies[file].count) rows, of which some are missing, changed or twice")
        }
    }

    private func wrong(
        _ summary: String, at path: String, expected: String, found: String?
    ) -> TrueupError {
        .run(
            Finding(
                summary, at: SourcePosition(file: path), expected: expected, found: found,
                remedy: "find the parts again, from the same plan and the same dumps"))
    }
}
