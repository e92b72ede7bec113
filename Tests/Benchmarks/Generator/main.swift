import Glibc

/// Writes every file of a world; `truth.json` comes last, so its presence means that all is there.
func generate(_ options: Options) throws(GeneratorError) {
    guard mkdir(options.folder, 0o750) == 0 || errno == EEXIST else {
        throw GeneratorError("cannot create \(options.folder)", errno)
    }
    // A generation that is cut short must not leave an older one's mark of completeness.
    guard unlink(options.folder + "/truth.json") == 0 || errno == ENOENT else {
        throw GeneratorError("cannot replace \(options.folder)/truth.json", errno)
    }
    let world = World(count: options.payments, seed: options.seed)
    var truth = Truth()
    try writePaymentsAndTruth(of: world, counting: &truth, into: options.folder)

    var settlements = try ByteSink(path: options.folder + "/settlements.csv")
    let settlementRows = SettlementsDump.write(world, to: &settlements)
    try settlements.finish()

    var bookings = try ByteSink(path: options.folder + "/bookings.csv")
    let bookingRows = BookingsDump.write(world, to: &bookings)
    try bookings.finish()

    try writeCatalogue(of: world, into: options.folder)
    try writeUsers(of: world, into: options.folder)
    if let pipeline = options.pipeline {
        var file = try ByteSink(path: pipeline)
        file.append(PipelineFile.text)
        try file.finish()
    }

    let counts = truth.json(
        world, seed: options.seed, settlementRows: settlementRows, bookingRows: bookingRows)
    var summary = try ByteSink(path: options.folder + "/truth.json")
    summary.append(Array(counts.utf8))
    try summary.finish()
}

/// Payments and their truth are both in order of time, so one pass makes both.
func writePaymentsAndTruth(
    of world: World, counting truth: inout Truth, into folder: String
) throws(GeneratorError) {
    var payments = try ByteSink(path: folder + "/payments.csv")
    var findings = try ByteSink(path: folder + "/truth.csv")
    payments.append(PaymentsDump.header)
    findings.append(Truth.header)
    for index in 0..<world.count {
        let payment = world.payment(at: index)
        PaymentsDump.append(payment, of: world, to: &payments)
        truth.record(payment, of: world, to: &findings)
    }
    truth.recordStrays(of: world, to: &findings)
    try payments.finish()
    try findings.finish()
}

func writeCatalogue(of world: World, into folder: String) throws(GeneratorError) {
    var sink = try ByteSink(path: folder + "/catalogue.csv")
    sink.append("item_id,name,kind,price,currency,aliases\n")
    for (index, item) in world.catalogue.items.enumerated() {
        sink.append(itemID: index)
        sink.append(",")
        sink.append(item.name)
        sink.append(",")
        sink.append(kindOf: item)
        sink.append(",")
        sink.append(money: item.price)
        sink.append(",GHS,\n")
    }
    try sink.finish()
}

func writeUsers(of world: World, into folder: String) throws(GeneratorError) {
    var sink = try ByteSink(path: folder + "/users.csv")
    sink.append("user_id,email,full_name\n")
    for user in 0..<world.userCount {
        sink.append("U")
        sink.append(user, width: 6)
        sink.append(",")
        sink.append(user: user)
        sink.append(",Customer ")
        sink.append(user)
        sink.append("\n")
    }
    try sink.finish()
}

/// Says something on one of the standard streams.
func say(_ text: String, on descriptor: Int32) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
}

let arguments = CommandLine.arguments.dropFirst()
if arguments.contains("--help") {
    say(Options.help, on: STDOUT_FILENO)
    exit(0)
}
let options: Options
do {
    options = try Options(arguments)
} catch {
    say("trueup-generate: error: \(error.message)\n", on: STDERR_FILENO)
    exit(2)
}
do {
    try generate(options)
} catch {
    say("trueup-generate: error: \(error.message)\n", on: STDERR_FILENO)
    exit(1)
}
