import Foundation
import Testing

/// What a run leaves: its files, their columns, sums, permissions, and the archive.
@Suite struct RunFolderTests {
    static let tables: [String: String] = [
        "payments.csv": """
        payment_id,reference,user,amount,currency,status,resolved_status,outcome,captured,\
        refunded,fee,net,settlement_ids,booking_ids,match_rule,breaks
        """,
        "settlements.csv": """
        settlement_id,reference,type,state,gross,fee,tax,net,currency,payment_id,payout,outcome
        """,
        "bookings.csv":
            "booking_id,payment_ids,user,amount,currency,status,match_rule,outcome",
        "status_updates.csv":
            "payment_id,reference,from_status,to_status,settlement_id,evidence",
        "booking_links.csv": "payment_id,booking_id,match_rule",
        "new_bookings.csv": """
        booking_id,payment_id,user,item_id,item_name,kind,participants,amount,currency,status,\
        booking_date,starts_at,ends_at,special_requests,origin
        """,
        "new_tickets.csv": """
        ticket_id,payment_id,user,item_id,item_name,quantity,amount,currency,status,event_date,\
        special_requests,origin
        """,
        "order_updates.csv": "id,payment_id,from_status,to_status",
        "session_updates.csv": "id,booking_id,from_status,to_status",
        "transactions.csv":
            "transaction_id,payment_id,type,user,seller,amount,currency,status,created_at",
        "payouts.csv": "payout_id,seller,currency,amount,transactions,due_date,status",
        "payout_lines.csv": "payout_id,transaction_id,amount",
        "breaks.csv": """
        break_id,code,severity,payment_id,settlement_id,booking_id,payout,user,amount,currency,\
        at_risk,first_seen,age_days,near_miss,detail
        """,
        "cleared.csv": "break_id,code,first_seen,cleared_by",
        "rejects.csv": "file,line,column,reason,raw",
        "repeats.csv": "file,line,kind,id,reason,kept_file,kept_line",
    ]

    private func firstLine(_ path: String) throws -> String {
        String(try Files.text(path).prefix { $0 != "\n" })
    }

    @Test func everyTableIsThereWithItsHeader() throws {
        let run = try Night.tours().publish()
        for (file, header) in Self.tables {
            #expect(try firstLine(run.folder + "/" + file) == header, "\(file)")
            // Every row has as many fields as the header: the reader looks at each.
            _ = try run.table(file)
        }
    }

    @Test func tablesWithoutRowsHaveTheirHeaderToo() throws {
        let night = try Night.tours()
        for file in ["payments.csv", "bookings.csv", "catalogue.csv", "users.csv"] {
            try night.edit(file) { String($0.prefix { $0 != "\n" }) + "\n" }
        }
        try Files.remove(night.dumps + "/momo-2025-08.csv")
        try night.edit("momo-2025-07.csv") { String($0.prefix { $0 != "\n" }) }
        let ending = try night.run()
        #expect(ending.code == 0, "\(ending.errors)")
        let run = try night.latest()
        for (file, header) in Self.tables {
            #expect(try Files.text(run.folder + "/" + file) == header + "\n", "\(file)")
        }
        #expect(try Files.text(run.folder + "/dashboards.jsonl").isEmpty)
        #expect(text(of: try run.json("report.json")["verdict"]) == "clean")
        let inputs = try #require(try run.json("run.json")["inputs"] as? [[String: Any]])
        #expect(inputs.map { text(of: $0["rows"]) } == ["0", "0", "0", "0", "0"])
    }

    @Test func checksumsCoverEveryFileButWhatDependsOnTheMachine() throws {
        let run = try Night.tours().publish()
        let ending = try Launch(
            program: "sha256sum", arguments: ["--strict", "-c", "SHA256SUMS"], folder: run.folder
        ).run()
        #expect(ending.code == 0, "\(ending.errors)\(ending.output)")
        let listed = try Files.text(run.folder + "/SHA256SUMS").split(separator: "\n")
            .map { String($0.dropFirst(66)) }
        let there = try FolderSnapshot(run.folder).entries.filter { $1.kind == "file" }.keys
        let uncovered = ["SHA256SUMS"] + FolderSnapshot.machineDependent
        #expect(Set(listed) == Set(there).subtracting(uncovered))
        #expect(Set(there).isSuperset(of: uncovered))
        #expect(listed.count == Set(listed).count)
        #expect(Set(Self.tables.keys).isSubset(of: listed))
    }

    @Test(arguments: ["000", "022", "077", "777"])
    func othersSeeNothingWhateverTheMask(umask: String) throws {
        let night = try Night.tours()
        var launch = night.launch()
        launch.umask = umask
        #expect(try launch.run().code == 3)
        for (name, entry) in try FolderSnapshot(night.out).entries
        where !entry.kind.hasPrefix("→") {
            #expect(entry.mode == (entry.kind == "folder" ? "750" : "640"), "\(name)")
        }
    }

    @Test func theArchiveHoldsInputsDefinitionAndOutputsByteForByte() throws {
        let night = try Night.tours()
        let run = try night.publish()
        let unpacked = night.workspace.at("unpacked")
        try Files.makeFolder(unpacked)
        let ending = try Launch(
            program: "tar", arguments: ["--zstd", "-xpf", run.archive, "-C", unpacked]
        ).run()
        try #require(ending.code == 0, "\(ending.errors)")
        let archived = try FolderSnapshot(unpacked).entries
        #expect(
            try archived["definition/tours.yaml"]?.bytes == Files.bytes(night.definition))
        let inputs = try FolderSnapshot(unpacked + "/inputs").entries.compactMapValues(\.bytes)
        let used = try FolderSnapshot(night.dumps).entries.compactMapValues(\.bytes)
            .filter { $0.key.hasSuffix(".csv") }
        #expect(inputs == used)
        let outputs = try FolderSnapshot(unpacked + "/outputs").entries.compactMapValues(\.bytes)
        var published = try FolderSnapshot(run.folder).entries.compactMapValues(\.bytes)
        for name in FolderSnapshot.machineDependent { published[name] = nil }
        #expect(outputs == published)
        let manifest = try JSONSerialization.jsonObject(
            with: Files.bytes(unpacked + "/manifest.json"))
        #expect(text(of: (manifest as? [String: Any])?["run"]) == run.name)
        let folders = ["definition", "inputs", "outputs", "outputs/carried", "outputs/trace"]
        let others = Set(archived.filter { $1.kind != "file" }.keys).subtracting([".", "previous"])
        #expect(others == Set(folders))
    }

    @Test func archivesFormAChain() throws {
        let night = try Night.tours()
        let first = try night.publish()
        let second = try night.publish()
        let manifest = try Launch(
            program: "tar", arguments: ["--zstd", "-xOf", second.archive, "manifest.json"]
        ).run().output
        let sum = try Launch(program: "sha256sum", arguments: [first.archive]).run().output
        #expect(manifest.contains(String(sum.prefix(64))))
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: second.folder + "/previous")
                == "../" + first.name)
    }

    @Test func cellsThatASpreadsheetWouldRunAreDefused() throws {
        let night = try Night.tours()
        let formula = "=HYPERLINK(\"\"http://example.com\"\")"
        try night.append(
            [
                "PAY-9001,\"\(formula)\",@sum@example.com,10.00,GHS,successful,"
                    + "2025-08-30T10:00:00Z,,\"<script>alert(1)</script>, +1\",,mtn-momo",
                "+PAY-9002,TGH-9002,-user@example.com,10.00,GHS,failed,2025-08-30T10:00:00Z,,,,",
            ], to: "payments.csv")
        let run = try night.publish()
        let payments = try run.table("payments.csv")
        let hostile = payments.rows.suffix(2).map { Array($0.prefix(3)) }
        #expect(
            hostile == [
                ["PAY-9001", "'=HYPERLINK(\"http://example.com\")", "'@sum@example.com"],
                ["'+PAY-9002", "TGH-9002", "'-user@example.com"],
            ])
        for file in Self.tables.keys {
            for field in try run.table(file).rows.joined() {
                let first = field.first.map(String.init) ?? ""
                #expect(!"=+@\t\r".contains(first) || first.isEmpty, "\(file): \(field)")
            }
        }
        let page = try Files.text(run.folder + "/report.html")
        #expect(!page.contains("<script>alert"))
    }
}
