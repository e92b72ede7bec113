/// The best one-to-one assignment of a small group, and whether it is the only one.
///
/// Most pairs first, then the least total cost: the Hungarian method with potentials, over the
/// right side and one place outside for each on the left. All costs are integers, so "equally
/// good" is exact.
struct Assignment {
    /// The partner on the right of each on the left, or nil.
    private(set) var partners: [Int?]
    /// Groups of those on the left of which an equally good assignment would leave out others: each
    /// one left out, followed by those that could be left out in its place.
    private(set) var interchangeable: [[Int]] = []

    private let leftCount: Int
    private let rightCount: Int
    private let outside: Int64
    private let costs: [Int64?]
    private var leftPotential: [Int64]
    private var rightPotential: [Int64]

    /// Assigns `leftCount` to `rightCount`, where `cost` gives what a pair costs, or nil where the
    /// two cannot be paired.
    ///
    /// - Precondition: costs are not negative, and their sum is far below the range of 64 bits.
    ///   Complexity: leftCount² × (leftCount + rightCount).
    init(leftCount: Int, rightCount: Int, cost: (Int, Int) -> Int64?) {
        self.leftCount = leftCount
        self.rightCount = rightCount
        var costs: [Int64?] = []
        var highest: Int64 = 0
        for left in 0..<leftCount {
            for right in 0..<rightCount {
                let value = cost(left, right)
                highest = max(highest, value ?? 0)
                costs.append(value)
            }
        }
        self.costs = costs
        // Staying outside costs more than any whole assignment, so that pairs come first.
        outside = (highest + 1) * Int64(leftCount + 1)
        leftPotential = Array(repeating: 0, count: leftCount + 1)
        rightPotential = Array(repeating: 0, count: rightCount + leftCount + 1)
        partners = Array(repeating: nil, count: leftCount)
        solve()
    }

    /// What a pair costs, both sides from 1; the places beyond the right side are outside.
    private func price(_ left: Int, _ right: Int) -> Int64? {
        right > rightCount ? outside : costs[(left - 1) * rightCount + right - 1]
    }

    /// Adds those on the left one by one, each along the cheapest alternating path.
    private mutating func solve() {
        let columns = rightCount + leftCount
        var holder = Array(repeating: 0, count: columns + 1)
        for left in 1..<(leftCount + 1) {
            holder[0] = left
            var column = 0
            var slack = [Int64](repeating: .max, count: columns + 1)
            var from = [Int](repeating: 0, count: columns + 1)
            var isDone = [Bool](repeating: false, count: columns + 1)
            repeat {
                isDone[column] = true
                let row = holder[column]
                var least = Int64.max
                var next = 0
                for candidate in 1..<(columns + 1) where !isDone[candidate] {
                    if let value = price(row, candidate) {
                        let reduced = value - leftPotential[row] - rightPotential[candidate]
                        if reduced < slack[candidate] {
                            slack[candidate] = reduced
                            from[candidate] = column
                        }
                    }
                    if slack[candidate] < least {
                        least = slack[candidate]
                        next = candidate
                    }
                }
                for done in 0..<(columns + 1) {
                    if isDone[done] {
                        leftPotential[holder[done]] += least
                        rightPotential[done] -= least
                    } else if slack[done] != .max {
                        slack[done] -= least
                    }
                }
                column = next
            } while holder[column] != 0
            while column != 0 {
                holder[column] = holder[from[column]]
                column = from[column]
            }
        }
        read(holder)
    }

    private mutating func read(_ holder: [Int]) {
        for column in 1..<(rightCount + 1) where holder[column] != 0 {
            partners[holder[column] - 1] = column - 1
        }
        for column in (rightCount + 1)..<(rightCount + leftCount + 1) where holder[column] != 0 {
            let others = couldBeLeftOut(insteadOf: holder[column], at: column, holder)
            if !others.isEmpty {
                interchangeable.append([holder[column] - 1] + others.map { $0 - 1 })
            }
        }
    }

    /// Those that can change places with one that is left out at no cost: reached from it by pairs
    /// without slack, and free of slack towards its place outside.
    private func couldBeLeftOut(
        insteadOf first: Int, at place: Int, _ holder: [Int]
    ) -> [Int] {
        var isReached = [Bool](repeating: false, count: leftCount + 1)
        isReached[first] = true
        var queue = [first]
        var found: [Int] = []
        while let left = queue.popLast() {
            for right in 1..<(rightCount + 1) {
                guard let value = price(left, right),
                    value == leftPotential[left] + rightPotential[right],
                    holder[right] != 0, !isReached[holder[right]]
                else { continue }
                let other = holder[right]
                isReached[other] = true
                queue.append(other)
                if outside == leftPotential[other] + rightPotential[place] { found.append(other) }
            }
        }
        return found.sorted()
    }
}
