import Ingestion
import Parallel
import Reconciliation
import Records

extension NearMissFinder {
    /// Gives each break its near miss, with the references read again from the dumps.
    ///
    /// - Throws: `TrueupError.run` where a dump cannot be read any more.
    func fill(_ classification: inout Classification, from dumps: Dumps) throws {
        var references = ReferenceTexts()
        references.payments = try read(paymentsToRead, dumps) {
            try $0.go(to: tables.payments.rows[$1].place)
            let reference = $0.id(PaymentField.reference)
            return reference.isEmpty ? $0.id(PaymentField.id) : reference
        }
        references.lines = try read(linesToRead, dumps) {
            try $0.go(to: tables.settlements.rows[$1].place)
            return $0.id(SettlementField.reference)
        }
        fill(&classification, references: references)
    }

    /// The references of some rows; `text` is given a reader of its thread and the row.
    private func read(
        _ rows: [Int32], _ dumps: Dumps,
        text: @Sendable (inout RowTexts, Int) throws -> UnsafeRawBufferPointer
    ) throws -> [Int32: ReferenceText] {
        let read = try workers.flatMapRanges(of: rows.count) { range in
            var texts = RowTexts(dumps)
            return try range.map {
                let reference = String(decoding: try text(&texts, Int(rows[$0])), as: UTF8.self)
                return (rows[$0], ReferenceText(reference))
            }
        }
        return Dictionary(uniqueKeysWithValues: read)
    }
}
