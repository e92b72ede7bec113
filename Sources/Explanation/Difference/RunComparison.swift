import Diagnostics
import Emission
import Parallel
import Records
import Reporting
import RunStore

/// Holds two published runs of an output folder against each other.
public struct RunComparison {
    /// What changed, and because of what.
    public private(set) var difference: RunDifference

    private let workers: Workers
    /// What cleared breaks on the way from the first run to the second.
    private var clearedBy: [String: String] = [:]

    /// Compares two runs, by their names.
    ///
    /// - Throws: `TrueupError.usage` where there is no run of a name; `TrueupError.run` where one
    ///   cannot be read.
    public init(outputFolder: String, from: String, to: String, threads: Int) throws {
        let history = try RunHistory(path: outputFolder)
        let remedy = "name two of the runs of this folder"
        let before = try RunFacts(
            RunReader.run(named: from, in: history, remedy: remedy), in: history)
        let after = try RunFacts(
            RunReader.run(named: to, in: history, remedy: remedy), in: history)
        workers = Workers(count: threads)
        difference = RunDifference(before: before.side, after: after.side)
        let way = try RunComparison.way(from: before.id, to: after.id, in: history)
        difference.between = way.dropLast().map(\.text)
        let breaks = try BreakComparison(
            RunComparison.table(.breaks, before), RunComparison.table(.breaks, after), workers)
        try readClearings(of: breaks.cleared.rows, on: way, in: history)
        let rows = breaks.opened.rows + breaks.cleared.rows + breaks.changed.rows
        let payments = try PaymentComparison(
            RunComparison.table(.payments, before), RunComparison.table(.payments, after),
            wanted: Set(rows.map { $0["payment_id"] }.filter { !$0.isEmpty }),
            isBookingsInputOther: difference.hasOther(inputs: .bookings), workers)
        difference.payments = payments.groups
        difference.opened = group(breaks.opened, payments)
        difference.cleared = group(breaks.cleared, payments)
        difference.changed = group(breaks.changed, payments)
        difference.emissions = RunComparison.figures(before.emissions(), after.emissions())
            .filter { $0.before != "0" || $0.after != "0" }
        difference.totals = RunComparison.figures(before.totals(), after.totals())
            .filter { $0.before != $0.after }
    }

    /// The runs after the first one up to the second; empty where that is not later.
    private static func way(
        from: RunID, to: RunID, in history: RunHistory
    ) throws -> ArraySlice<RunID> {
        let runs = try history.runs()
        guard let first = runs.firstIndex(of: from), let last = runs.firstIndex(of: to),
            first < last
        else { return [] }
        return runs[(first + 1)...last]
    }

    private static func table(_ name: TableName, _ run: RunFacts) throws -> PublishedTable {
        guard let table = try PublishedTable(name, folder: run.folder) else {
            throw TrueupError.run(
                Finding(
                    "the run has no \(name.rawValue)", at: SourcePosition(file: run.folder),
                    remedy: "restore the run's folder from its archive"))
        }
        return table
    }

    /// What each run on the way wrote down of the breaks that it cleared; the last word counts.
    private mutating func readClearings(
        of rows: [FoundRow], on way: ArraySlice<RunID>, in history: RunHistory
    ) throws {
        let ids = Needles(rows.map { $0["break_id"] })
        guard !ids.isEmpty else { return }
        for run in way {
            let table = try PublishedTable(.cleared, folder: history.folder(of: run))
            let found = try table?.rows(where: [.value(of: "break_id", in: ids)], workers) ?? []
            for row in found { clearedBy[row["break_id"]] = row["cleared_by"] }
        }
    }

    private func group(
        _ found: BreakComparison.Group, _ payments: PaymentComparison
    ) -> RunDifference.BreakGroup {
        var group = RunDifference.BreakGroup()
        group.count = found.count
        group.codes = found.codes
        for (place, row) in found.rows.enumerated() {
            let clearing = clearedBy[row["break_id"]]
            var change = RunDifference.BreakChange(
                row: Dictionary(zip(row.columns, row.values), uniquingKeysWith: { $1 }),
                cause: cause(row, clearing, payments))
            change.clearedBy = clearing
            if place < found.before.count {
                let earlier = found.before[place]
                change.atRiskBefore = earlier["at_risk"]
                change.columns = BreakComparison.content.filter { row[$0] != earlier[$0] }
            }
            group.first.append(change)
        }
        return group
    }

    /// What a break is laid to: what its run wrote down, else what differs in its payment, else
    /// which dumps differ of the kind of record that it is about.
    private func cause(
        _ row: FoundRow, _ clearing: String?, _ payments: PaymentComparison
    ) -> RunDifference.Cause {
        let word = clearing?.split(separator: " ").first.map(String.init)
        if let word, let kind = ClearingCause.Kind.allCases.first(where: { $0.word == word }),
            let cause = kind.cause
        {
            return cause
        }
        if !row["payment_id"].isEmpty, let cause = payments.cause(of: row["payment_id"]) {
            return cause
        }
        let isOfGateway = !row["settlement_id"].isEmpty || !row["payout"].isEmpty
        if isOfGateway, difference.hasOther(inputs: .settlements) { return .settlements }
        if !row["payout"].isEmpty, difference.hasOther(inputs: .bank) { return .bank }
        if !row["booking_id"].isEmpty, difference.hasOther(inputs: .bookings) { return .bookings }
        return .setting
    }

    /// The figures of both by name, in the order of the second, then of the first; a report leaves
    /// out what it has none of.
    private static func figures(
        _ before: [(name: String, words: String)], _ after: [(name: String, words: String)]
    ) -> [RunDifference.Figure] {
        let old = Dictionary(before.map { ($0.name, $0.words) }, uniquingKeysWith: { $1 })
        let new = Set(after.map(\.name))
        return after.map {
            RunDifference.Figure(name: $0.name, before: old[$0.name] ?? "0", after: $0.words)
        }
            + before.filter { !new.contains($0.name) }
            .map { RunDifference.Figure(name: $0.name, before: $0.words, after: "0") }
    }
}

extension ClearingCause.Kind {
    /// What the difference lays it to; nil where the record's own rows tell more.
    fileprivate var cause: RunDifference.Cause? {
        switch self {
        case .override: .overrides
        case .settlement, .payout: .settlements
        case .payment: .payments
        case .booking: .bookings
        case .loaded: .emissions
        case .bank: .bank
        case .dump, .replaced, .status: nil
        }
    }
}
