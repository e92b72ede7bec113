import Definition
import Emission
import Ingestion
import Reconciliation
import Records
import Rules

extension DivisionKeys {
    /// What belongs together by what waits to be loaded, by ids that may meet, and by decisions.
    init(_ setting: RunSetting, _ before: BeforeRun) {
        self.init()
        emissions = before.handedOn.entries.map { entry in
            var emission = Emission()
            emission.payment = entry.payment
            emission.user = entry.userPrint
            let id = before.key.storedIDPrint(entry.id)
            switch entry.thing {
            case .booking, .ticket, .bookingLink:
                emission.booking = id
                emission.bookingID = entry.id
            case .orderUpdate: emission.order = id
            case .sessionUpdate:
                emission.session = id
                emission.booking = before.key.storedIDPrint(entry.item)
            case .statusUpdate, .commission, .payout, .commissionReversal, .payoutReversal: break
            }
            return emission
        }
        if setting.definition.backfill != nil {
            let identities = setting.identities
            digits = { identities.bookingDigits(ofPayment: String(decoding: $0, as: UTF8.self)) }
        }
        targets = { DivisionKeys.targets($0, setting) }
    }

    /// What decisions to match give to records, by the ids of the breaks that they close.
    private static func targets(
        _ overrides: [Override], _ setting: RunSetting
    ) -> RowNames.Targets? {
        var targets: [String: [String]] = [:]
        for override in overrides where override.decision == .match {
            targets[override.breakID, default: []].append(override.target)
        }
        guard !targets.isEmpty else { return nil }
        return { [targets] kind, id in
            let breaks: [[String]] =
                switch kind {
                case .payments:
                    [BreakCode.missingSettlement, .ambiguousBooking].map { [$0.word, id, "", ""] }
                case .settlements:
                    [BreakCode.unknownSettlement, .orphanRefund, .orphanChargeback].map {
                        [$0.word, "", id, ""]
                    }
                case .bookings: [[BreakCode.orphanBooking.word, "", "", id]]
                default: []
                }
            return breaks.flatMap { targets[setting.identities.breakID($0)] ?? [] }
        }
    }
}
