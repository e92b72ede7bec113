import Parallel
import Testing

@Suite struct WorkersTests {
    @Test(arguments: [0, 1, 2, 4])
    func everyTaskIsDoneOnceAndResultsKeepTheirOrder(threads: Int) {
        let squares = Workers(count: threads).map(1000) { $0 * $0 }
        #expect(squares == (0..<1000).map { $0 * $0 })
    }

    @Test func noTasksAreNoWork() {
        #expect(Workers(count: 2).map(0) { $0 }.isEmpty)
    }
}
