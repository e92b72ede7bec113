import Money
import Rules

/// The section `impact`: what booked and measured energy stands for.
enum ImpactSchema {
    static let impact = Shape<ImpactRules>.mapping(
        ImpactRules(),
        [
            Key(
                "energy_kwh_per_hour", \.energyPerHour, factor(atMost: 1_000, isPositive: true),
                default: "1",
                "The energy of an hour that is booked, in kWh, where no session measured it."),
            Key(
                "co2_kg_per_kwh", \.co2PerKWh, factor(atMost: 10).optional,
                "The CO2 that a kWh prevents, in kg; not told where this is left out."),
            Key(
                "saved_per_kwh", \.savedPerKWh, factor(atMost: 1_000_000).optional,
                "The money that a kWh saves, in the pipeline's currency; not told where this is "
                    + "left out."),
        ])

    /// A decimal number, in millionths; finer than a currency's minor unit, for it is multiplied.
    private static func factor(atMost greatest: Int64, isPositive: Bool = false) -> Shape<Int64> {
        .scalar(
            "a factor",
            expected: (isPositive ? "a decimal number above 0" : "a decimal number from 0")
                + (isPositive ? " and at most \(greatest)" : " to \(greatest)")
                + ", with at most 6 decimals",
            example: "\"0.85\"",
            schema: [
                "type": ["string", "number"], "pattern": "^[0-9]+([.][0-9]+)?$",
                isPositive ? "exclusiveMinimum" : "minimum": 0,
                "maximum": .number(String(greatest)),
            ]
        ) { text, _ in
            switch Amount.parse(text, digits: 6) {
            case .success(let value):
                ((isPositive ? 1 : 0)...greatest * 1_000_000).contains(value)
                    ? .value(value) : .outOfRange
            case .failure(.outOfRange): .outOfRange
            case .failure: .wrong
            }
        }
    }
}
