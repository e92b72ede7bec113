/// What a value in a line of JSON is, in the words of JSON Schema.
indirect enum JSONShape: Sendable {
    case text, whole
    /// A share from 0 to 1.
    case share
    /// A decimal number as a string: an amount, or an energy.
    case decimal
    case date, moment
    /// A word of a finite set.
    case word([String])
    case orNull(JSONShape)
    case list(JSONShape)
    case object([Key])

    /// A key of an object.
    struct Key: Sendable {
        let name: String
        let shape: JSONShape
        let meaning: String
        var isRequired = true
    }

    /// Writes the keys of the schema into the object that is open.
    func write(to json: inout JSONWriter, meaning: String = "") {
        switch self {
        case .text: json.field("type", "string")
        case .whole: json.field("type", "integer")
        case .share:
            json.field("type", "number")
            json.field("minimum", 0)
            json.field("maximum", 1)
        case .decimal:
            json.field("type", "string")
            json.field("pattern", "^-?[0-9]+(\\.[0-9]+)?$")
        case .date:
            json.field("type", "string")
            json.field("format", "date")
        case .moment:
            json.field("type", "string")
            json.field("format", "date-time")
        case .word(let words):
            json.field("type", "string")
            json.field("enum") { $0.array { json in words.forEach { json.string($0) } } }
        case .orNull(let shape):
            json.field("anyOf") { json in
                json.array { json in
                    json.object { shape.write(to: &$0) }
                    json.object { $0.field("type", "null") }
                }
            }
        case .list(let shape):
            json.field("type", "array")
            json.field("items") { json in json.object { shape.write(to: &$0) } }
        case .object(let keys): JSONShape.write(keys, to: &json)
        }
        if !meaning.isEmpty { json.field("description", meaning) }
    }

    private static func write(_ keys: [Key], to json: inout JSONWriter) {
        json.field("type", "object")
        json.field("properties") { json in
            json.object { json in
                for key in keys {
                    json.field(key.name) { json in
                        json.object { key.shape.write(to: &$0, meaning: key.meaning) }
                    }
                }
            }
        }
        json.field("required") { json in
            json.array { json in
                for key in keys where key.isRequired { json.string(key.name) }
            }
        }
        json.field("additionalProperties", false)
    }
}

/// The files of a run that have an object a line, with what their lines are.
struct JSONLineSchemas {
    let file: String
    let title: String
    let line: JSONShape

    static let all = [
        JSONLineSchemas(
            file: DashboardLines.file, title: "Each user's summary, before and after",
            line: .object(dashboard)),
        JSONLineSchemas(
            file: NotificationLines.file, title: "What buyers and sellers are to be told",
            line: .object(notification)),
    ]

    private static func key(_ name: String, _ shape: JSONShape, _ meaning: String) -> JSONShape.Key
    {
        JSONShape.Key(name: name, shape: shape, meaning: meaning)
    }

    /// A key that only some lines have.
    private static func some(_ name: String, _ shape: JSONShape, _ meaning: String) -> JSONShape.Key
    {
        JSONShape.Key(name: name, shape: shape, meaning: meaning, isRequired: false)
    }

    private static let elsewhere = JSONShape.list(
        .object([
            key("currency", .text, "The currency, by ISO 4217"),
            key("amount", .decimal, "The amount in it"),
        ]))

    private static let impact = JSONShape.object([
        key("energy_kwh", .decimal, "The energy, in kWh"),
        key("measured_kwh", .decimal, "What of it was measured"),
        key("estimated_kwh", .decimal, "What of it was estimated"),
        key("measured_share", .orNull(.share), "The share that was measured"),
        some("co2_kg", .decimal, "The carbon dioxide that was not emitted, in kg"),
        some("saved", .decimal, "The money that was saved"),
    ])

    /// What a user's summary says of one moment.
    private static let figures = [
        key("level", .orNull(.text), "The level that the user has reached"),
        key("points", .whole, "The points that the user has earned"),
        key("spent", .decimal, "What the user spent, in the pipeline's currency"),
        some("spent_elsewhere", elsewhere, "What the user spent in other currencies"),
        key("bookings", .whole, "How many bookings count"),
        key("tickets", .whole, "How many tickets count"),
        key("pending_bookings", .whole, "How many bookings are pending"),
        key("pending_payments", .whole, "How many payments are pending"),
        key("pending_amount", .decimal, "What they come to, in the pipeline's currency"),
        key("commission_paid", .decimal, "The commission that the user paid as a buyer"),
        some("impact", impact, "What the user's energy stands for"),
        some("pending_payouts", .whole, "As a seller: how many payouts are to come"),
        some("total_pending", .decimal, "What they come to, in the pipeline's currency"),
        some("total_pending_elsewhere", elsewhere, "What they come to in other currencies"),
        some("schedule", .list(.object(payout)), "The payouts to come"),
        key("open_breaks", .whole, "How many breaks concern the user"),
    ]

    private static let payout = [
        key("due_date", .orNull(.date), "The day on which it is due"),
        key("amount", .decimal, "The amount"),
        key("currency", .text, "Its currency, by ISO 4217"),
        key("status", .text, "The payout's status"),
    ]

    private static let activity = [
        key("type", .word(["payment", "booking", "ticket"]), "What it is"),
        key("id", .text, "The id of it"),
        key("amount", .decimal, "The amount"),
        key("currency", .text, "Its currency, by ISO 4217"),
        key("status", .text, "The status by all evidence"),
        key("at", .text, "When it happened, in UTC; empty where that is not known"),
        some("commission", .decimal, "The commission in it"),
    ]

    private static let dashboard =
        [
            key("user", .text, "The user, in lower case"),
            some("name", .text, "The user's name"),
            key("currency", .text, "The pipeline's currency, by ISO 4217"),
        ] + figures + [
            key("recent", .list(.object(activity)), "The latest activities, the latest first"),
            key("before", .object(figures), "The same figures before this run's emissions"),
        ]

    private static let notification = [
        key("notification_id", .text, "The notification"),
        key("type", .text, "What it is about"),
        key("role", .word(["buyer", "seller"]), "As what the user is told"),
        key("user", .text, "Who is to be told, in lower case"),
        key("payment_id", .text, "The payment"),
        key("currency", .text, "The currency of the amounts, by ISO 4217"),
        key("amount", .decimal, "The buyer's payment, or the seller's part of it"),
        key("commission", .decimal, "The commission"),
        some("payout_id", .text, "To a seller: the payout"),
        some("due_date", .date, "To a seller: the day on which it is due"),
        some("payout_status", .text, "To a seller: the payout's status"),
        key("message", .text, "The same in a sentence"),
        key("created_at", .moment, "The as-of of the run, in UTC"),
    ]
}
