import Emission
import Money
import Rules

/// What a user's energy stands for, where the pipeline has impact.
extension DashboardLines {
    /// Writes the key `impact` into the object that is open.
    ///
    /// Energy has six decimals, so that measured and estimated always add up to the whole.
    func writeImpact(of figures: UserFigures, to json: inout JSONWriter) {
        guard let rules = result.energy?.rules else { return }
        let energy = figures.energy
        json.key("impact")
        json.object { json in
            json.field("energy_kwh", Amount.text(energy.sum, digits: 6))
            json.field("measured_kwh", Amount.text(energy.measured, digits: 6))
            json.field("estimated_kwh", Amount.text(energy.estimated, digits: 6))
            json.key("measured_share")
            if let share = energy.measuredShare {
                json.decimal(share, digits: 4)
            } else {
                json.null()
            }
            if let grams = rules.co2Grams(of: energy.sum) {
                json.field("co2_kg", Amount.text(grams, digits: 3))
            }
            if let saved = rules.saved(of: energy.sum, in: result.currency) {
                json.key("saved")
                json.amount(saved, result.currency)
            }
        }
    }
}
