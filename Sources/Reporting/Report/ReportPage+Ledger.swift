import Emission

extension ReportPage {
    /// The balances of `ledger.journal`.
    var ledger: String {
        let accounts = report.ledger.accounts
        guard !accounts.isEmpty else {
            return section("ledger", "What the ledger holds", paragraph("No money moved."))
        }
        var table = HTMLTable(
            id: "accounts", caption: "Debits are positive, credits negative; they add up to zero",
            columns: [.text("Account"), .number("Balance")])
        for account in accounts {
            table.add([
                """
                <span class="mono id">\(HTMLText.escaped(account.name))</span>\
                <p class="about">\(HTMLText.escaped(account.meaning))</p>
                """,
                amounts(report.balance(of: account)),
            ])
        }
        let sentence = paragraph("ledger.journal has every entry, for hledger.")
        return section("ledger", "What the ledger holds", sentence + table.html)
    }
}
