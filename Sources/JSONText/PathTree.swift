/// The paths that a reader looks for, as a tree of their segments.
struct PathTree: Sendable {
    /// No node: a place in the text that no path leads through.
    static let nowhere = -1

    private struct Node {
        var segment: [UInt8]
        /// The place in an array that the segment names, or -1 where it is no number.
        var arrayIndex: Int
        var children: [Int] = []
    }

    /// Node 0 is the whole text.
    private var nodes = [Node(segment: [], arrayIndex: -1)]
    /// The node where each path ends.
    private(set) var ends: [Int] = []

    /// Segments are separated by dots; an empty path is the whole text.
    init(paths: [String]) {
        for path in paths {
            var node = 0
            if !path.isEmpty {
                for segment in path.split(separator: ".", omittingEmptySubsequences: false) {
                    node = child(of: node, orAdd: segment)
                }
            }
            ends.append(node)
        }
    }

    var nodeCount: Int { nodes.count }

    /// Whether a path goes on below a node.
    @inline(__always)
    func leadsOn(from node: Int) -> Bool {
        node >= 0 && !nodes[node].children.isEmpty
    }

    /// The node of a member of an object, by its key.
    func member(of node: Int, key: UnsafeRawBufferPointer) -> Int {
        for child in nodes[node].children where nodes[child].segment.elementsEqual(key) {
            return child
        }
        return PathTree.nowhere
    }

    /// The node of an element of an array, counted from 0.
    func element(of node: Int, index: Int) -> Int {
        for child in nodes[node].children where nodes[child].arrayIndex == index { return child }
        return PathTree.nowhere
    }

    /// Tells a node and all below it.
    func forEachNode(from node: Int, _ body: (Int) -> Void) {
        body(node)
        for child in nodes[node].children { forEachNode(from: child, body) }
    }

    private mutating func child(of node: Int, orAdd segment: Substring) -> Int {
        let bytes = Array(segment.utf8)
        if let known = nodes[node].children.first(where: { nodes[$0].segment == bytes }) {
            return known
        }
        // "01" and "+1" are keys, not places in an array.
        let index = Int(segment).flatMap { String($0) == segment && $0 >= 0 ? $0 : nil } ?? -1
        nodes.append(Node(segment: bytes, arrayIndex: index))
        nodes[node].children.append(nodes.count - 1)
        return nodes.count - 1
    }
}
