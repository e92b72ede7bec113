import Definition
import Money
import Records
import Rules
import Testing

/// The section `impact`: what it gives, and what is wrong with it.
@Suite struct ImpactSectionTests {
    private func impact(_ text: String) throws -> ImpactRules {
        try #require(try parse(minimal + "impact: \(text)\n").impact)
    }

    @Test func factorsAreMillionthsWhetherQuotedOrNot() throws {
        let quoted = try impact(
            #"{energy_kwh_per_hour: "7.4", co2_kg_per_kwh: "0.45", saved_per_kwh: "9.123456"}"#)
        let plain = try impact(
            "{energy_kwh_per_hour: 7.4, co2_kg_per_kwh: 0.45, saved_per_kwh: 9.123456}")
        #expect(quoted == plain)
        #expect(quoted.energyPerHour == 7_400_000)
        #expect(quoted.co2PerKWh == 450_000)
        #expect(quoted.savedPerKWh == 9_123_456)
    }

    @Test func anHourIsAKilowattHourAndNothingElseIsToldByDefault() throws {
        #expect(try impact("{}") == ImpactRules())
        #expect(ImpactRules().energyPerHour == 1_000_000)
        #expect(ImpactRules().co2PerKWh == nil && ImpactRules().savedPerKWh == nil)
        #expect(try parse(minimal).impact == nil)
    }

    @Test(arguments: [
        ("energy_kwh_per_hour: 0", "out of range", "above 0 and at most 1000"),
        ("energy_kwh_per_hour: 1000.000001", "out of range", "above 0 and at most 1000"),
        ("energy_kwh_per_hour: 1e3", "not a factor", "above 0 and at most 1000"),
        ("co2_kg_per_kwh: 10.1", "out of range", "from 0 to 10,"),
        ("co2_kg_per_kwh: -0.1", "out of range", "from 0 to 10,"),
        ("co2_kg_per_kwh: 0.1234567", "not a factor", "at most 6 decimals"),
        ("saved_per_kwh: 1000001", "out of range", "from 0 to 1000000,"),
        ("saved_per_kwh: nine", "not a factor", "from 0 to 1000000,"),
    ])
    func aFactorThatCannotBeIsRefused(text: String, problem: String, expected: String) {
        let told = complaints(minimal + "impact: {\(text)}\n")
        let key = text.prefix { $0 != ":" }
        #expect(told.contains("error: impact.\(key) is \(problem)"), "\(told)")
        #expect(told.contains(expected), "\(told)")
    }

    @Test func aMisspeltFactorIsToldWithTheNearestOne() {
        let told = complaints(minimal + "impact: {co2_per_kwh: 1}\n")
        #expect(told.contains(#"unknown key "co2_per_kwh" in impact"#), "\(told)")
        #expect(told.contains("write co2_kg_per_kwh, if that is meant"), "\(told)")
    }

    @Test func theShippedDefinitionOfChargingIsRight() throws {
        let charging = try PipelineDefinition.load(
            path: repository + "/pipelines/charging.yaml", isKnownZone: isKnownZone)
        #expect(charging.name == "charging" && charging.currency.code == "INR")
        #expect(charging.timezone == "Asia/Kolkata")
        #expect(charging.inputs[.sessions]?.map(\.files) == [["sessions.csv"]])
        #expect(charging.impact?.energyPerHour == 1_000_000)
        #expect(charging.impact?.co2PerKWh == 450_000)
        #expect(charging.impact?.savedPerKWh == 9_500_000)
        #expect(charging.load.tables[.sessionUpdates]?.table == "sessions")
    }
}
