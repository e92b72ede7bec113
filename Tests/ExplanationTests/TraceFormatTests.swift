import Diagnostics
import Foundation
import Reconciliation
import Testing

@testable import Explanation
@testable import Reporting

/// Traces as files: what is written is read again, and what was damaged is refused with a reason.
@Suite struct TraceFormatTests {
    static let inputs = ["payments.csv", "été, zwei.csv", ""]

    /// Every code in turn, with the least and the greatest numbers.
    static let payments: [PaymentTrace] = (0..<40).map { number in
        PaymentTrace(
            place: TracedPlace(
                file: number == 39 ? .max : UInt16(number % 3),
                line: number == 39 ? .max : UInt32(number * 1_000_003)),
            charges: ChargeEvidence.allCases[number % ChargeEvidence.allCases.count],
            decision: StatusDecision.allCases[number % StatusDecision.allCases.count],
            naming: NamingStep.allCases[number % NamingStep.allCases.count],
            order: OrderStep.allCases[number % OrderStep.allCases.count],
            attributes: AttributeStep.allCases[number % AttributeStep.allCases.count],
            backfill: BackfillStep.allCases[number % BackfillStep.allCases.count],
            settle: SettleStep.allCases[number % SettleStep.allCases.count],
            lines: number == 39 ? .max : UInt16(number))
    }
    static let lines: [LineTrace] = (0..<17).map {
        LineTrace(
            place: TracedPlace(file: UInt16($0), line: UInt32($0) + 2),
            step: LineStep.allCases[$0 % LineStep.allCases.count])
    }
    static let bookings: [BookingTrace] = (0..<17).map {
        BookingTrace(
            place: TracedPlace(file: 1, line: UInt32($0) + 2),
            naming: NamingStep.allCases[$0 % NamingStep.allCases.count],
            order: OrderStep.allCases[$0 % OrderStep.allCases.count],
            attributes: AttributeStep.allCases[$0 % AttributeStep.allCases.count])
    }
    /// Every third payment from 0 on, and every third booking from 1 on.
    static let trials: [TrialTrace] = (0..<24).map {
        TrialTrace(
            isOfBooking: $0 >= 12, row: UInt32($0 % 12 * 3 + ($0 >= 12 ? 1 : 0)),
            closest: $0.isMultiple(of: 5) ? nil : UInt32($0), candidates: UInt32($0),
            verdict: CandidateVerdict.allCases[$0 % CandidateVerdict.allCases.count],
            difference: $0 == 7 ? .min : Int64($0) * -86_400_000_000)
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        try expectTheSame(.payments, Self.payments)
        try expectTheSame(.settlements, Self.lines)
        try expectTheSame(.bookings, Self.bookings)
        try expectTheSame(.trials, Self.trials)
        try expectTheSame(.payments, [PaymentTrace]())
    }

    private func expectTheSame<Record: TraceRecord>(
        _ file: TraceFile, _ records: [Record]
    ) throws {
        let folder = try TraceFolder()
        try folder.write(file, records)
        let reader = try #require(try TraceReader<Record>(file, folder: folder.path))
        #expect(reader.inputs == Self.inputs)
        #expect(reader.count == records.count)
        #expect(try records.indices.map(reader.record) == records)
    }

    /// A record has its own width and no more, whatever stood there before.
    @Test func everyByteOfARecordIsWritten() {
        for record in Self.payments { expectEveryByte(of: record) }
        for record in Self.lines { expectEveryByte(of: record) }
        for record in Self.bookings { expectEveryByte(of: record) }
        for record in Self.trials { expectEveryByte(of: record) }
    }

    private func expectEveryByte(of record: some TraceRecord) {
        let width = type(of: record).width
        #expect(width <= 24)
        let written = [UInt8(0), 0xFF].map { filling in
            var bytes = [UInt8](repeating: filling, count: width + 8)
            bytes.withUnsafeMutableBytes { record.write(to: $0) }
            #expect(Array(bytes[width...]) == Array(repeating: filling, count: 8))
            return Array(bytes[..<width])
        }
        #expect(written[0] == written[1])
    }

    @Test func aFileThatIsMissingIsNoTrace() throws {
        let folder = try TraceFolder()
        #expect(try TraceReader<PaymentTrace>(.payments, folder: folder.path) == nil)
    }

    /// Wherever the file ends too early, and where it goes on too long.
    @Test func aTruncatedFileIsRefused() throws {
        let folder = try TraceFolder()
        let whole = folder.bytes(.payments, Self.payments)
        for count in Array(0..<whole.count) {
            try folder.write(.payments, bytes: Array(whole[..<count]))
            expectRefusal("damaged") {
                _ = try TraceReader<PaymentTrace>(.payments, folder: folder.path)
            }
        }
        try folder.write(.payments, bytes: whole + [0])
        expectRefusal("damaged") {
            _ = try TraceReader<PaymentTrace>(.payments, folder: folder.path)
        }
    }

    @Test func otherFilesAndVersionsAreRefused() throws {
        let folder = try TraceFolder()
        let whole = folder.bytes(.payments, Self.payments)
        // The magic, the kind, the width, the counts: each byte of the header but the version's.
        for place in Array(0..<8) + [10, 11] + Array(12..<24) {
            var bytes = whole
            bytes[place] ^= 0x81
            try folder.write(.payments, bytes: bytes)
            expectRefusal("damaged") {
                _ = try TraceReader<PaymentTrace>(.payments, folder: folder.path)
            }
        }
        var later = whole
        later[8] += 1
        try folder.write(.payments, bytes: later)
        expectRefusal("another version") {
            _ = try TraceReader<PaymentTrace>(.payments, folder: folder.path)
        }
    }

    @Test func unknownCodesAndRowsBeyondTheLastAreRefused() throws {
        let folder = try TraceFolder()
        var bytes = folder.bytes(.payments, Self.payments)
        let last = bytes.count - PaymentTrace.width
        for place in 6...9 {
            var damaged = bytes
            damaged[last + place] = 0xFF
            try folder.write(.payments, bytes: damaged)
            let reader = try #require(
                try TraceReader<PaymentTrace>(.payments, folder: folder.path))
            expectRefusal("damaged") { _ = try reader.record(Self.payments.count - 1) }
            #expect(try reader.record(0) == Self.payments[0])
        }
        bytes[last] ^= 1
        try folder.write(.payments, bytes: bytes)
        let reader = try #require(try TraceReader<PaymentTrace>(.payments, folder: folder.path))
        expectRefusal("damaged") { _ = try reader.record(Self.payments.count) }
        expectRefusal("damaged") { _ = try reader.record(-1) }
    }

    @Test func trialsAreFoundByTheirRow() throws {
        let folder = try TraceFolder()
        try folder.write(.trials, Self.trials)
        let reader = try #require(try TraceReader<TrialTrace>(.trials, folder: folder.path))
        for isOfBooking in [false, true] {
            for row in 0..<40 {
                let expected = Self.trials.first {
                    $0.isOfBooking == isOfBooking && $0.row == UInt32(row)
                }
                #expect(try reader.trial(ofBooking: isOfBooking, row: row) == expected)
            }
        }
    }

    private func expectRefusal(_ saying: String, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("it was taken")
        } catch TrueupError.run(let finding) {
            let text = finding.description
            #expect(text.contains(saying) && text.contains("trace/") && text.contains("to do"))
        } catch {
            Issue.record("\(error)")
        }
    }
}

/// A run's folder with nothing but traces.
private final class TraceFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/trace-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path + "/trace", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func bytes<Record: TraceRecord>(_ file: TraceFile, _ records: [Record]) -> [UInt8] {
        var bytes = file.header(inputs: TraceFormatTests.inputs, count: records.count)
        for record in records {
            var own = [UInt8](repeating: 0, count: Record.width)
            own.withUnsafeMutableBytes { record.write(to: $0) }
            bytes += own
        }
        return bytes
    }

    func write<Record: TraceRecord>(_ file: TraceFile, _ records: [Record]) throws {
        try write(file, bytes: bytes(file, records))
    }

    func write(_ file: TraceFile, bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: "\(path)/\(file.name)"))
    }
}
