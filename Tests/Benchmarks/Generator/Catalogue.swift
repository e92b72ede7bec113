/// Something that payments are for.
struct Item {
    /// The name, which holds neither commas nor quotes and is contained in no other item's name.
    let name: [UInt8]
    /// Whether it is an event with tickets, or else a destination with bookings.
    let isTicket: Bool
    /// The price of one, in minor units.
    let price: Int
}

/// The two hundred items on sale.
struct Catalogue {
    /// All items, in order of their ids.
    let items: [Item]

    private static let places = [
        "Ada", "Aburi", "Akosombo", "Axim", "Bonwire", "Boti", "Busua", "Elmina", "Kakum", "Keta",
        "Kumasi", "Larabanga", "Mole", "Nzulezo", "Paga", "Shai", "Tamale", "Volta", "Winneba",
        "Wli",
    ]
    private static let offers = [
        "Heritage Tour", "Canopy Walk", "Castle Visit", "Night Safari", "Botanical Garden Escape",
        "River Cruise", "Craft Village Workshop", "Waterfall Hike", "Highlife Concert",
        "Harvest Festival Day Pass",
    ]
    private static let ticketOffers = 8...

    /// Creates the same catalogue every time.
    init() {
        var items: [Item] = []
        for (row, place) in Catalogue.places.enumerated() {
            for (column, offer) in Catalogue.offers.enumerated() {
                let step = (row * 7 + column * 11) % 60
                items.append(
                    Item(
                        name: Array("\(place) \(offer)".utf8),
                        isTicket: Catalogue.ticketOffers.contains(column),
                        price: (60 + step * 15) * 100))
            }
        }
        self.items = items
    }
}

extension ByteSink {
    /// Appends the id of an item, `I-001` the first.
    mutating func append(itemID index: Int) {
        append("I-")
        append(index + 1, width: 3)
    }

    /// Appends the kind of an item.
    @inline(__always)
    mutating func append(kindOf item: Item) {
        append(item.isTicket ? "ticket" : "destination")
    }
}
