import Diagnostics
import Emission
import Ingestion
import Records

/// The users and payments for whom alone a run was asked to emit, as far as no payment was seen that
/// is theirs: emitting nothing for a name that was misspelt would look as if all were well.
struct AskedFor {
    private var users: [String]
    private var payments: [String]

    /// Nobody's payment has been seen yet.
    init(_ request: RunRequest) {
        users = request.users
        payments = request.payments
    }

    /// Looks for the payments of those who are still missing.
    mutating func look(in ingested: IngestedDumps) {
        guard !users.isEmpty || !payments.isEmpty else { return }
        let key = ingested.key
        var asked = Selection()
        asked.users = Set(users.map { key.userPrint($0) })
        asked.payments = Set(payments.map { key.idPrint($0) })
        var seen: Set<Fingerprint> = []
        for row in ingested.tables.payments.rows where asked.includes(row) {
            seen.formUnion([row.user, row.id, row.reference])
        }
        users.removeAll { seen.contains(key.userPrint($0)) }
        payments.removeAll { seen.contains(key.idPrint($0)) }
    }

    /// What to tell of those who are missing.
    var warnings: [Finding] {
        users.map {
            Finding(
                "the dumps have no payment of the user whom --user names", severity: .warning,
                found: $0, remedy: "check the spelling; case and surrounding space do not matter")
        }
            + payments.map {
                Finding(
                    "no dump has the payment that --payment names", severity: .warning, found: $0,
                    remedy: "look up its id or reference in the payments dump; case matters")
            }
    }
}
