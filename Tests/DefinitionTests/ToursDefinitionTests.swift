import Definition
import Money
import Records
import Rules
import Testing
import Time

/// The definition of the tours business, as it is shipped.
@Suite struct ToursDefinitionTests {
    let tours: PipelineDefinition

    init() throws {
        tours = try PipelineDefinition.load(
            path: repository + "/pipelines/tours.yaml", isKnownZone: isKnownZone)
    }

    @Test func namesTheBusiness() {
        #expect(tours.name == "tours")
        #expect(tours.currency.code == "GHS")
        #expect(tours.timezone == "Africa/Accra")
        #expect(tours.dumps == .full)
    }

    @Test func readsTheFiveDumps() {
        #expect(
            tours.inputs.mapValues { $0.map(\.files) } == [
                .payments: [["payments*.csv"]], .settlements: [["momo*.csv"]],
                .bookings: [["bookings.csv"]], .catalogue: [["catalogue.csv"]],
                .users: [["users.csv"]],
            ])
    }

    /// Every header that the definition names is one that the dumps have, and every field that a
    /// record must have is read from one of them.
    @Test(arguments: [
        (
            RecordKind.payments,
            "payment_id reference user_email amount currency status created_at completed_at "
                + "description metadata gateway"
        ),
        (
            .settlements,
            "transaction_id external_id type status amount fee currency date"
        ),
        (
            .bookings,
            "booking_id payment_reference user_email destination kind participants total_amount "
                + "currency status booking_date created_at"
        ),
        (.catalogue, "item_id name kind price currency aliases"),
        (.users, "user_id email full_name"),
    ])
    func findsItsColumns(kind: RecordKind, headers: String) throws {
        let headers = Set(headers.split(separator: " ").map(String.init))
        let source = try #require(tours.inputs[kind]?.first)
        for (field, column) in source.columns {
            guard case .headers(let names) = column else { continue }
            #expect(headers.isSuperset(of: names), "\(kind.rawValue).\(field)")
        }
        for field in kind.fields where field.isRequired {
            #expect(
                source.columns[field.text] != nil || headers.contains(field.text),
                "\(kind.rawValue).\(field.text) has no column")
        }
    }

    @Test func booksToursAndSellsTickets() throws {
        let backfill = try #require(tours.backfill)
        #expect(
            backfill.kinds == [
                PurchaseKind(
                    name: "ticket", emit: .ticket,
                    keywords: ["ticket", "event", "concert", "festival", "show"]),
                PurchaseKind(
                    name: "destination", emit: .booking,
                    keywords: ["tour", "safari", "park", "castle", "garden", "heritage"]),
            ])
        #expect(
            backfill.details == [
                "item": "destination_name", "kind": "type", "quantity": "participants",
                "date": "booking_date",
            ])
        #expect(backfill.defaultKind == "destination")
        #expect(backfill.participants == 1)
        #expect(backfill.leadDays == 7)
    }

    @Test func givesAPointForTenCedis() {
        #expect(
            tours.dashboard.levels == [
                Level(name: "Bronze", from: 0), Level(name: "Silver", from: 100_000),
                Level(name: "Gold", from: 500_000), Level(name: "Platinum", from: 1_000_000),
            ])
        #expect(1_462_000 / tours.dashboard.pointsPer == 1462)
    }
}
