import Diagnostics
import Emission
import Ingestion
import Money
import Records
import RunStore
import Time

/// Writes `notifications.jsonl`: what buyers and sellers are to be told, a JSON object a line.
struct NotificationLines {
    static let file = "notifications.jsonl"

    let result: RunResult

    init(_ result: RunResult) { self.result = result }

    /// How many lines there must be: two for each pair of transactions.
    var controls: TableControls { TableControls(rows: result.emissions.transactions.count) }

    /// Writes every line; returns how many there are.
    func write(to sink: consuming FileSink) throws -> Int {
        var json = JSONWriter(.compact, capacity: 1 << 16)
        var texts = result.texts()
        let notifications = result.emissions.notifications(result.shares.identities)
        for notification in notifications {
            try texts.go(to: result.tables.payments.rows[Int(notification.payment)].place)
            let buyer = texts.user(PaymentField.user)
            json.object { write(notification, buyer, to: &$0) }
            json.endLine()
            if json.count > 1 << 20 { try json.flush(to: &sink) }
        }
        try json.flush(to: &sink)
        try sink.close()
        return notifications.count
    }

    private func write(
        _ notification: Notification, _ buyer: UnsafeRawBufferPointer, to json: inout JSONWriter
    ) {
        let payment = Int(notification.payment)
        let currency = result.tables.payments.rows[payment].currency
        let payout = result.emissions.payouts[notification.payout]
        let isForSeller = notification.kind.isForSeller
        json.key("notification_id")
        json.string(notification.id)
        json.key("type")
        json.string(notification.kind.word)
        json.key("role")
        json.string(isForSeller ? "seller" : "buyer")
        json.key("user")
        if isForSeller { json.string(notification.seller) } else { json.string(buyer) }
        json.key("payment_id")
        result.tables.payments.withID(payment) { json.string($0) }
        json.key("currency")
        json.string(currency.code)
        json.key("amount")
        let sellersPart = notification.amount - notification.commission
        json.amount(isForSeller ? sellersPart : notification.amount, currency)
        json.key("commission")
        json.amount(notification.commission, currency)
        if isForSeller {
            json.key("payout_id")
            json.string(payout.id)
            json.key("due_date")
            json.string(TimeText.text(payout.due))
            json.key("payout_status")
            json.string(payout.status.word)
        }
        json.key("message")
        json.string(message(notification, payout, currency))
        json.key("created_at")
        json.string(TimeText.text(result.asOf))
    }

    /// The same in a sentence, for whoever shows it as it is.
    private func message(
        _ notification: Notification, _ payout: Payout, _ currency: Currency
    ) -> String {
        func money(_ amount: Int64) -> String {
            "\(Amount.text(amount, digits: currency.digits)) \(currency.code)"
        }
        let isBackAgain = notification.amount < 0
        let whole = money(abs(notification.amount))
        let commission = money(abs(notification.commission))
        let part = money(abs(notification.amount - notification.commission))
        return switch notification.kind {
        case .paymentReceived:
            "Your payment of \(whole) has arrived; it includes a commission of \(commission)."
        case .payoutScheduled:
            "A payment of \(whole) has arrived. Your part is \(part), after a commission of "
                + "\(commission); \(whenPaid(payout))"
        case .paymentReversed where isBackAgain:
            "\(whole) that had gone back to you was taken again."
        case .payoutReversed where isBackAgain:
            "\(whole) that had gone back to the buyer has come in again. Your part of that, "
                + "\(part), is added to your next payout."
        case .paymentReversed: "\(whole) of your payment went back to you."
        case .payoutReversed:
            "\(whole) of a payment went back to the buyer. Your part of that, \(part), is taken "
                + "from your next payout."
        }
    }

    private func whenPaid(_ payout: Payout) -> String {
        switch payout.status {
        case .scheduled: "it is to be paid out on \(TimeText.text(payout.due))."
        case .belowMinimum: "it waits until the least payout is reached."
        case .held: "it is held back for now."
        case .carried: "it is set against what you owe."
        }
    }
}
