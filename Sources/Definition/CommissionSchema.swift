import Money
import Rules

/// The section `settle.commission`: the marketplace's share of each payment.
enum CommissionSchema {
    static let commission = Shape<CommissionRules>.mapping(
        CommissionRules(),
        termKeys(currency: "the pipeline's currency") + [
            Key(
                "rates", \.rates,
                Shape.list(
                    of: rate, atLeast: 1, "rates", example: "[{kind: charity, percent: 0}]"),
                "What was agreed for some payments only: the first rate that fits applies, and the "
                    + "figures above where none does.")
        ],
        check: requireTerms(or: ["rates"]))

    private static let rate = Shape<CommissionRate>.mapping(
        CommissionRate(),
        [
            Key(
                "kind", \.kind,
                Shape.text("a kind", example: "charity").map { $0.lowercased() }
                    .optional,
                "The kind of what is bought, in any case; every one where this is left out."),
            Key(
                "seller", \.seller,
                Shape.user("a seller", example: "gallery@example.com").optional,
                "The seller, in any case; every one where this is left out."),
            Key(
                "currency", \.currency, Shape.currency.optional,
                "The currency (ISO 4217) of the payments and of this rate's amounts; the "
                    + "pipeline's where this is left out, and every one for a rate without "
                    + "amounts."),
        ] + termKeys(currency: "the rate's currency"),
        check: requireTerms(or: [])
    ).inOwnCurrency

    /// The figures of a commission, wherever they stand.
    private static func termKeys<Root: WithCommissionTerms>(currency: String) -> [Key<Root>] {
        [
            Key(
                "percent", \.terms.percent, Shape.percentage.optional,
                "The share of the amount, in percent, rounded half to even."),
            Key(
                "fixed", \.terms.fixed, Shape.amount(of: currency).optional,
                "A fixed part for each payment; never more than the amount leaves."),
            Key(
                "tiers", \.terms.tiers, tiers(currency),
                "Shares by amount in place of one percent, the lowest first, beginning at 0."),
            Key(
                "tiers_apply", \.terms.tiersApply, .choice,
                "Whether a tier's share is taken of the part of the amount that lies in it, as "
                    + "where this is left out, or of the whole amount."),
        ]
    }

    private static func tiers(_ currency: String) -> Shape<[CommissionTier]> {
        Shape.list(
            of: Shape<CommissionTier>.mapping(
                CommissionTier(),
                [
                    .required(
                        "from", \.from, .amount(of: currency), example: "from: \"0\"",
                        "The amount from which the share applies."),
                    .required(
                        "percent", \.percent, .percentage, example: "percent: 10",
                        "The share, in percent."),
                ]),
            atLeast: 1, "tiers",
            example: "[{from: \"0\", percent: 10}, {from: \"10000\", percent: 7}]"
        ).checked(requireRising)
    }

    private static func requireRising(
        _ tiers: [CommissionTier], _ node: YAMLNode, _ decoding: inout Decoding
    ) {
        let places = node.elements.compactMap { $0["from"] }
        guard places.count == tiers.count, let first = places.first else { return }
        if tiers[0].from != 0 {
            decoding.report(
                "the first of \(decoding.place) does not begin at 0", at: first.position,
                expected: "from: \"0\", so that every amount lies in a tier", found: first.shown,
                remedy: "add a tier from \"0\", with percent: 0 where nothing is taken")
        }
        for index in tiers.indices.dropFirst() where tiers[index].from <= tiers[index - 1].from {
            decoding.report(
                "\(decoding.place) do not rise", at: places[index].position,
                expected: "an amount above that of the tier before it, "
                    + places[index - 1].shown,
                found: places[index].shown, remedy: "write the tiers in order, the lowest first")
        }
    }

    /// A commission of which nothing is said is a mistake, and so is one that is told twice.
    private static func requireTerms(
        or others: [String]
    ) -> @Sendable (YAMLNode, inout Decoding) -> Void {
        { node, decoding in
            let known = ["percent", "fixed", "tiers"] + others
            if known.allSatisfy({ node[$0] == nil }) {
                let keys = node.entries.prefix(12).map { quoted($0.key) }
                decoding.report(
                    "\(decoding.place) names no commission", at: node.position,
                    expected: "one of the keys " + listed(known, "or"),
                    found: keys.isEmpty ? "no keys" : "only " + listed(Array(keys)),
                    remedy: "add percent: 7, or percent: 0 where nothing is taken")
            }
            if let percent = node["percent"], node["tiers"] != nil {
                decoding.report(
                    "\(decoding.place) has both percent and tiers", at: percent.position,
                    expected: "one of the two", found: "percent \(percent.shown) beside tiers",
                    remedy: "write the share into the tiers, and remove percent")
            }
            if let scope = node["tiers_apply"], node["tiers"] == nil {
                decoding.report(
                    "\(decoding.place) says how tiers apply and has none", at: scope.position,
                    expected: "the key tiers beside it", found: scope.shown,
                    remedy: "add tiers, or remove tiers_apply")
            }
        }
    }
}

/// What has the figures of a commission.
private protocol WithCommissionTerms: Sendable {
    var terms: CommissionTerms { get set }
}

extension CommissionRules: WithCommissionTerms {}
extension CommissionRate: WithCommissionTerms {}
