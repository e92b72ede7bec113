import Money
import Rules

/// The section `fees`: what was agreed with the gateways.
enum FeeSchema {
    static let fees = Shape<FeeRules>.mapping(
        FeeRules(),
        [
            Key(
                "percent", \.terms.percent, Shape.percentage.optional,
                "The share of the gross amount; none where this is left out."),
            Key(
                "fixed", \.terms.fixed, Shape.amount().optional,
                "The fixed part of each charge's fee; none where this is left out."),
            Key(
                "minimum", \.terms.minimum, Shape.amount().optional,
                "The least fee of a charge; no bound where this is left out."),
            Key(
                "maximum", \.terms.maximum, Shape.amount(atLeast: 1).optional,
                "The greatest fee of a charge; no bound where this is left out."),
            Key(
                "tax", \.terms.tax, Shape.percentage.optional,
                "The tax on the fee, in percent of it; not compared where this is left out."),
            Key(
                "tolerance", \.tolerance, .amount(), default: "0",
                "The largest difference of fees that is no break."),
            Key(
                "rates", \.rates, rates,
                "What was agreed for some charges only: the first rate that fits applies, and the "
                    + "figures above where none does."),
        ]
    ).checked { rules, node, decoding in requireRising(rules.terms, node, &decoding) }

    private static let rates = Shape.list(
        of: rate, atLeast: 1, "rates",
        example: "[{gateway: momo, percent: 1.5, fixed: \"0.25\"}]"
    ).checked { rates, node, decoding in
        guard rates.count > FeeWords.most else { return }
        decoding.report(
            "\(decoding.place) has too many rates", at: node.position,
            expected: "at most \(FeeWords.most)", found: String(rates.count),
            remedy: "leave out conditions that make no difference")
    }

    private static let rate = ownRate.inOwnCurrency

    private static let ownRate = Shape<FeeRate>.mapping(
        FeeRate(),
        [
            Key(
                "gateway", \.gateway, Shape.text("a gateway", example: "momo").optional,
                "The gateway whose charges these are, in any case; every one where this is left "
                    + "out."),
            Key(
                "method", \.method, Shape.text("a method", example: "card").optional,
                "The method by which they are paid, in any case; every one where this is left "
                    + "out."),
            Key(
                "currency", \.currency, Shape.currency.optional,
                "The currency (ISO 4217) of the charges and of this rate's amounts; the "
                    + "pipeline's where this is left out, and every one for a rate without "
                    + "amounts."),
            Key(
                "percent", \.terms.percent, Shape.percentage.optional,
                "The share of the gross amount; none where this is left out."),
            Key(
                "fixed", \.terms.fixed, amount().optional,
                "The fixed part of each charge's fee; none where this is left out."),
            Key(
                "minimum", \.terms.minimum, amount().optional,
                "The least fee of a charge; no bound where this is left out."),
            Key(
                "maximum", \.terms.maximum, amount(atLeast: 1).optional,
                "The greatest fee of a charge; no bound where this is left out."),
            Key(
                "tax", \.terms.tax, Shape.percentage.optional,
                "The tax on the fee, in percent of it; not compared where this is left out."),
            Key(
                "tolerance", \.tolerance, amount().optional,
                "The largest difference that is no break; where this is left out, that of all "
                    + "fees for charges in the pipeline's currency, and none for others."),
        ]
    ).checked { rate, node, decoding in requireRising(rate.terms, node, &decoding) }

    private static func amount(atLeast minimum: Int64 = 0) -> Shape<Int64> {
        .amount(atLeast: minimum, of: "the rate's currency")
    }

    private static func requireRising(
        _ terms: FeeTerms, _ node: YAMLNode, _ decoding: inout Decoding
    ) {
        guard let minimum = terms.minimum, let maximum = terms.maximum, minimum > maximum,
            let place = node["maximum"], let least = node["minimum"]
        else { return }
        decoding.report(
            "the maximum\(decoding.inPlace) lies below the minimum", at: place.position,
            expected: "an amount of at least the minimum, \(least.shown)", found: place.shown,
            remedy: "correct one of the two")
    }
}
