/// Sets of numbers that have none in common, of which two may become one.
///
/// Each set is named by the least of its members, so that its name does not depend on the order in which
/// sets were united.
public struct DisjointSets: Sendable {
    /// For each number another one of its set; itself where it names the set.
    private var parents: ContiguousArray<UInt32>

    /// Every number below `count` alone.
    public init(count: Int = 0) {
        parents = ContiguousArray((0..<count).map { UInt32($0) })
    }

    /// How many numbers there are.
    public var count: Int { parents.count }

    /// Adds the next number, alone; returns it.
    public mutating func append() -> UInt32 {
        parents.append(UInt32(parents.count))
        return UInt32(parents.count - 1)
    }

    /// The name of the set that a number belongs to.
    public func find(_ number: UInt32) -> UInt32 {
        var number = number
        while parents[Int(number)] != number { number = parents[Int(number)] }
        return number
    }

    /// The same; whoever asks for the number again finds it sooner.
    public mutating func root(_ number: UInt32) -> UInt32 {
        var number = number
        while parents[Int(number)] != number {
            parents[Int(number)] = parents[Int(parents[Int(number)])]
            number = parents[Int(number)]
        }
        return number
    }

    /// Makes one set of the two that these numbers name; returns its name.
    ///
    /// - Precondition: each of the two names a set.
    @discardableResult
    public mutating func unite(_ left: UInt32, _ right: UInt32) -> UInt32 {
        parents[Int(max(left, right))] = min(left, right)
        return min(left, right)
    }
}
