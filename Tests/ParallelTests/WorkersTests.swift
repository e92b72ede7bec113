import Parallel
import Testing

@Suite struct WorkersTests {
    @Test(arguments: [0, 1, 2, 4])
    func everyTaskIsDoneOnceAndResultsKeepTheirOrder(threads: Int) {
        let squares = Workers(count: threads).map(1000) { $0 * $0 }
        #expect(squares == (0..<1000).map { $0 * $0 })
    }

    @Test(arguments: [1, 2, 4])
    func twoTasksGiveWhatEachMakes(threads: Int) {
        let (number, word) = Workers(count: threads).both({ 7 }, and: { "seven" })
        #expect(number == 7)
        #expect(word == "seven")
    }

    @Test func noTasksAreNoWork() {
        #expect(Workers(count: 2).map(0) { $0 }.isEmpty)
    }

    @Test(arguments: [1, 2, 4], [0, 1, 1023, 5000])
    func rangesKeepTheOrderOfWhatTheyMake(threads: Int, count: Int) throws {
        let made = try Workers(count: threads).flatMapRanges(of: count) { range in
            range.filter { $0 % 3 != 0 }
        }
        #expect(made == (0..<count).filter { $0 % 3 != 0 })
    }

    @Test(arguments: [1, 2, 4])
    func whatOneRangeThrowsIsThrown(threads: Int) {
        struct Fault: Error {}
        #expect(throws: Fault.self) {
            try Workers(count: threads).flatMapRanges(of: 9000) { range -> [Int] in
                if range.contains(5000) { throw Fault() }
                return Array(range)
            }
        }
    }
}
