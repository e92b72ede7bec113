import Foundation
import JSONText

/// What must hold of a payment's details; Foundation has the second opinion.
struct DetailsLaws {
    let text: [UInt8]

    private static let paths = [
        "", "type", "a", "a.b", "a.0", "items.0.name", "items.1", "0", "0.0", "metadata.id",
    ]

    /// A value that outlives its reader.
    private enum Value: Equatable {
        case string([UInt8])
        case number([UInt8])
        case bool(Bool)
        case null
    }

    func check() throws {
        var reader = DetailsReader(paths: Self.paths)
        let problem = text.withUnsafeBytes { reader.read($0) }
        let values = Self.paths.indices.map { value($0, reader) }
        if let problem {
            try hold((0...text.count).contains(problem.offset), "\(problem)")
            try hold(values.allSatisfy { $0 == nil }, "what is no JSON has no values")
        } else {
            try checkAgainstFoundation(values)
        }
        // A reader is used again, and remembers nothing.
        _ = Array("{\"type\":\"x\",\"a\":{\"b\":[1]}}".utf8).withUnsafeBytes { reader.read($0) }
        try hold(text.withUnsafeBytes { reader.read($0) }, is: problem, "read again")
        try hold(Self.paths.indices.map { value($0, reader) }, is: values, "read again")
    }

    private func value(_ path: Int, _ reader: borrowing DetailsReader) -> Value? {
        switch reader.value(path) {
        case .string(let bytes): .string(Array(bytes))
        case .number(let bytes): .number(Array(bytes))
        case .bool(let isTrue): .bool(isTrue)
        case .null: .null
        case nil: nil
        }
    }

    private func checkAgainstFoundation(_ values: [Value?]) throws {
        // Foundation refuses numbers beyond its own range, which are JSON all the same.
        let read = try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
        guard let root = read else {
            let hasLongNumber = text.split { !(0x30...0x39).contains($0) }.contains { $0.count > 2 }
            try hold(hasLongNumber, "Foundation takes it for no JSON")
            return
        }
        for (path, value) in zip(Self.paths, values) {
            let other = Self.value(at: path.split(separator: ".").map(String.init), of: root)
            try hold(Self.agree(value, other), "\(path): \(String(describing: value))")
        }
    }

    private static func value(at path: [String], of root: Any) -> Any? {
        var value: Any? = root
        for segment in path {
            switch value {
            case let object as [String: Any]: value = object[segment]
            case let array as [Any]:
                value = Int(segment).flatMap { array.indices.contains($0) ? array[$0] : nil }
            default: value = nil
            }
        }
        return value
    }

    private static func agree(_ value: Value?, _ other: Any?) -> Bool {
        switch value {
        case nil: other == nil || other is [String: Any] || other is [Any]
        case .string(let bytes): (other as? String).map { Array($0.utf8) == bytes } ?? false
        case .number, .bool: other is NSNumber
        case .null: other is NSNull
        }
    }
}
