import Records
import Testing

@Suite struct RecordKindTests {
    @Test func fieldsHaveTheNamesOfDefinitions() {
        let payments = RecordKind.payments.fields
        #expect(
            payments.map(\.text) == [
                "id", "reference", "user", "amount", "currency", "status", "created_at",
                "completed_at", "description", "details", "kind", "order", "booking", "seller",
                "gateway", "refunded",
            ])
        #expect(
            payments.filter(\.isRequired).map(\.text) == [
                "id", "user", "amount", "status", "created_at",
            ])
    }

    @Test(arguments: RecordKind.allCases)
    func everyKindHasAnIdThatItCannotDoWithout(kind: RecordKind) {
        #expect(kind.fields.first?.text == (kind == .overrides ? "break_id" : "id"))
        #expect(kind.fields.first?.isRequired == true)
        #expect(Set(kind.fields.map(\.text)).count == kind.fields.count)
    }

    @Test func kindsAreOrderedAsTheyAreRead() {
        #expect(RecordKind.allCases.sorted() == RecordKind.allCases)
    }

    @Test func wordsAreThoseOfDumpsAndOutputs() {
        #expect(PaymentStatus.words == ["pending", "succeeded", "failed", "cancelled"])
        #expect(SettlementType.chargebackReversal.word == "chargeback_reversal")
        #expect(SettlementState.words == ["completed", "pending", "failed"])
        #expect(BookingStatus.words == ["confirmed", "pending", "cancelled", "completed"])
        #expect(SessionStatus.words == ["active", "completed", "cancelled", "failed"])
    }
}
