/// The ids and references of the dumps, each a function of an index, so that every file can name
/// the rows of every other.
extension ByteSink {
    /// Appends the id of a payment.
    @inline(__always)
    mutating func append(paymentID index: Int) {
        append("P")
        append(index, width: 9)
    }

    /// Appends the reference of a payment; no two indices have the same one.
    @inline(__always)
    mutating func append(referenceOf index: Int) {
        // Multiplying by an odd number permutes the numbers of 48 bits.
        append("TRX")
        append(hexadecimal: UInt64(index + 1) &* 0x9E37_79B9_7F4B, digits: 12)
    }

    /// Appends the id of a payment's settlement line.
    @inline(__always)
    mutating func append(settlementID index: Int, slot: Int) {
        append(20_000_000_000 + 2 * index + slot)
    }

    /// Appends the id of a payment's booking.
    @inline(__always)
    mutating func append(bookingID index: Int, slot: Int) {
        append("B")
        append(2 * index + slot, width: 10)
    }

    /// Appends a user's address.
    @inline(__always)
    mutating func append(user: Int) {
        append("u")
        append(user, width: 6)
        append("@example.com")
    }
}

/// `payments.csv`: in order of time, as an application exports them.
struct PaymentsDump {
    /// The header, with its line end.
    static let header: StaticString = """
        payment_id,reference,user_email,amount,currency,status,created_at,completed_at,\
        description,metadata,gateway

        """

    /// Appends the row of a payment.
    @inline(__always)
    static func append(_ payment: PaymentFacts, of world: World, to sink: inout ByteSink) {
        let item = world.catalogue.items[payment.item]
        let status = payment.scenario.status
        sink.append(paymentID: payment.index)
        sink.append(",")
        sink.append(referenceOf: payment.index)
        sink.append(",")
        sink.append(user: payment.user)
        sink.append(",")
        sink.append(money: payment.amount)
        sink.append(",GHS,")
        sink.append(status.word)
        sink.append(",")
        sink.append(time: payment.created)
        sink.append(",")
        if status == .successful { sink.append(time: payment.completed) }
        sink.append(",")
        appendDescription(payment, item, to: &sink)
        sink.append(",")
        appendDetails(payment, item, to: &sink)
        sink.append(",mtn-momo\n")
    }

    @inline(__always)
    private static func appendDescription(
        _ payment: PaymentFacts, _ item: Item, to sink: inout ByteSink
    ) {
        switch payment.wording {
        case .name:
            sink.append(item.name)
        case .phrase:
            sink.append("Payment for ")
            sink.append(item.name)
        case .commas:
            sink.append("\"")
            sink.append(item.name)
            sink.append(", party of ")
            sink.append(payment.quantity)
            sink.append("\"")
        case .nothing:
            sink.append("Transfer ")
            sink.append(Int(payment.spare >> 20 & 0xF_FFFF), width: 7)
        }
    }

    @inline(__always)
    private static func appendDetails(
        _ payment: PaymentFacts, _ item: Item, to sink: inout ByteSink
    ) {
        switch payment.details {
        case .nothing: break
        case .emptyObject: sink.append("{}")
        case .json:
            sink.append("\"{\"\"destination_name\"\": \"\"")
            sink.append(item.name)
            sink.append("\"\", \"\"type\"\": \"\"")
            sink.append(kindOf: item)
            sink.append("\"\", \"\"participants\"\": ")
            sink.append(payment.quantity)
            sink.append(", \"\"booking_date\"\": \"\"")
            sink.append(dateOf: payment.bookingDate)
            sink.append("\"\"}\"")
        }
    }
}

extension PaymentFacts {
    /// The day for which the item is booked, as any moment of it.
    @inline(__always)
    var bookingDate: Int { created + (3 + Int(spare >> 16 & 15)) * 86_400 }
}

/// `settlements.csv`: what the gateway says, in no order.
struct SettlementsDump {
    /// The header, with its line end.
    static let header: StaticString =
        "transaction_id,external_id,type,status,amount,fee,currency,date\n"

    /// Writes every line once, shuffled; returns how many rows there are.
    static func write(_ world: World, to sink: inout ByteSink) -> Int {
        sink.append(header)
        let order = Permutation(
            count: 2 * world.count + world.unknownLines, seed: world.seed ^ 0x5345_5454)
        var rows = 0
        for place in 0..<order.count {
            let position = order[place]
            let (index, slot) = position.quotientAndRemainder(dividingBy: 2)
            if position >= 2 * world.count {
                appendUnknown(position - 2 * world.count, of: world, to: &sink)
            } else if world.scenario(of: index).lineCount > slot {
                append(slot, of: world.payment(at: index), to: &sink)
            } else {
                continue
            }
            rows += 1
        }
        return rows
    }

    /// The index that stands for an unknown line among ids and references: after all payments.
    static func index(ofUnknown number: Int, of world: World) -> Int { world.count + number }

    @inline(__always)
    private static func append(
        _ slot: Int, of payment: PaymentFacts, to sink: inout ByteSink
    ) {
        let line = Line(slot, of: payment)
        let idSlot = payment.scenario == .repeatedLine ? 0 : slot
        sink.append(settlementID: payment.index, slot: idSlot)
        sink.append(",")
        sink.append(referenceOf: payment.index)
        append(line, to: &sink)
    }

    private static func appendUnknown(_ number: Int, of world: World, to sink: inout ByteSink) {
        let index = index(ofUnknown: number, of: world)
        var draws = Draws(seed: world.seed, position: index)
        sink.append(settlementID: index, slot: 0)
        sink.append(",")
        sink.append(referenceOf: index)
        append(
            Line(
                amount: 1000 + draws.below(100_000), time: World.start + draws.below(World.span)),
            to: &sink)
    }

    /// The part of a row that begins after the reference.
    @inline(__always)
    private static func append(_ line: Line, to sink: inout ByteSink) {
        sink.append(line.isRefund ? ",refund," : ",charge,")
        sink.append(line.state)
        sink.append(",")
        sink.append(money: line.amount)
        sink.append(",")
        sink.append(money: line.fee)
        sink.append(line.isForeign ? ",USD," : ",GHS,")
        sink.append(time: line.time)
        sink.append("\n")
    }
}

/// What a settlement line says besides its id and reference.
private struct Line {
    var amount: Int
    var time: Int
    var state: StaticString = "SUCCESSFUL"
    var isRefund = false
    var isForeign = false
    var isFree = false

    init(amount: Int, time: Int) {
        self.amount = amount
        self.time = time
    }

    /// The first or second line of a payment, `slot` 0 or 1.
    @inline(__always)
    init(_ slot: Int, of payment: PaymentFacts) {
        self.init(amount: payment.amount, time: payment.completed + 2)
        switch payment.scenario {
        case .retried where slot == 0:
            (state, isFree, time) = ("FAILED", true, payment.created + 8)
        case .falseSuccess, .fallen, .failed:
            (state, isFree) = ("FAILED", true)
        case .awaiting:
            (state, isFree) = ("PENDING", true)
        case .split:
            let first = payment.amount / 5 * 3
            amount = slot == 0 ? first : payment.amount - first
            time += 60 * slot
        case .doubled:
            time += 60 * slot
        case .short:
            amount -= payment.amount / 20
        case .over:
            amount += payment.amount / 20
        case .otherCurrency:
            (amount, isForeign) = (payment.amount / 12, true)
        case .refunded where slot == 1:
            (isRefund, isFree, time) = (true, true, payment.completed + 7200)
        default:
            break
        }
    }

    /// One per cent of a completed charge, rounded half to even.
    @inline(__always)
    var fee: Int {
        guard !isFree else { return 0 }
        let (whole, rest) = amount.quotientAndRemainder(dividingBy: 100)
        return rest > 50 || rest == 50 && whole % 2 == 1 ? whole + 1 : whole
    }
}

/// `bookings.csv`: what the application has booked, in no order.
struct BookingsDump {
    /// The header, with its line end.
    static let header: StaticString = """
        booking_id,payment_reference,user_email,destination,kind,participants,total_amount,\
        currency,status,booking_date,created_at

        """

    /// Writes every booking once, shuffled; returns how many rows there are.
    static func write(_ world: World, to sink: inout ByteSink) -> Int {
        sink.append(header)
        let order = Permutation(
            count: 2 * world.count + world.orphanBookings, seed: world.seed ^ 0x424F_4F4B)
        var rows = 0
        for place in 0..<order.count {
            let position = order[place]
            let (index, slot) = position.quotientAndRemainder(dividingBy: 2)
            if position >= 2 * world.count {
                appendOrphan(position - 2 * world.count, of: world, to: &sink)
            } else if world.bookingCount(of: index) > slot {
                append(slot, of: world.payment(at: index), world, to: &sink)
            } else {
                continue
            }
            rows += 1
        }
        return rows
    }

    /// The index that stands for an orphan among ids: after all payments.
    static func index(ofOrphan number: Int, of world: World) -> Int { world.count + number }

    @inline(__always)
    private static func append(
        _ slot: Int, of payment: PaymentFacts, _ world: World, to sink: inout ByteSink
    ) {
        sink.append(bookingID: payment.index, slot: slot)
        sink.append(",")
        if payment.fate != .unlinked { sink.append(referenceOf: payment.index) }
        sink.append(",")
        sink.append(user: payment.user)
        appendItem(world.catalogue.items[payment.item], payment.quantity, to: &sink)
        sink.append(money: payment.amount + (payment.fate == .otherAmount ? 2500 : 0))
        // A booking that was never paid is still to come; of the others some are over.
        let isOver = payment.bookingDate < World.today && payment.fate != .unpaid
        sink.append(isOver ? ",GHS,completed," : ",GHS,confirmed,")
        sink.append(dateOf: payment.bookingDate)
        sink.append(",")
        let delay = Int(payment.spare >> 32 & 0xFFFF)
        let isLinked = payment.fate != .unlinked
        sink.append(time: payment.created + 60 + slot * 30 + (isLinked ? delay % 900 : delay))
        sink.append("\n")
    }

    private static func appendOrphan(_ number: Int, of world: World, to sink: inout ByteSink) {
        let index = index(ofOrphan: number, of: world)
        var draws = Draws(seed: ~world.seed, position: index)
        let item = world.catalogue.items[draws.below(world.catalogue.items.count)]
        let created = World.start + draws.below(World.span)
        sink.append(bookingID: index, slot: 0)
        sink.append(",,")
        sink.append(user: draws.below(world.userCount))
        appendItem(item, 1, to: &sink)
        // No payment has an amount with 77 hundredths, so none can be meant.
        sink.append(money: item.price + 77)
        sink.append(",GHS,confirmed,")
        sink.append(dateOf: created + 30 * 86_400)
        sink.append(",")
        sink.append(time: created)
        sink.append("\n")
    }

    @inline(__always)
    private static func appendItem(_ item: Item, _ quantity: Int, to sink: inout ByteSink) {
        sink.append(",")
        sink.append(item.name)
        sink.append(",")
        sink.append(kindOf: item)
        sink.append(",")
        sink.append(quantity)
        sink.append(",")
    }
}
