import Money
import Records
import Time

/// Finds the payout of each bank line: by its id, by the words of its description, by its amount.
///
/// A line of which two payouts could be meant is left alone.
struct BankMatcher {
    /// How many days beyond the last on which it is in time a deposit of the same amount is still
    /// taken for a payout that nothing names; also how many bytes an id needs at least to be looked
    /// for in descriptions, where a shorter one could be any number.
    static let patience = 7
    static let shortestWord = 6
    /// How much of a description is looked at.
    static let longestDescription = 512

    private let payouts: [PayoutTieOut]
    private let bank: [BankLine]
    /// The payouts of an id, one for each currency.
    private let byID: [String: [Int]]
    /// The same by the ids' letters in lower case, for descriptions.
    private let byWord: [[UInt8]: [Int]]
    private let longestWord: Int

    /// Prepares the matching; `payouts` know their days.
    init(payouts: [PayoutTieOut], bank: [BankLine]) {
        self.payouts = payouts
        self.bank = bank
        byID = Dictionary(grouping: payouts.indices) { payouts[$0].payout }
        let spoken = payouts.indices.filter { place in
            let id = payouts[place].payout.utf8
            return id.count >= BankMatcher.shortestWord
                && id.contains { (0x30...0x39).contains($0) }
        }
        byWord = Dictionary(grouping: spoken) { BankMatcher.folded(payouts[$0].payout) }
        longestWord = byWord.keys.lazy.map(\.count).max() ?? 0
    }

    /// For each bank line the index of its payout, or -1.
    func payoutOfLine() -> [Int] {
        var found = [Int](repeating: -1, count: bank.count)
        var byAmount: [(line: Int, named: [Int])] = []
        for (place, line) in bank.enumerated() {
            if !line.payout.isEmpty, let known = byID[line.payout] {
                // It says itself which payout it is of; in another currency there is no telling.
                found[place] = known.first { payouts[$0].currency == line.currency } ?? -1
                continue
            }
            let named = named(by: line)
            if Set(named.map { payouts[$0].payout }).count == 1 {
                found[place] = named.first { payouts[$0].currency == line.currency } ?? -1
            } else {
                byAmount.append((place, named))
            }
        }
        matchByAmount(byAmount, &found)
        return found
    }

    // MARK: Descriptions

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// The payouts whose ids stand as whole words in a description, ignoring case.
    private func named(by line: BankLine) -> [Int] {
        guard !byWord.isEmpty, !line.description.isEmpty else { return [] }
        let text = Array(
            BankMatcher.folded(line.description).prefix(BankMatcher.longestDescription))
        let edges = (0...text.count).filter { place in
            place == 0 || place == text.count
                || !(BankMatcher.isPartOfWord(text[place - 1])
                    && BankMatcher.isPartOfWord(text[place]))
        }
        var found: [Int] = []
        for (order, start) in edges.enumerated() {
            for end in edges[(order + 1)...] {
                guard end - start <= longestWord else { break }
                found += byWord[Array(text[start..<end])] ?? []
            }
        }
        return Set(found).sorted()
    }

    // MARK: Amounts

    private struct Price: Hashable {
        let currency: Currency
        let amount: Int64
    }

    /// Pairs lines and payouts of the same amount where either has no other choice.
    private func matchByAmount(_ lines: [(line: Int, named: [Int])], _ found: inout [Int]) {
        let taken = Set(found)
        let free = payouts.indices.filter { !taken.contains($0) && payouts[$0].day.isPresent }
        let byPrice = Dictionary(grouping: free) {
            Price(
                currency: payouts[$0].currency,
                amount: payouts[$0].waterfall.claimed ?? payouts[$0].net)
        }
        var choices: [Int: [Int]] = [:]
        for (place, named) in lines {
            let line = bank[place]
            guard line.amount != 0 else { continue }
            let price = Price(currency: line.currency, amount: line.amount)
            for payout in byPrice[price] ?? []
            where isInTime(line, payouts[payout]) && (named.isEmpty || named.contains(payout)) {
                choices[place, default: []].append(payout)
            }
        }
        var suitors: [Int: Int] = [:]
        for payouts in choices.values {
            for payout in payouts { suitors[payout, default: 0] += 1 }
        }
        for (place, payouts) in choices where payouts.count == 1 {
            if suitors[payouts[0]] == 1 { found[place] = payouts[0] }
        }
    }

    /// Whether a deposit of that day can be the payout: banks of other zones are a day early.
    private func isInTime(_ line: BankLine, _ payout: PayoutTieOut) -> Bool {
        line.date >= payout.day.adding(days: -1)
            && line.date <= payout.due.adding(days: BankMatcher.patience)
    }
}
