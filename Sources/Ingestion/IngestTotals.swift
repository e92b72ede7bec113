import Definition
import Diagnostics
import Money
import Records

extension Ingester {
    /// Adds the amounts of rows to the control totals of their file.
    ///
    /// `money` gives a row's amount, and the magnitude of everything that it may add to a sum.
    mutating func addSums<Rows: Sequence>(
        _ file: Int, _ rows: Rows, _ money: (Rows.Element) -> (Currency, Int64, Int64)
    ) {
        var current = definition.currency
        var sum: Int128 = 0
        for row in rows {
            let (currency, amount, magnitude) = money(row)
            if currency != current {
                counts[file].sums[current, default: 0] += sum
                current = currency
                sum = 0
            }
            sum += Int128(amount)
            counts[file].magnitude += Int128(magnitude)
        }
        counts[file].sums[current, default: 0] += sum
    }

    /// Adds the energy of sessions to the control totals of their file.
    ///
    /// `energy` gives what a row measured, in millionths of a kilowatt-hour.
    mutating func addEnergy<Rows: Sequence>(
        _ file: Int, _ rows: Rows, _ energy: (Rows.Element) -> Int64
    ) {
        var sum: Int128 = 0
        for row in rows { sum += Int128(energy(row)) }
        counts[file].energy += sum
        counts[file].magnitude += sum
    }

    /// Refuses amounts that could add up to more than 64 bits hold: behind this no sum can overflow.
    mutating func refuseTotalsOutOfRange() throws {
        let limit = Int128(Int64.max / 4)
        var total: Int128 = 0
        for (file, count) in zip(files.all, counts) {
            total += count.magnitude
            guard total > limit else { continue }
            let finding = Finding(
                "the amounts add up to more than can be counted",
                at: SourcePosition(file: file.path),
                expected: "all dumps together below \(limit) minor units, or millionths of a kWh",
                remedy: "check the amounts' unit and decimals")
            return try refuse(finding, file.kind)
        }
    }

    /// Refuses what was handed on where a run cannot have written it so.
    func refuseDamagedCarriedRows() throws {
        guard let reject = rejects.first(where: { files.all[$0.place.file].isCarried }) else {
            return
        }
        throw TrueupError.run(
            Finding(
                "what the latest run handed on is damaged",
                at: SourcePosition(
                    file: files.all[reject.place.file].path, line: Int(reject.line)),
                found: reject.reason.text, remedy: "restore the run's folder from its archive"))
    }

    /// Refuses dumps of which too little could be read: they are probably not what they should be.
    mutating func refuseTooManyRejects() throws {
        for kind in RecordKind.allCases {
            if let finding = excessOfRejects(kind) { try refuse(finding, kind) }
        }
    }

    /// What is said of a kind of which too many rows are rejected; nil for any other.
    private func excessOfRejects(_ kind: RecordKind) -> Finding? {
        // What was handed on could be read once: it must not make room for tonight's rejects.
        let members = files.all.indices.filter {
            files.all[$0].kind == kind && !files.all[$0].isCarried
        }
        let records = members.reduce(0) { $0 + counts[$1].records }
        let rejected = members.reduce(0) { $0 + counts[$1].rejected }
        let limit = members.lazy.compactMap { files.all[$0].input.maxRejects }.max {
            $0.millionthsOfPercent < $1.millionthsOfPercent
        }
        // A decision that cannot be read leaves a break open: no reason to stop the night.
        let byDefault =
            kind == .overrides ? Rate(millionthsOfPercent: 100_000_000) : definition.maxRejects
        let allowed = limit ?? byDefault
        guard
            Int128(rejected) * 100_000_000
                > Int128(records) * Int128(allowed.millionthsOfPercent)
        else { return nil }
        let first = rejects.first { files.all[$0.place.file].kind == kind }
        return tooMany(rejected, of: records, kind: kind, allowed: allowed, first: first)
    }

    private func tooMany(
        _ rejected: Int, of records: Int, kind: RecordKind, allowed: Rate, first: Reject?
    ) -> Finding {
        let position = first.map { reject in
            SourcePosition(
                file: files.all[reject.place.file].path,
                line: Int(reject.line))
        }
        let column = first.map { bindings[$0.place.file].header(of: Int($0.column)) } ?? ""
        let reason = first?.reason.text ?? ""
        return Finding(
            "\(rejected) of \(records) \(kind.rawValue) rows cannot be read, the first one here",
            at: position, expected: "at most \(allowed) % of them",
            found: column.isEmpty ? reason : "\(reason), in column `\(column)`",
            remedy: "correct the dump or the definition's columns and values, "
                + "or raise max_rejects"
                + (first?.reason == .invalidUTF8 ? EncodingHint.remedy : ""))
    }
}
