import Emission
import Ingestion
import Money
import Records
import Reporting
import Time

/// Reads what the latest run handed on: `carried/emissions.csv`.
enum CarriedEmissions {
    /// Reads every entry.
    ///
    /// - Throws: `TrueupError.run` where the file is missing or is not as a run wrote it: without it
    ///   the run could emit something twice.
    static func read(_ path: String, key: FingerprintKey) throws -> WaitingEmissions {
        let file = CarriedFile(path: path, columns: CarriedEmissionsFile.columns)
        return WaitingEmissions(try file.read { entry($0, key) })
    }

    private static let things = Dictionary(
        uniqueKeysWithValues: EmittedThing.allCases.map { ($0.word, $0) })

    /// The entry of a row; nil where a run cannot have written it.
    private static func entry(_ texts: [String], _ key: FingerprintKey) -> WaitingEmission? {
        guard let thing = things[texts[0]], let currency = Currency(texts[6]),
            case .success(let amount) = Amount.parse(texts[5], digits: currency.digits),
            case .success(let emitted) = TimeText.instant(texts[8], in: .utc)
        else { return nil }
        return WaitingEmission(
            thing: thing, id: texts[1], paymentID: texts[2], user: texts[3], item: texts[4],
            amount: amount, currency: currency, status: texts[7], emittedAt: emitted,
            payment: key.storedIDPrint(texts[2]), userPrint: key.userPrint(texts[3]))
    }
}
