import Diagnostics
import Emission
import Ingestion
import Money
import Records
import Reporting

extension ControlTotals {
    /// All of the bookings' energy is some
    /// user's, before and after this run, or has left.
    func proveEnergy() throws {
        guard let energy = result.energy else { return }
        let bookings = result.ingested.tables.bookings.rows
        var past = Sum()
        for total in result.past.totals { past.add(total.energy) }
        var before = past
        for booking in bookings.indices { before.add(energy.ofBooking(booking)) }
        let users = Set(result.summaries.map(\.user))
        for (index, entry) in result.waiting.entries.enumerated()
        where users.contains(entry.userPrint) {
            before.add(energy.ofWaiting(index))
        }
        var after = before
        for booking in result.emissions.bookings { after.add(energy.ofNew(booking)) }
        var found = (before: Sum(), after: Sum())
        for summary in result.summaries {
            found.before.add(summary.before.energy)
            found.after.add(summary.after.energy)
        }
        try require("before", before, found: found.before)
        try require("after", after, found: found.after)
        guard let carry = result.carry else { return }
        var left = past
        for booking in bookings.indices where !carry.open.bookings[booking] {
            left.add(energy.ofBooking(booking))
        }
        var handedOn = Sum()
        for total in carry.totals.joined() { handedOn.add(total.energy) }
        try require("handed on", left, found: handedOn)
    }

    /// The energy of each file is that of its records and of its repeated rows.
    func proveInputEnergy() throws {
        let files = result.ingested.dumps.files.all
        for (index, count) in result.ingested.counts.enumerated() {
            try require(
                files[index].name, "the energy of records and repeated rows", count.energy,
                found: totals.kept.energy[index] + count.repeatedEnergy)
        }
    }

    /// Energy too wide to stay behind.
    private struct Sum {
        var measured: Int128 = 0
        var estimated: Int128 = 0

        mutating func add(_ total: EnergyTotal) {
            measured += Int128(total.measured)
            estimated += Int128(total.estimated)
        }
    }

    private func require(_ when: String, _ expected: Sum, found: Sum) throws {
        try require(
            "the users' energy", "measured, \(when)", expected.measured, found: found.measured)
        try require(
            "the users' energy", "estimated, \(when)", expected.estimated, found: found.estimated)
    }

    private func require(
        _ file: String, _ what: String, _ expected: Int128, found: Int128
    ) throws {
        guard expected != found else { return }
        throw ControlTotals.failure(
            file, what, expected: Amount.text(sum: expected, digits: 6) + " kWh",
            found: Amount.text(sum: found, digits: 6) + " kWh")
    }
}
