import Definition
import DelimitedText
import Diagnostics
import Foundation
import Gateways
import Ingestion
import Money
import Parallel
import Records
import TestKit
import Time

/// A synthetic report of a gateway, and the records that must come out of it: the folder of a
/// preset's name, with `export.*`, and for each kind that it is read as, `KIND.txt`.
///
/// `input.yaml` holds keys that a definition must add to the preset, such as a zone.
struct PresetFixture: Sendable, CustomStringConvertible {
    let name: String
    let kind: RecordKind

    var description: String { "\(name) as \(kind.rawValue)" }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// Every built-in preset with each kind that it reads.
    static let all: [PresetFixture] = PresetLibrary.builtIn.presets(isKnownZone: Zone.isKnown)
        .flatMap { preset in
            preset.inputs.keys.sorted().map { PresetFixture(name: preset.name, kind: $0) }
        }

    private var folder: URL { PresetFixture.folder.appending(path: name) }

    /// The file with the records that must come out.
    var golden: URL { folder.appending(path: "\(kind.rawValue).txt") }

    /// The report's file.
    func export() throws -> URL {
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        guard let export = files.first(where: { $0.lastPathComponent.hasPrefix("export.") }) else {
            throw CocoaError(.fileNoSuchFile)
        }
        return export
    }

    /// What a definition adds to a preset.
    static func additions(to preset: String) throws -> String {
        let url = folder.appending(path: preset).appending(path: "input.yaml")
        guard FileManager.default.fileExists(atPath: url.path) else { return "" }
        return try String(contentsOf: url, encoding: .utf8)
    }

    /// The report, read by its own preset or by another.
    func read(by preset: String? = nil, as kind: RecordKind? = nil) throws -> Export {
        let export = try export()
        let preset = preset ?? name
        return try Export(
            kind ?? self.kind,
            "preset: \(preset)\n" + PresetFixture.additions(to: preset),
            [export.lastPathComponent: [UInt8](try Data(contentsOf: export))],
            currency: "EUR", timezone: "Europe/Berlin")
    }

    /// Everything that comes out, as text: each record by its fields that are not empty, in lines
    /// of their own, then what was left out and rejected.
    func text() throws -> String {
        let read = try read()
        var text = ""
        for record in try read.canonicalRecords() {
            text += record.map { "\($0.field): \($0.text)\n" }.joined() + "\n"
        }
        text += "left out: \(read.leftOut)\n"
        text += "repeated: \(read.ingested.repeats.count)\n"
        return text + read.rejects.map { "rejected: line \($0)\n" }.joined()
    }
}

extension Export {
    /// Each record that counts, by the fields that it has.
    ///
    /// Money, types, states and times are what the tables hold; everything else is what whoever reads
    /// the row again sees.
    func canonicalRecords() throws -> [[(field: String, text: String)]] {
        let typed: [[String: String]] =
            switch kind {
            case .payments: ingested.tables.payments.rows.map(Export.typed)
            case .settlements: ingested.tables.settlements.rows.map(Export.typed)
            default: []
            }
        let names = kind.fields.map(\.text)
        let texts = try all(names)
        return texts.enumerated().map { index, row in
            zip(names, row).compactMap { name, text in
                let value = (index < typed.count ? typed[index][name] : nil) ?? text
                return value.isEmpty ? nil : (name, value)
            }
        }
    }

    private static func typed(_ row: PaymentRow) -> [String: String] {
        [
            "amount": Amount.text(row.amount, digits: row.currency.digits),
            "currency": row.currency.code, "status": row.status.word,
            "created_at": TimeText.text(row.created),
            "completed_at": row.completed == .absent ? "" : TimeText.text(row.completed),
        ]
    }

    private static func typed(_ row: SettlementRow) -> [String: String] {
        let digits = row.currency.digits
        return [
            "type": row.type.word, "state": row.state.word,
            "gross": Amount.text(row.gross, digits: digits),
            "fee": row.hasFee ? Amount.text(row.fee, digits: digits) : "",
            "tax": row.tax == 0 ? "" : Amount.text(row.tax, digits: digits),
            "net": Amount.text(row.net, digits: digits) + (row.hasNet ? "" : " (computed)")
                + (row.net == row.computedNet || row.type == .payout ? "" : " (disagrees)"),
            "currency": row.currency.code,
            "occurred_at": row.occurred == .absent ? "" : TimeText.text(row.occurred),
            "settled_on": row.settledOn == .absent ? "" : TimeText.text(row.settledOn),
        ]
    }
}
