import RunStore
import Testing
import Time

@Suite struct RunIDTests {
    private let inputs = SHA256Digest(joining: "inputs")
    private let definition = SHA256Digest(joining: "definition")

    @Test func theNameHoldsTheTimeAndSixDigits() throws {
        let run = RunID(
            asOf: try night(20), inputs: inputs, definition: definition, previous: nil)
        let digits = SHA256Digest(joining: inputs.hex, definition.hex, "").hex(digits: 6)
        #expect(run.text == "20261120T020000Z-\(digits)")
        #expect(RunID(run.text) == run)
        #expect(run.asOf == (try night(20)))
    }

    @Test func everythingThatWentInChangesTheName() throws {
        let asOf = try night(20)
        let first = RunID(asOf: asOf, inputs: inputs, definition: definition, previous: nil)
        let others = [
            RunID(asOf: try night(21), inputs: inputs, definition: definition, previous: nil),
            RunID(asOf: asOf, inputs: definition, definition: definition, previous: nil),
            RunID(asOf: asOf, inputs: inputs, definition: inputs, previous: nil),
            RunID(asOf: asOf, inputs: inputs, definition: definition, previous: first),
        ]
        #expect(Set(others + [first]).count == 5)
    }

    @Test func aTakenNameGivesWayToTheNextOne() throws {
        var names: [RunID] = []
        for _ in 0..<5 {
            names.append(
                RunID(
                    asOf: try night(20), inputs: inputs, definition: definition, previous: nil,
                    isTaken: names.contains))
        }
        #expect(Set(names).count == 5)
    }

    @Test func fractionsOfASecondAreDropped() throws {
        let asOf = Instant(microseconds: try night(20).microseconds + 999_999)
        let run = RunID(asOf: asOf, inputs: inputs, definition: definition, previous: nil)
        #expect(run.asOf == (try night(20)))
    }

    @Test func timesBeforeTheEpochKeepTheirDate() {
        let run = RunID(
            asOf: Instant(seconds: -1), inputs: inputs, definition: definition, previous: nil)
        #expect(run.text.hasPrefix("19691231T235959Z-"))
        #expect(RunID(run.text)?.asOf == Instant(seconds: -1))
    }

    @Test(arguments: [
        "", "latest", "20261120T020000Z", "20261120T020000Z-ABCDEF", "20261120T020000Z-abcdeg",
        "20261320T020000Z-abcdef", "20261120T250000Z-abcdef", "20261120T020000Z-abcdef0",
        "2026112०T020000Z-abcde", "../../20261120T020000Z-abcdef", "20261120T02000 Z-abcdef",
    ])
    func otherTextsAreNoNames(text: String) {
        #expect(RunID(text) == nil)
    }
}
