import Testing

/// What commissions and payout schedules may not be, with the exact messages.
@Suite struct SettleErrorsTests {
    @Test(arguments: samples)
    func saysWhatIsWrongAndWhatToDo(sample: Sample) {
        #expect(complaints(sample.text) == sample.message)
    }

    static let samples: [Sample] = [
        Sample(
            "a commission of nothing",
            minimal + "settle: {commission: {}}\n",
            """
            t.yaml:6:22: error: settle.commission names no commission
                expected: one of the keys percent, fixed, tiers or rates
                found: no keys
                to do: add percent: 7, or percent: 0 where nothing is taken
            """),
        Sample(
            "a rate of nothing",
            minimal + "settle: {commission: {rates: [{kind: print}]}}\n",
            """
            t.yaml:6:31: error: settle.commission.rates[1] names no commission
                expected: one of the keys percent, fixed or tiers
                found: only "kind"
                to do: add percent: 7, or percent: 0 where nothing is taken
            """),
        Sample(
            "a commission that is told twice",
            minimal
                + "settle: {commission: {percent: 7, tiers: [{from: \"0\", percent: 5}]}}\n",
            """
            t.yaml:6:32: error: settle.commission has both percent and tiers
                expected: one of the two
                found: percent "7" beside tiers
                to do: write the share into the tiers, and remove percent
            """),
        Sample(
            "tiers that do not begin at nothing, and fall",
            minimal + "settle: {commission: {tiers: [{from: 5, percent: 5}, "
                + "{from: 2, percent: 1}]}}\n",
            """
            t.yaml:6:38: error: the first of settle.commission.tiers does not begin at 0
                expected: from: "0", so that every amount lies in a tier
                found: "5"
                to do: add a tier from "0", with percent: 0 where nothing is taken
            t.yaml:6:61: error: settle.commission.tiers do not rise
                expected: an amount above that of the tier before it, "5"
                found: "2"
                to do: write the tiers in order, the lowest first
            """),
        Sample(
            "a scope of no tiers",
            minimal + "settle: {commission: {percent: 7, tiers_apply: whole}}\n",
            """
            t.yaml:6:48: error: settle.commission says how tiers apply and has none
                expected: the key tiers beside it
                found: "whole"
                to do: add tiers, or remove tiers_apply
            """),
        Sample(
            "an amount with more decimals than the rate's currency has",
            minimal + "settle: {commission: {rates: [{currency: JPY, fixed: \"0.5\"}]}}\n",
            """
            t.yaml:6:54: error: settle.commission.rates[1].fixed is not an amount
                expected: an amount of at least 0, with no more decimals than the rate's \
            currency has
                found: "0.5" in quotes
                to do: write it like "10"
            """),
        Sample(
            "two ways of waiting",
            minimal + "settle: {hold_days: 7, hold_business_days: 5}\n",
            """
            t.yaml:6:21: error: settle has both hold_days and hold_business_days
                expected: one of the two
                found: both
                to do: remove one of them
            """),
        Sample(
            "two rhythms of payouts",
            minimal + "settle: {payout_days: {weekly: [fri], monthly: [1]}}\n",
            """
            t.yaml:6:23: error: settle.payout_days names two rhythms
                expected: one of the keys weekly or monthly
                found: both
                to do: remove one of them
            """),
        Sample(
            "no rhythm of payouts",
            minimal + "settle: {payout_days: {}}\n",
            """
            t.yaml:6:23: error: settle.payout_days names no days
                expected: one of the keys weekly or monthly
                found: neither
                to do: write it like {weekly: [fri]}
            """),
        Sample(
            "a day that no month has",
            minimal + "settle: {payout_days: {monthly: [1, 32]}}\n",
            """
            t.yaml:6:37: error: settle.payout_days.monthly[2] is out of range
                expected: a whole number from 1 to 31
                found: "32"
                to do: write it like 15
            """),
    ]
}
