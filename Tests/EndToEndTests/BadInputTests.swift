import Foundation
import Testing

/// Something that is wrong before any row is read, and what is said of it.
struct BadInput: Sendable, CustomTestStringConvertible {
    var name: String
    var code: Int32 = 1
    /// What the message says; `{in}`, `{out}` and `{definition}` stand for the paths.
    var said: [String]
    var change: @Sendable (Night, inout Launch) throws -> Void

    var testDescription: String { name }
}

/// Definitions, folders and files that cannot serve.
@Suite struct BadInputTests {
    static let definitions = [
        BadInput(
            name: "a definition that is not YAML", code: 2,
            said: ["{definition}:2:", "not YAML"]
        ) { night, _ in try Files.write("name: [tours\n  x: \"a\n", to: night.definition) },
        BadInput(
            name: "a definition of random bytes", code: 2, said: ["{definition}:1:", "not YAML"]
        ) { night, _ in
            var random = SplitMix(state: 7)
            let bytes = (0..<5000).map { _ in UInt8.random(in: 0x80...0xFF, using: &random) }
            try Files.write(Data(bytes), to: night.definition)
        },
        BadInput(name: "an empty definition", code: 2, said: ["{definition}"]) { night, _ in
            try Files.write("", to: night.definition)
        },
        BadInput(
            name: "a misspelt key", code: 2,
            said: ["{definition}:9:1", "curency", "currency"]
        ) { night, _ in try night.redefine("currency: GHS", "curency: GHS") },
        BadInput(
            name: "a folder as definition", code: 2, said: ["{in}: error", "Is a directory"]
        ) { night, launch in launch.arguments[1] = night.dumps },
        BadInput(
            name: "a missing definition", code: 2, said: ["{definition}: error", "No such file"]
        ) { night, _ in try Files.remove(night.definition) },
        BadInput(
            name: "a definition that gives an endless list", code: 2, said: ["{definition}:"]
        ) { night, _ in
            let lines = (1...40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }
            try Files.write(
                "a0: &a0 [x, x]\n" + lines.joined(separator: "\n") + "\n", to: night.definition)
        },
    ]

    static let files = [
        BadInput(name: "a missing input folder", said: ["{in}: error", "--in"]) { night, _ in
            try Files.remove(night.dumps)
        },
        BadInput(
            name: "a file as input folder", said: ["{in}/users.csv: error", "--in"]
        ) { night, launch in launch.arguments[3] = night.dumps + "/users.csv" },
        BadInput(
            name: "a missing file", said: ["{in}: error", "bookings", "bookings.csv"]
        ) { night, _ in try Files.remove(night.dumps + "/bookings.csv") },
        BadInput(
            name: "a folder in a file's place", said: ["{in}/bookings.csv: error"]
        ) { night, _ in
            try Files.remove(night.dumps + "/bookings.csv")
            try Files.makeFolder(night.dumps + "/bookings.csv")
        },
        BadInput(name: "a link to nothing", said: ["{in}", "bookings"]) { night, _ in
            try Files.remove(night.dumps + "/bookings.csv")
            try FileManager.default.createSymbolicLink(
                atPath: night.dumps + "/bookings.csv", withDestinationPath: "nowhere.csv")
        },
        BadInput(
            name: "a pipe that nobody writes to", said: ["{in}/bookings.csv: error"]
        ) { night, _ in
            try Files.remove(night.dumps + "/bookings.csv")
            try #require(mkfifo(night.dumps + "/bookings.csv", 0o600) == 0)
        },
        BadInput(
            name: "a device that never ends", said: ["{in}/bookings.csv: error"]
        ) { night, _ in
            try Files.remove(night.dumps + "/bookings.csv")
            try FileManager.default.createSymbolicLink(
                atPath: night.dumps + "/bookings.csv", withDestinationPath: "/dev/zero")
        },
        BadInput(name: "an empty file", said: ["{in}/payments.csv: error", "empty"]) { night, _ in
            try Files.write("", to: night.dumps + "/payments.csv")
        },
        BadInput(
            name: "a file of blank lines", said: ["{in}/payments.csv", "empty"]
        ) { night, _ in try Files.write("\n\r\n  \n", to: night.dumps + "/payments.csv") },
        BadInput(
            name: "a missing column",
            said: ["{in}/payments.csv:1: error", "`user_email` for user", "`mail`"]
        ) { night, _ in try night.edit("payments.csv") { $0.replacing("user_email", with: "mail") }
        },
        BadInput(
            name: "payments given as settlements",
            said: [
                "{in}/momo-2025-08.csv:1: error", "`transaction_id` for id",
                "`external_id` for reference",
            ]
        ) { night, _ in
            try Files.remove(night.dumps + "/momo-2025-08.csv")
            try Files.copy(night.dumps + "/payments.csv", to: night.dumps + "/momo-2025-08.csv")
        },
        BadInput(
            name: "a header whose quote is never closed", said: ["{in}/users.csv:1: error"]
        ) { night, _ in try night.edit("users.csv") { "\"" + $0 } },
        BadInput(
            name: "UTF-32", said: ["{in}/users.csv:1: error", "`user_id` for id"]
        ) { night, _ in
            let text = try Files.text(night.dumps + "/users.csv")
            let scalars = [0xFEFF] + text.unicodeScalars.map(\.value)
            try Files.write(
                Data(scalars.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF), 0, 0] }),
                to: night.dumps + "/users.csv")
        },
        BadInput(
            name: "a column name of a million letters", said: ["{in}/users.csv:1: error"]
        ) { night, _ in
            let long = String(repeating: "x", count: 1_000_000)
            try night.edit("users.csv") { $0.replacing("user_id", with: long) }
        },
    ]

    static let places = [
        BadInput(name: "a file in the output folder's place", said: ["{definition}: error"]) {
            night, launch in launch.arguments[5] = night.definition
        },
        BadInput(name: "a device as output folder", said: ["/dev/full: error"]) { _, launch in
            launch.arguments[5] = "/dev/full"
        },
        BadInput(name: "an output folder below /proc", said: ["/proc/trueup: error"]) {
            _, launch in launch.arguments[5] = "/proc/trueup"
        },
        BadInput(name: "an output folder in no folder", said: ["/a/b: error"]) { night, launch in
            launch.arguments[5] = night.workspace.at("a/b")
        },
        BadInput(name: "an as-of before the latest run's", said: ["{out}: error", "20250831T"]) {
            _, launch in launch.arguments[7] = "2025-08-31T01:59:59Z"
        },
        BadInput(name: "no command", code: 2, said: ["a command is missing"]) { _, launch in
            launch.arguments = []
        },
        BadInput(name: "an unknown command", code: 2, said: ["found: rnu", "run"]) { _, launch in
            launch.arguments[0] = "rnu"
        },
        BadInput(name: "an unknown option", code: 2, said: ["--thread", "--threads"]) {
            _, launch in launch.arguments += ["--thread", "2"]
        },
        BadInput(name: "no threads", code: 2, said: ["from 1 to 64"]) { _, launch in
            launch.arguments += ["--threads", "0"]
        },
        BadInput(name: "a day that does not exist", code: 2, said: ["2025-02-30"]) { _, launch in
            launch.arguments[7] = "2025-02-30T00:00:00Z"
        },
        BadInput(name: "no output folder", code: 2, said: ["--out"]) { _, launch in
            launch.arguments.removeSubrange(4...5)
        },
        BadInput(name: "an option twice", code: 2, said: ["--as-of"]) { _, launch in
            launch.arguments += ["--as-of", Night.asOf]
        },
    ]

    @Test(arguments: definitions + files + places)
    func isRefusedAndLeavesTheLatestRunAlone(input: BadInput) throws {
        let published = try PublishedNight(Night.tours())
        let night = published.night
        var launch = night.launch()
        try input.change(night, &launch)
        let said = input.said.map {
            $0.replacing("{in}", with: night.dumps).replacing("{out}", with: night.out)
                .replacing("{definition}", with: night.definition)
        }
        expectFailure(try launch.run(), code: input.code, saying: said)
        try published.expectUntouched()
    }

    @Test(arguments: ["payments.csv", "bookings.csv", "users.csv", "momo-2025-07.csv"])
    func aFileWithoutHeaderIsNotQuoted(file: String) throws {
        let published = try PublishedNight(Night.tours())
        let night = published.night
        try night.edit(file) { String($0.drop { $0 != "\n" }.dropFirst()) }
        let values = try CSVTable(path: Project.samples + "/" + file).rows[0]
        let ending = try night.run()
        expectFailure(ending, saying: ["\(night.dumps)/\(file):1: error"])
        // The first row of such a file is somebody's, and must not get into a log.
        for value in values where value.count > 3 && value != "charge" {
            #expect(!ending.errors.contains(value), "\(value)")
        }
        try published.expectUntouched()
    }

    @Test func anOutputFolderInUseIsLeftToItsHolder() throws {
        let published = try PublishedNight(Night.tours())
        let lock = published.night.out + "/.lock"
        let descriptor = open(lock, O_RDWR | O_CLOEXEC)
        try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        expectFailure(try published.night.run(), code: 4, saying: [lock, "another run"])
        try published.expectUntouched()
        close(descriptor)
        try published.night.publish()
    }

    /// Several times, since both must meet where the folder is not there yet.
    @Test(arguments: 1...8)
    func ofTwoRunsAtOnceOneHasTheFolder(_: Int) throws {
        let night = try Night.tours()
        let both = try (0..<2).map { _ in try night.launch().start() }
        let codes = try both.map { try $0.wait().code }
        #expect(codes.contains(3))
        #expect(codes.allSatisfy { $0 == 3 || $0 == 4 })
        let emitted = try Files.names(in: night.out).filter { $0.hasPrefix("2025") }
            .reduce(0) {
                try $0 + CSVTable(path: night.out + "/\($1)/new_bookings.csv").rows.count
            }
        #expect(emitted == 16)
    }

    @Test(arguments: definitions + files)
    func aCheckRefusesTheSame(input: BadInput) throws {
        let night = try Night.tours()
        var launch = night.launch()
        try input.change(night, &launch)
        launch.arguments = ["check"] + launch.arguments[1...3]
        let said = input.said.map {
            $0.replacing("{in}", with: night.dumps)
                .replacing("{definition}", with: night.definition)
        }
        let ending = try launch.run()
        expectFailure(ending, code: input.code, saying: said, output: nil)
        // What else can be told is told, unless nothing can be.
        #expect(ending.output.isEmpty || ending.output.contains("\nNo, a run would refuse"))
    }

    @Test func errorsOfAFullTerminalAreNoFailure() throws {
        let night = try Night.tours()
        var launch = night.launch()
        launch.arguments =
            ["-c", "exec \"$0\" \"$@\" > /dev/full", Project.trueup] + launch.arguments
        launch.program = "/bin/sh"
        let ending = try launch.run()
        #expect(ending.code == 3)
        #expect(ending.errors.contains("warning"))
        #expect(try night.latest().made().count == 18)
    }
}
