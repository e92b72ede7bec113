import DelimitedText
import Diagnostics
import Ingestion
import Records

/// Dumps that end in the middle of a record, as one does that is still on its way.
enum CutDumps {
    /// Fails where a dump of tonight ends in a row that is no record and has no line end, or within a
    /// quoted field.
    ///
    /// - Throws: `TrueupError.dumps` with every such file.
    static func refuse(_ ingested: IngestedDumps) throws(TrueupError) {
        var rejects: [Int: [Reject]] = [:]
        for reject in ingested.rejects { rejects[reject.place.file, default: []].append(reject) }
        var findings: [Finding] = []
        for (index, file) in ingested.dumps.files.all.enumerated() where !file.isCarried {
            guard let cut = cutting(rejects[index] ?? [], size: file.source.size) else { continue }
            findings.append(
                Finding(
                    "the dump ends in the middle of a record",
                    at: SourcePosition(file: file.path, line: Int(cut.line)),
                    expected: "a last record that is whole, with a line end",
                    found: cut.reason.text,
                    remedy: "wait until the dump is written, or export it again"))
        }
        guard findings.isEmpty else { throw .dumps(Findings(findings)) }
    }

    /// The row in which a file was cut off; nil where it was not.
    ///
    /// Where a quoted field was cut, the lines from its quote on are read one by one, and none of
    /// them is a record.
    private static func cutting(_ rejects: [Reject], size: Int) -> Reject? {
        var end = size
        var last: Reject?
        for reject in rejects.reversed() {
            let rejectEnd = reject.place.offset + reject.count
            // Between two of them stands at most a line end.
            guard end - rejectEnd <= 2 else { break }
            if reject.reason == .unclosedQuote || rejectEnd == size { last = reject }
            end = reject.place.offset
        }
        return last
    }
}
