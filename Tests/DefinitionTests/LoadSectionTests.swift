import Rules
import Testing

@testable import Definition

/// The section `load`, and the names in it.
@Suite struct LoadSectionTests {
    private func complaints(aboutLoad text: String) -> String {
        DefinitionTests.complaints(minimal + "load:\n  " + text + "\n")
    }

    @Test(arguments: [
        ("bookings", ["bookings"]), ("shop.bookings", ["shop", "bookings"]),
        ("a.b.c", ["a", "b", "c"]), ("\"a.b\"", ["a.b"]), ("s.\"a\"\"b\"", ["s", "a\"b"]),
        ("\"a\u{301}\".\"\u{301}b\"", ["a\u{301}", "\u{301}b"]), ("it's", ["it's"]),
    ])
    func namesOfTables(text: String, parts: [String]) {
        #expect(TableName(text)?.parts == parts)
    }

    @Test(arguments: [
        "", ".", "a.", ".a", "a..b", "a.b.c.d", "\"a", "\"a\"b", "\"\"", "a\0b",
        String(repeating: "a", count: 64), "s." + String(repeating: "\u{E9}", count: 32),
    ])
    func whatIsNoNameOfATable(text: String) { #expect(TableName(text) == nil) }

    @Test func aTableWhoseNameIsNoneIsAnError() {
        let text = complaints(
            aboutLoad: "new_bookings: {table: a..b, key: id, columns: {id: booking_id}}")
        #expect(text.contains("t.yaml:7:25: error: load.new_bookings.table is not a table's name"))
    }

    @Test func aColumnThatPostgreSQLWouldCutOffIsAnError() {
        let name = String(repeating: "c", count: 64)
        let text = complaints(
            aboutLoad: "new_bookings: {table: b, key: id, columns: {id: booking_id, \(name): user}}"
        )
        #expect(text.contains("load.new_bookings.columns has a name that no column has"))
        #expect(text.contains("at most 63 bytes"))
    }

    @Test(arguments: [
        ("status_updates", "payment_id", "to_status"),
        ("booking_links", "booking_id", "payment_id"),
    ])
    func aFileThatChangesRowsMustSayWhat(file: String, key: String, change: String) {
        let without = "\(file): {table: t, key: id, columns: {id: \(key)}}"
        let text = complaints(aboutLoad: without)
        #expect(text.contains("load.\(file).columns changes nothing"))
        #expect(text.contains("a column beside the key that is given \(change)"))
        let with = "\(file): {table: t, key: id, columns: {id: \(key), changed: \(change)}}"
        #expect(complaints(aboutLoad: with).isEmpty)
        // As part of the key it would be looked for, not changed.
        let keyed =
            "\(file): {table: t, key: [id, changed], "
            + "columns: {id: \(key), changed: \(change)}}"
        #expect(complaints(aboutLoad: keyed).contains("changes nothing"))
    }
}
