import Definition
import Ingestion
import Money
import Parallel
import Records
import TestKit
import Time

/// Headers of the three kinds that most tests read.
enum Header {
    static let payments = "id,reference,user,amount,currency,status,created_at,refunded\n"
    static let settlements = "id,reference,type,state,gross,fee,tax,net,currency,occurred_at\n"
    static let bookings = "id,payment,user,item,amount,currency,status,created_at\n"
}

/// Dumps by name, read under a definition in which `payments*.csv` holds payments, and so on.
struct Reading {
    let ingested: IngestedDumps
    private let folder: DumpFolder

    var tables: RecordTables { ingested.tables }

    init(
        _ files: [String: String], threads: Int = 1,
        change: (inout PipelineDefinition) -> Void = { _ in }
    ) throws {
        folder = try DumpFolder()
        var inputs: [RecordKind: [InputDefinition]] = [:]
        for kind in RecordKind.allCases
        where files.keys.contains(where: { $0.hasPrefix(kind.rawValue) }) {
            inputs[kind] = [InputDefinition(files: [kind.rawValue + "*.csv"])]
        }
        for (name, text) in files { try folder.write(name, text) }
        guard let cedi = Currency("GHS") else { preconditionFailure("GHS is a currency") }
        var definition = PipelineDefinition(
            name: "tests", currency: cedi, timezone: "UTC", inputs: inputs)
        definition.maxRejects = Rate(millionthsOfPercent: 100_000_000)
        change(&definition)
        ingested = try Ingester(
            definition: definition,
            files: try InputFiles(folder: folder.path, definition: definition), zone: .utc,
            key: FingerprintKey(), workers: Workers(count: threads)
        ).ingest { _ in
            nil
        } checkStopped: {
        }
    }

    /// The rejects as `file:line column reason`, in their order.
    var rejects: [String] {
        ingested.rejects.map { reject in
            let file = reject.place.file
            let column = ingested.dumps.header(ofField: Int(reject.column), file: file)
            return "\(ingested.dumps.files.all[file].name):\(reject.line) "
                + "\(column.isEmpty ? "-" : column) \(reject.reason.word)"
        }
    }

    /// The repeats as `file:line id reason kept-file:kept-line`, in their order.
    var repeats: [String] {
        ingested.repeats.map { item in
            let files = ingested.dumps.files.all
            return "\(files[item.place.file].name):\(item.line) \(item.id) \(item.reason.word) "
                + "\(files[item.keptPlace.file].name):\(item.keptLine)"
        }
    }

    /// The only payment.
    var payment: PaymentRow { tables.payments.rows[0] }

    /// The only settlement line.
    var line: SettlementRow { tables.settlements.rows[0] }

    /// Whether every row of each kind but users is a record, a repeat or a reject.
    var isConserved: Bool {
        let kept: [RecordKind: Int] = [
            .payments: tables.payments.count, .settlements: tables.settlements.count,
            .bookings: tables.bookings.count, .orders: tables.orders.count,
            .sessions: tables.sessions.count, .catalogue: tables.catalogue.count,
            .bank: tables.bank.count,
        ]
        var left = kept
        for (file, counted) in zip(ingested.dumps.files.all, ingested.counts) {
            left[file.kind, default: 0] +=
                counted.repeated + counted.rejected
                + counted.leftOut - counted.records
        }
        return left.allSatisfy { $0.key == .users || $0.value == 0 }
    }
}
