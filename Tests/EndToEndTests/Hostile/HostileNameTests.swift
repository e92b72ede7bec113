import Foundation
import Testing

/// Names, ids and descriptions that would run in a spreadsheet, on a page or on a terminal, and
/// those that look like others.
@Suite struct HostileNameTests {
    private static let texts = [
        "=cmd()|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\tx", "' =1",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>", "\u{1B}[31mred\u{1B}]0;own\u{7}", "\u{9B}2J",
        "\u{202E}gpj.exe", "\u{2066}apart", "\u{FEFF}mark", "zero\u{200B}width",
    ]

    /// A night of payments with these texts wherever a customer or a shop may put them.
    private func night() throws -> Night {
        let night = try Night.tours()
        try night.redefine("unidentified: review", "unidentified: emit")
        for (index, text) in Self.texts.enumerated() {
            let details = try JSONSerialization.data(withJSONObject: ["destination_name": text])
            let cells = [
                id(index), "TGH-90\(10 + index)\(text)", user(index), "\(10 + index).00", "GHS",
                "successful", "2025-08-01T10:00:00Z", "2025-08-01T10:01:00Z", text,
                String(decoding: details, as: UTF8.self), text,
            ]
            try night.append(
                [cells.map(CSVTable.quoted).joined(separator: ",")], to: "payments.csv")
            // Every second one lacks its money, so that breaks name it.
            guard index % 2 == 0 else { continue }
            let line = [
                "90\(10 + index)\(text)", cells[1], "charge", "SUCCESSFUL", cells[3], "0.10", "GHS",
                "2025-08-01T10:00:30Z",
            ]
            try night.append(
                [line.map(CSVTable.quoted).joined(separator: ",")], to: "momo-2025-08.csv")
        }
        return night
    }

    private func id(_ index: Int) -> String { "PAY-90\(10 + index)\(Self.texts[index])" }
    private func user(_ index: Int) -> String { "\(Self.texts[index])u\(index)@example.com" }

    /// Whether a character drives a terminal or deceives its reader.
    private func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A: false
        case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E,
            0x2060...0x206F, 0xFEFF:
            true
        default: false
        }
    }

    @Test func whatIsWrittenToATerminalIsHarmless() throws {
        let night = try night()
        let run = try night.publish()
        let second = try night.publish(asOf: "2025-09-01T02:00:00Z")
        var commands = [
            ["runs", night.out], ["verify", night.out], ["diff", night.out, run.name, second.name],
            ["check", night.definition, "--in", night.dumps], ["init", night.dumps],
            ["run", night.definition, "--in", night.dumps, "--out", night.workspace.at("again")]
                + ["--as-of", Night.asOf],
            ["run", night.definition, "--in", night.dumps, "--out", night.workspace.at("third")]
                + ["--as-of", Night.asOf, "--log", "json"],
            ["load-sql", night.out, "--run", run.name],
        ]
        for index in Self.texts.indices {
            commands.append(["explain", night.out, id(index)])
            commands.append(["dashboard", "--", night.out, user(index)])
        }
        for text in Self.texts where text.utf8.first != UInt8(ascii: "-") {
            commands.append(["explain", night.out, "no such \(text)"])
            commands.append(["dashboard", night.out, text])
            commands.append(["check", night.workspace.at(text)])
            commands.append([text])
        }
        for command in commands {
            let ending = try Launch(program: Project.trueup, arguments: command).run()
            // A script keeps the tabs of its texts.
            let isScript = command[0] == "load-sql"
            for said in [ending.output, ending.errors] {
                let harm = said.unicodeScalars.filter { isHarmful($0) && !(isScript && $0 == "\t") }
                #expect(harm.isEmpty, "\(command): \(harm.map(\.value))")
            }
        }
    }

    @Test func noCellRunsInASpreadsheet() throws {
        let run = try night().publish()
        let tables = try Files.names(in: run.folder).filter { $0.hasSuffix(".csv") }
        #expect(tables.count > 15)
        for file in tables {
            let table = try run.table(file)
            for cell in table.rows.joined() {
                guard let first = cell.utf8.first, "=+-@\t\r".utf8.contains(first) else { continue }
                let isNumber = cell.utf8.dropFirst().allSatisfy { "0123456789.".utf8.contains($0) }
                #expect(isNumber && first == UInt8(ascii: "-"), "\(file): \(cell)")
            }
        }
        // The guard aside, tables carry texts as they are: programs join by them.
        let ids = try run.table("payments.csv")["payment_id"]
        #expect(Set(Self.texts.indices.map(id)).isSubset(of: ids))
    }

    @Test func noTextIsMarkupOrHiddenOnAPage() throws {
        let night = try night()
        let run = try night.publish()
        let page = night.workspace.at("page.html")
        var pages = [try Files.text(run.folder + "/report.html")]
        for index in Self.texts.indices {
            let ending = try Launch(
                program: Project.trueup,
                arguments: ["dashboard", "--html", page, "--", night.out, user(index)]
            ).run()
            #expect(ending.code == 0, "\(ending.errors)")
            pages.append(try Files.text(page))
        }
        for page in pages {
            #expect(!page.contains("<script>alert") && !page.contains("<img"))
            let harm = page.unicodeScalars.filter { isHarmful($0) }
            #expect(harm.isEmpty, "\(harm.map(\.value))")
        }
        #expect(pages[0].contains("U+202E") || pages.contains { $0.contains("U+202E") })
    }
}
