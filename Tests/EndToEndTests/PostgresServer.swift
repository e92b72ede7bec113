import Foundation
import Testing

/// A PostgreSQL server of a test's own, reached through a socket in its folder.
final class PostgresServer {
    private let folder: String
    private let bin: String

    init(_ workspace: Workspace) throws {
        // Sockets have short paths.
        folder = "/tmp/pg-" + UUID().uuidString.prefix(8)
        let found = try Launch(
            program: "/bin/sh",
            arguments: ["-c", "ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1"]
        ).run()
        bin = found.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try Files.makeFolder(folder)
        // The server refuses to be run by root.
        if getuid() == 0 {
            try shell("chown postgres: \(folder)")
        }
        try asServer("\(bin)/initdb -D \(folder)/data -A trust -U postgres -E UTF8 --no-sync")
        try asServer(
            "\(bin)/pg_ctl -D \(folder)/data -w -l \(folder)/log "
                + "-o \"-c listen_addresses='' -k \(folder) -c fsync=off\" start")
    }

    deinit {
        try? asServer("\(bin)/pg_ctl -D \(folder)/data -m immediate stop")
        try? Files.remove(folder)
    }

    private func shell(_ command: String) throws {
        let ending = try Launch(program: "/bin/sh", arguments: ["-c", command]).run()
        try #require(ending.code == 0, "\(command): \(ending.errors)")
    }

    private func asServer(_ command: String) throws {
        let quoted = "'" + command.replacing("'", with: "'\\''") + "'"
        try shell(getuid() == 0 ? "cd / && su postgres -s /bin/sh -c \(quoted)" : command)
    }

    private func psql(_ arguments: [String]) throws -> String {
        let ending = try client(["-v", "ON_ERROR_STOP=1"] + arguments)
        try #require(ending.code == 0, "\(ending.errors)")
        return ending.output
    }

    private func client(_ arguments: [String]) throws -> Ending {
        try Launch(
            program: "psql", arguments: ["-h", folder, "-U", "postgres", "-X", "-q"] + arguments
        ).run()
    }

    /// Runs a script, of which nothing may fail.
    func execute(_ sql: String) throws {
        let ending = try attempt(sql)
        try #require(ending.code == 0, "\(ending.errors)")
    }

    /// Runs a script, whatever comes of it; `stops` at its first error, or goes on.
    func attempt(_ sql: String, stops: Bool = true) throws -> Ending {
        let path = folder + "/script-\(UUID().uuidString).sql"
        try Files.write(sql, to: path)
        return try client((stops ? ["-v", "ON_ERROR_STOP=1"] : []) + ["-f", path])
    }

    /// Sends a script to the server in one piece, as programs do.
    func executeAtOnce(_ sql: String) throws { _ = try psql(["-c", sql]) }

    /// What a query gives, a text a row.
    func texts(_ query: String) throws -> [String] {
        try psql(["-At", "-c", query]).split(separator: "\n").map(String.init)
    }

    /// Makes a table of a dump: amounts are numbers, moments are moments, all else is text.
    func importTable(_ name: String, _ dump: CSVTable, key: String) throws {
        let columns = dump.header.map { column in
            let type =
                column.hasSuffix("amount")
                ? "numeric(12,2)"
                : column.hasSuffix("_at")
                    ? "timestamptz" : column == "participants" ? "integer" : "text"
            return "\(column) \(type)" + (column == key ? " PRIMARY KEY" : "")
        }
        try execute("CREATE TABLE \(name) (\(columns.joined(separator: ", ")));")
        let path = folder + "/\(name).csv"
        try Files.write(dump.text, to: path)
        _ = try psql(["-c", "\\copy \(name) FROM '\(path)' CSV HEADER"])
    }

    /// The tables of a shop, as its dumps have them.
    func importShop(_ night: Night) throws {
        try importTable("payments", night.dump("payments.csv"), key: "payment_id")
        try importTable("bookings", night.dump("bookings.csv"), key: "booking_id")
    }

    /// The shop's dumps of another night.
    func exportShop(_ night: Night) throws {
        try night.write(export("payments", orderedBy: "payment_id"), "payments.csv")
        try night.write(export("bookings", orderedBy: "booking_id"), "bookings.csv")
    }

    /// Exports a table as the shop does every night.
    func export(_ name: String, orderedBy key: String) throws -> CSVTable {
        let path = folder + "/\(name)-export.csv"
        _ = try psql([
            "-c", "SET timezone = 'UTC'",
            "-c", "\\copy (SELECT * FROM \(name) ORDER BY \(key)) TO '\(path)' CSV HEADER",
        ])
        return try CSVTable(path: path)
    }
}
