// UNSAFE MEMORY. The invariant of this file: `masks` has `blocks` words for each symbol below
// `symbolCount`, all of them zero except those of the pattern's symbols; `state` has `blocks`
// words; and every symbol of a pattern or a text is below `symbolCount`.

import JSONText

/// The length of the longest common subsequence of one pattern and many texts, 64 characters of
/// the pattern at a time (Hyyrö's bit-parallel recurrence).
///
/// A set bit of the state says that the pattern's character there does not lengthen the common
/// subsequence yet; one addition and two logical operations take in one character of the text.
struct CommonSubsequence: ~Copyable {
    private var masks = ScratchBuffer<UInt64>(capacity: 1024)
    private var state = ScratchBuffer<UInt64>(capacity: 16)
    private var blocks = 0
    private var patternLength = 0

    /// Takes the pattern; the last one must have been removed.
    mutating func setPattern(_ pattern: UnsafeBufferPointer<UInt32>, symbolCount: Int) {
        patternLength = pattern.count
        let needed = max(1, (pattern.count + 63) / 64)
        if needed != blocks || masks.count != needed * symbolCount {
            blocks = needed
            masks.fill(0, count: blocks * symbolCount)
        }
        for (index, symbol) in pattern.enumerated() {
            masks[Int(symbol) * blocks + index >> 6] |= 1 &<< UInt64(index & 63)
        }
    }

    /// Clears what `setPattern` set.
    mutating func removePattern(_ pattern: UnsafeBufferPointer<UInt32>) {
        for (index, symbol) in pattern.enumerated() {
            masks[Int(symbol) * blocks + index >> 6] = 0
        }
    }

    /// The length of the longest common subsequence of the pattern and a text.
    ///
    /// Any number below `needed` may be returned where the length is below `needed`.
    mutating func length(with text: UnsafeBufferPointer<UInt32>, needed: Int) -> Int {
        blocks == 1 ? lengthInOneBlock(with: text) : lengthInBlocks(with: text, needed: needed)
    }

    @inline(__always)
    private func lengthInOneBlock(with text: UnsafeBufferPointer<UInt32>) -> Int {
        let masks = UnsafeBufferPointer(masks.elements)
        var state = UInt64.max
        for symbol in text {
            let hits = state & masks[Int(symbol)]
            state = (state &+ hits) | (state &- hits)
        }
        return (~state).nonzeroBitCount
    }

    /// Whether `lengths(ofFour:at:count:)` may be asked.
    var hasOneBlock: Bool { blocks == 1 }

    /// The lengths with four texts of one length, which begin at these places of a buffer.
    ///
    /// One text's steps wait for each other; those of four texts fill the waiting.
    func lengths(
        ofFour symbols: UnsafeBufferPointer<UInt32>, at starts: SIMD4<Int>, count: Int
    ) -> SIMD4<Int> {
        precondition(blocks == 1 && starts.max() + count <= symbols.count)
        let masks = UnsafeBufferPointer(masks.elements)
        var (first, second, third, fourth) = (UInt64.max, UInt64.max, UInt64.max, UInt64.max)
        for index in 0..<count {
            let firstHits = first & masks[Int(symbols[starts[0] &+ index])]
            let secondHits = second & masks[Int(symbols[starts[1] &+ index])]
            let thirdHits = third & masks[Int(symbols[starts[2] &+ index])]
            let fourthHits = fourth & masks[Int(symbols[starts[3] &+ index])]
            first = (first &+ firstHits) | (first &- firstHits)
            second = (second &+ secondHits) | (second &- secondHits)
            third = (third &+ thirdHits) | (third &- thirdHits)
            fourth = (fourth &+ fourthHits) | (fourth &- fourthHits)
        }
        return SIMD4(
            (~first).nonzeroBitCount, (~second).nonzeroBitCount, (~third).nonzeroBitCount,
            (~fourth).nonzeroBitCount)
    }

    private mutating func lengthInBlocks(
        with text: UnsafeBufferPointer<UInt32>, needed: Int
    ) -> Int {
        state.fill(.max, count: blocks)
        let state = state.elements
        let masks = UnsafeBufferPointer(masks.elements)
        for (index, symbol) in text.enumerated() {
            var carry = false
            let row = Int(symbol) * blocks
            for block in 0..<blocks {
                let mask = masks[row + block]
                let old = state[block]
                let (sum, overflow) = old.addingReportingOverflow(old & mask)
                let (withCarry, second) = sum.addingReportingOverflow(carry ? 1 : 0)
                carry = overflow || second
                state[block] = withCarry | (old & ~mask)
            }
            // Each character left can lengthen the common subsequence by one at most.
            if index & 31 == 31, CommonSubsequence.common(state) + text.count - index - 1 < needed {
                return 0
            }
        }
        return CommonSubsequence.common(state)
    }

    private static func common(_ state: UnsafeMutableBufferPointer<UInt64>) -> Int {
        state.reduce(0) { $0 + (~$1).nonzeroBitCount }
    }
}
