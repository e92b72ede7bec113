import Money
import Rules
import Testing

@testable import Definition

/// The section `fees`: what it gives, and what is wrong with it.
@Suite struct FeeSectionTests {
    static let fees = """
        fees:
          percent: 2.9
          fixed: "0.30"
          minimum: "0.10"
          maximum: "50"
          tax: 18
          tolerance: "0.01"
          rates:
            - {gateway: Stripe, method: card, currency: EUR, percent: 1.5, fixed: "0.25"}
            - {gateway: momo, currency: jpy, minimum: "5", maximum: "70", tolerance: "1"}
            - {percent: 1, tax: 0}

        """

    @Test func everythingThatWasAgreedIsRead() throws {
        let fees = try #require(try parse(minimal + FeeSectionTests.fees).fees)
        #expect(fees.terms.percent == Rate(percent: "2.9"))
        #expect(fees.terms.fixed == 30)
        #expect(fees.terms.minimum == 10)
        #expect(fees.terms.maximum == 5_000)
        #expect(fees.terms.tax == Rate(percent: "18"))
        #expect(fees.tolerance == 1)
        #expect(fees.rates.count == 3)
        #expect(fees.rates[0].gateway == "Stripe")
        #expect(fees.rates[0].method == "card")
        #expect(fees.rates[0].currency == Currency("EUR"))
        #expect(fees.rates[0].terms.fixed == 25)
        #expect(fees.rates[0].terms.tax == nil)
        #expect(fees.rates[0].tolerance == nil)
        // Amounts of a rate have the digits of its own currency.
        #expect(fees.rates[1].terms.minimum == 5)
        #expect(fees.rates[1].terms.maximum == 70)
        #expect(fees.rates[1].tolerance == 1)
        #expect(fees.rates[2].currency == nil)
        #expect(fees.rates[2].terms.tax == Rate(percent: "0"))
    }

    static let mistakes: [(String, String)] = [
        (
            "fees: {minimum: \"5\", maximum: \"4.99\"}\n",
            """
            t.yaml:6:31: error: the maximum in fees lies below the minimum
                expected: an amount of at least the minimum, "5" in quotes
                found: "4.99" in quotes
                to do: correct one of the two
            """
        ),
        (
            "fees: {rates: [{minimum: \"5\", maximum: \"4.99\"}]}\n",
            """
            t.yaml:6:40: error: the maximum in fees.rates[1] lies below the minimum
                expected: an amount of at least the minimum, "5" in quotes
                found: "4.99" in quotes
                to do: correct one of the two
            """
        ),
        (
            "fees: {rates: [{percent: 1}, {currency: JPY, fixed: \"0.5\"}]}\n",
            """
            t.yaml:6:53: error: fees.rates[2].fixed is not an amount
                expected: an amount of at least 0, with no more decimals than the rate's \
            currency has
                found: "0.5" in quotes
                to do: write it like "10"
            """
        ),
        (
            "fees: {rates: [{currency: EURO, fixed: \"0.5\"}]}\n",
            """
            t.yaml:6:27: error: fees.rates[1].currency is not a known currency
                expected: a code of ISO 4217
                found: "EURO"
                to do: write it like GHS
            """
        ),
        (
            "fees: {rates: [{gatway: momo}]}\n",
            """
            t.yaml:6:17: error: unknown key "gatway" in fees.rates[1]
                expected: one of gateway, method, currency, percent, fixed, minimum, maximum, tax \
            or tolerance
                found: "gatway"
                to do: write gateway, if that is meant
            """
        ),
        (
            "fees: {rates: [{percent: 1}, {percent: 1}]}\n",
            """
            t.yaml:6:30: error: fees.rates lists the same twice
                expected: each of the rates once
                found: a mapping again
                to do: remove one of the two
            """
        ),
        (
            "fees: {maximum: \"0\"}\n",
            """
            t.yaml:6:17: error: fees.maximum is out of range
                expected: an amount above 0, with no more decimals than the pipeline's currency has
                found: "0" in quotes
                to do: write it like "10"
            """
        ),
        (
            "fees: {tax: 101}\n",
            """
            t.yaml:6:13: error: fees.tax is out of range
                expected: a decimal number from 0 to 100 with at most 6 decimals
                found: "101"
                to do: write it like 2.9
            """
        ),
    ]

    @Test(arguments: FeeSectionTests.mistakes.indices)
    func aMistakeIsToldWithItsPlace(index: Int) {
        let (text, message) = FeeSectionTests.mistakes[index]
        #expect(complaints(minimal + text).contains(message), "\(complaints(minimal + text))")
    }

    /// The amounts behind a rate are of the pipeline's currency again.
    @Test func theCurrencyOfARateEndsWithIt() {
        let text =
            "fees: {rates: [{currency: JPY, fixed: \"1\"}], fixed: \"0.05\"}\nmatch: {tolerance: \"0.05\"}\n"
        #expect(complaints(minimal + text) == "")
    }

    @Test func thereAreNoMoreRatesThanARowCanTellApart() {
        let rates = (0...FeeWords.most).map { "{gateway: g\($0)}" }.joined(separator: ", ")
        #expect(
            complaints(minimal + "fees: {rates: [\(rates)]}\n").contains(
                "error: fees.rates has too many rates"))
    }
}
