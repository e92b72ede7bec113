/// The files of a run that have an object a line.
extension JSONFileSchema {
    static let dashboards = JSONFileSchema(
        file: DashboardLines.file, title: "Each user's summary, before and after", hasLines: true,
        shape: .object(dashboard))
    static let notifications = JSONFileSchema(
        file: NotificationLines.file, title: "What buyers and sellers are to be told",
        hasLines: true, shape: .object(notification))

    private static let elsewhere = JSONShape.list(
        .object([
            .key("currency", .text, "The currency, by ISO 4217"),
            .key("amount", .decimal, "The amount in it"),
        ]))

    private static let impact = JSONShape.object([
        .key("energy_kwh", .decimal, "The energy, in kWh"),
        .key("measured_kwh", .decimal, "What of it was measured"),
        .key("estimated_kwh", .decimal, "What of it was estimated"),
        .key("measured_share", .orNull(.share), "The share that was measured"),
        .some("co2_kg", .decimal, "The carbon dioxide that was not emitted, in kg"),
        .some("saved", .decimal, "The money that was saved"),
    ])

    /// What a user's summary says of one moment.
    private static let figures: [JSONShape.Key] = [
        .key("level", .orNull(.text), "The level that the user has reached"),
        .key("points", .whole, "The points that the user has earned"),
        .key("spent", .decimal, "What the user spent, in the pipeline's currency"),
        .some("spent_elsewhere", elsewhere, "What the user spent in other currencies"),
        .key("bookings", .whole, "How many bookings count"),
        .key("tickets", .whole, "How many tickets count"),
        .key("pending_bookings", .whole, "How many bookings are pending"),
        .key("pending_payments", .whole, "How many payments are pending"),
        .key("pending_amount", .decimal, "What they come to, in the pipeline's currency"),
        .key("commission_paid", .decimal, "The commission that the user paid as a buyer"),
        .some("impact", impact, "What the user's energy stands for"),
        .some("pending_payouts", .whole, "As a seller: how many payouts are to come"),
        .some("total_pending", .decimal, "What they come to, in the pipeline's currency"),
        .some("total_pending_elsewhere", elsewhere, "What they come to in other currencies"),
        .some("schedule", .list(.object(payout)), "The payouts to come"),
        .key("open_breaks", .whole, "How many breaks concern the user"),
    ]

    private static let payout: [JSONShape.Key] = [
        .key("due_date", .orNull(.date), "The day on which it is due"),
        .key("amount", .decimal, "The amount"),
        .key("currency", .text, "Its currency, by ISO 4217"),
        .key("status", .text, "The payout's status"),
    ]

    private static let activity: [JSONShape.Key] = [
        .key("type", .word(["payment", "booking", "ticket"]), "What it is"),
        .key("id", .text, "The id of it"),
        .key("amount", .decimal, "The amount"),
        .key("currency", .text, "Its currency, by ISO 4217"),
        .key("status", .text, "The status by all evidence"),
        .key("at", .text, "When it happened, in UTC; empty where that is not known"),
        .some("commission", .decimal, "The commission in it"),
    ]

    private static let dashboard: [JSONShape.Key] =
        [
            .key("user", .text, "The user, in lower case"),
            .some("name", .text, "The user's name"),
            .key("currency", .text, "The pipeline's currency, by ISO 4217"),
        ] + figures + [
            .key("recent", .list(.object(activity)), "The latest activities, the latest first"),
            .key("before", .object(figures), "The same figures before this run's emissions"),
        ]

    private static let notification: [JSONShape.Key] = [
        .key("notification_id", .text, "The notification"),
        .key("type", .text, "What it is about"),
        .key("role", .word(["buyer", "seller"]), "As what the user is told"),
        .key("user", .text, "Who is to be told, in lower case"),
        .key("payment_id", .text, "The payment"),
        .key("currency", .text, "The currency of the amounts, by ISO 4217"),
        .key("amount", .decimal, "The buyer's payment, or the seller's part of it"),
        .key("commission", .decimal, "The commission"),
        .some("payout_id", .text, "To a seller: the payout"),
        .some("due_date", .date, "To a seller: the day on which it is due"),
        .some("payout_status", .text, "To a seller: the payout's status"),
        .key("message", .text, "The same in a sentence"),
        .key("created_at", .moment, "The as-of of the run, in UTC"),
    ]
}
