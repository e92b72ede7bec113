import DelimitedText
import Diagnostics
import Money
import Records

extension Ingester {
    /// Reads one file, of whatever kind.
    mutating func read(
        _ index: Int, _ file: InputFile, into tables: inout RecordTables,
        observe: (@Sendable (UnsafeRawBufferPointer) -> Void)?
    ) throws {
        let binding = bindings[index]
        switch file.kind {
        case .payments:
            let parser = PaymentParser(binding: binding, input: file.input, rules: rules)
            var links = ContiguousArray<PaymentLinks>()
            let before = tables.payments.count
            try read(index, parser, into: &tables.payments, observe) {
                ($0.currency, $0.amount, $0.amount)
            } takeLinks: {
                links.append(contentsOf: $0)
            }
            Ingester.append(
                links, to: &tables.paymentLinks, before: before, count: tables.payments.count,
                absent: PaymentLinks())
        case .settlements:
            let parser = SettlementParser(binding: binding, input: file.input, rules: rules)
            let before = tables.settlements.count
            var links = ContiguousArray<SettlementLinks>()
            var numbers = payoutNumbers
            try read(index, parser, into: &tables.settlements, observe) {
                ($0.currency, $0.gross, abs($0.gross) + abs($0.fee) + abs($0.tax) + abs($0.net))
            } takeLinks: { names in
                for name in names { links.append(numbers.links(name)) }
            }
            payoutNumbers = numbers
            Ingester.append(
                links, to: &tables.settlementLinks, before: before,
                count: tables.settlements.count, absent: SettlementLinks())
        case .bookings:
            let parser = BookingParser(binding: binding, input: file.input)
            try read(index, parser, into: &tables.bookings, observe) {
                ($0.currency, $0.amount, $0.amount)
            }
        case .orders:
            let parser = OrderParser(binding: binding, input: file.input)
            try read(index, parser, into: &tables.orders, observe)
        case .sessions:
            let parser = SessionParser(binding: binding, input: file.input)
            try read(index, parser, into: &tables.sessions, observe, energy: { $0.energy ?? 0 })
        case .catalogue, .users, .overrides: try readSmall(index, observe)
        case .bank:
            let before = small[.bank]?.count ?? 0
            try readSmall(index, observe)
            addSums(index, (small[.bank] ?? []).dropFirst(before).lazy.compactMap(\.figures)) {
                ($0.currency, $0.amount, abs($0.amount))
            }
        }
    }

    /// Adds what the rows of one file name besides, beside the rows of all.
    ///
    /// A file without such columns names nothing, beside files that do.
    private static func append<Links>(
        _ links: ContiguousArray<Links>, to all: inout ContiguousArray<Links>, before: Int,
        count: Int, absent: Links
    ) {
        guard !links.isEmpty || !all.isEmpty else { return }
        all.append(contentsOf: repeatElement(absent, count: before - all.count))
        all.append(contentsOf: links)
        all.append(contentsOf: repeatElement(absent, count: count - all.count))
    }

    /// Reads the rows of a file; `takeLinks` is given what the rows of each block name besides.
    ///
    /// `money` gives a row's amount for the control totals, and the magnitude of everything that it
    /// may add to a sum; `energy` what a session measured.
    private mutating func read<Parser: RowParser>(
        _ index: Int, _ parser: Parser, into table: inout Table<Parser.Row>,
        _ observe: (@Sendable (UnsafeRawBufferPointer) -> Void)?,
        money: ((Parser.Row) -> (Currency, Int64, Int64))? = nil,
        energy: ((Parser.Row) -> Int64)? = nil,
        takeLinks: (ContiguousArray<Parser.Links>) -> Void = { _ in }
    ) throws {
        let binding = bindings[index]
        let rules = rules
        let isTallied = list != nil || files.all[index].excerpt != nil
        var totals = FileTotals(binding)
        var cursor = 0
        try reading(index, observe) { tape, offset in
            let totals = binding.makeFields(&tape, at: offset)
            let block = parser.parse(
                tape, at: offset, file: index, binding: binding, rules: rules)
            return (block, totals, isTallied ? block.texts(in: tape, at: offset, rules.key) : [])
        } deliver: { made, place in
            var block = made.0
            var place = place
            if let share {
                let parts = share.division.rows[index]
                block.keep { parts[cursor + $0] == share.part }
                cursor += made.0.rows.count
            } else if let excerpt = files.all[index].excerpt {
                try excerpt.restore(
                    &block, after: cursor, file: index, name: files.all[index].path)
                cursor += block.rows.count
                for (row, text) in zip(block.rows, made.2) {
                    tallies[index].add(row.place, line: row.line, text.print)
                }
                place.firstLine = 0
            } else {
                totals.add(made.1, place)
                appendRejects(block.rejects, index, place)
                counts[index].records += block.recordCount
                counts[index].leftOut += block.leftOut
                if let money { addSums(index, block.rows, money) }
                if let energy { addEnergy(index, block.rows, energy) }
                guard names == nil else {
                    return try name(block, Parser.self, made.2, index, place)
                }
            }
            append(block, to: &table, index, place)
            takeLinks(block.links)
        }
        if let excerpt = files.all[index].excerpt {
            guard cursor == excerpt.count else {
                throw RowExcerpt.foreign(files.all[index].path)
            }
        } else if share == nil {
            try finish(index, totals)
        }
    }

    private func append<Row, Links>(
        _ block: BlockRows<Row, Links>, to table: inout Table<Row>, _ index: Int,
        _ place: BlockPlace
    ) {
        if table.rows.capacity - table.rows.count < block.rows.count {
            // The rest of the file will be about like this block; growing step by step would copy
            // everything again and again.
            let rest = files.all[index].source.size - place.offset
            let blocks = rest / RecordReader.blockSize + 1
            let rows = block.rows.count * blocks
            let idBytes = block.idBytes.count * blocks
            table.rows.reserveCapacity(table.rows.count + rows + rows / 16)
            table.idBytes.reserveCapacity(table.idBytes.count + idBytes + idBytes / 16)
        }
        let shift = table.idBytes.count
        table.idBytes.append(contentsOf: block.idBytes)
        let first = table.rows.count
        table.rows.append(contentsOf: block.rows)
        for row in first..<table.rows.count {
            table.rows[row].idText = table.rows[row].idText.moved(by: shift)
            table.rows[row].line += UInt32(place.firstLine)
        }
    }

    /// Notes what each row of a block names, and keeps none.
    private mutating func name<Parser: RowParser>(
        _ block: BlockRows<Parser.Row, Parser.Links>, _: Parser.Type,
        _ texts: ContiguousArray<RowText>, _ file: Int, _ place: BlockPlace
    ) throws {
        guard var names = names.take() else { return }
        try block.idBytes.withUnsafeBytes { ids in
            for (index, row) in block.rows.enumerated() {
                let id = row.idText.offset..<(row.idText.offset + row.idText.count)
                names.clear()
                Parser.addKeys(
                    of: row, id: UnsafeRawBufferPointer(rebasing: ids[id]),
                    block.links.isEmpty ? nil : block.links[index], to: &names)
                router?.add(names, file: file)
                guard let list else { continue }
                let line = row.line + UInt32(place.firstLine)
                tallies[file].add(row.place, line: line, texts[index].print)
                try list(
                    ListedRow(
                        place: row.place, count: texts[index].count, line: line, names: names))
            }
        }
        if let router { try checkRouted(router) }
        self.names = names
    }

    /// Puts what was refused after the reading into the order of the files.
    mutating func add(late returning: ReturningRecords) throws {
        let found = returning.rejects
        for (file, sums) in returning.sums {
            for (currency, sum) in sums { counts[file].sums[currency, default: 0] -= sum }
        }
        guard !found.isEmpty else { return }
        rejects.append(contentsOf: found)
        rejects.sort { $0.place.packed < $1.place.packed }
        for reject in found { counts[reject.place.file].rejected += 1 }
        try refuseTooManyRejects()
    }

    private mutating func appendRejects(_ found: [Reject], _ file: Int, _ place: BlockPlace) {
        let isUTF8 = files.all[file].source.encoding == .utf8
        for var reject in found {
            reject.line += UInt32(place.firstLine)
            if reject.reason == .invalidUTF8, !isUTF8 { reject.reason = .undecodable }
            rejects.append(reject)
        }
        counts[file].rejected += found.count
    }

    /// Reads a file from below its header; what goes wrong says which file it was.
    private func reading<Output: Sendable>(
        _ index: Int, _ observe: (@Sendable (UnsafeRawBufferPointer) -> Void)?,
        parse: @Sendable (inout RecordTape, Int) -> Output,
        deliver: (Output, BlockPlace) throws -> Void
    ) throws {
        let reader = RecordReader(
            source: files.all[index].source, dialect: bindings[index].dialect, workers: workers)
        do {
            try reader.read(
                from: starts[index], observe: observe, parse: parse
            ) { output, place in
                try checkStopped()
                try deliver(output, place)
            }
        } catch let error as TextSourceError {
            let finding = Finding(
                "the dump cannot be read", at: SourcePosition(file: files.all[index].path),
                found: error.description, remedy: "check the file, and run again")
            guard gathersObstacles else { throw TrueupError.run(finding) }
            throw UnreadableDumps(all: [(index, finding)])
        }
    }

    /// Reads records of a kind of which there are few enough to keep their texts.
    private mutating func readSmall(
        _ index: Int, _ observe: (@Sendable (UnsafeRawBufferPointer) -> Void)?
    ) throws {
        let binding = bindings[index]
        let kind = files.all[index].kind
        let rules = rules
        var totals = FileTotals(binding)
        try reading(index, observe) { tape, offset in
            let totals = binding.makeFields(&tape, at: offset)
            return (
                SmallBlock(
                    tape, at: offset, file: index, kind: kind, binding: binding, rules: rules),
                totals
            )
        } deliver: { made, place in
            let block = made.0
            totals.add(made.1, place)
            for var record in block.records {
                record.line += UInt32(place.firstLine)
                small[kind, default: []].append(record)
            }
            appendRejects(block.rejects, index, place)
            counts[index].records += block.records.count + block.rejects.count + block.leftOut
            counts[index].leftOut += block.leftOut
        }
        try finish(index, totals)
    }
}
