import JSONText

/// What a value of a definition looks like, said in words, from its JSON Schema.
enum SchemaWords {
    /// What the shared parts of the schema are called on the page.
    private static let shared = [
        "paths": "a glob, or a list of them", "column": "a column", "amount": "an amount's column",
        "cells": "columns with their words", "words": "a word of the dump, or a list of them",
        "format": "a format",
    ]

    /// What texts of these patterns are.
    private static let patterns = [
        "^[0-9]+[smhd]$": "a span such as `30m` or `3d`",
        "^[A-Za-z]{3}$": "a currency's code",
        "^[A-Za-z0-9_+/-]+$": "a zone of the IANA database",
        "^[a-z0-9][a-z0-9-]*$": "lower case letters, digits and hyphens",
        "^[A-Za-z0-9]+$": "letters and digits",
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "a day such as `2025-12-25`",
        "^[^.]+(\\.[^.]+)*$": "keys joined by dots",
        "\\S": "a text",
    ]

    /// The words for what a schema allows.
    static func takes(_ schema: JSONTree) -> String {
        if let reference = schema["$ref"]?.text {
            let name = reference.split(separator: "/").last.map(String.init) ?? reference
            return shared[name] ?? "a source of \(name)"
        }
        if let words = schema["enum"]?.values { return choices(words.compactMap(\.text)) }
        if let list = oneOrList(schema) {
            let one = takes(list)
            return one.contains(" or a list") ? one : one + ", or a list"
        }
        if let alternatives = schema["anyOf"]?.values, schema["properties"] == nil {
            return alternatives.map(takes).joined(separator: "; or ")
        }
        switch schema["type"]?.text ?? "" {
        case "boolean": return "`true` or `false`"
        case "integer": return "a whole number" + range(schema)
        case "number": return number(schema)
        case "array": return "a list of " + several(schema["items"].map(takes) ?? "")
        case "object": return object(schema)
        default: return text(schema)
        }
    }

    /// The schema of one, where a schema allows one or a list of them.
    static func oneOrList(_ schema: JSONTree) -> JSONTree? {
        guard let alternatives = schema["anyOf"]?.values, alternatives.count == 2,
            alternatives[1]["items"] == alternatives[0]
        else { return nil }
        return alternatives[0]
    }

    /// The words for one of a list's elements, as words for all of them.
    private static func several(_ one: String) -> String {
        for (single, plural) in [
            ("a text", "texts"), ("a day", "days"), ("a whole number", "whole numbers"),
            ("an amount's column", "amounts' columns"),
        ] where one.hasPrefix(single) {
            return plural + one.dropFirst(single.count)
        }
        return one
    }

    private static func object(_ schema: JSONTree) -> String {
        if let element = schema["additionalProperties"],
            element["type"] != nil || element["$ref"] != nil
                || element["anyOf"] != nil
        {
            return "by name: " + takes(element)
        }
        let keys = (schema["properties"]?.members ?? []).map(\.key)
        if schema["properties"]?.members?.first?.value["$ref"]?.text == "#/$defs/words" {
            return "for each of \(choices(keys, "and")) the dump's words"
        }
        return "a mapping with " + choices(keys, "and")
    }

    private static func number(_ schema: JSONTree) -> String {
        guard case .number("100") = schema["maximum"] else { return "a number" + range(schema) }
        return "a percentage, 0 to 100"
    }

    private static func text(_ schema: JSONTree) -> String {
        guard let pattern = schema["pattern"]?.text else { return "a text" }
        if pattern.hasPrefix("^[0-9]+([.][0-9]+)?$") {
            let isPositive = schema["exclusiveMinimum"] != nil
            if schema["maximum"] == nil { return isPositive ? "an amount above 0" : "an amount" }
            return "a decimal number" + range(schema)
        }
        if pattern.hasSuffix("[smhd]$") { return patterns["^[0-9]+[smhd]$"] ?? "a span" }
        return patterns[pattern] ?? (pattern.contains("/(?!") ? "a glob" : "text of `\(pattern)`")
    }

    private static func range(_ schema: JSONTree) -> String {
        func figure(_ key: String) -> String? {
            guard case .number(let text) = schema[key] else { return nil }
            return text
        }
        let least = figure("minimum")
        guard let most = figure("maximum") else { return least.map { " from \($0)" } ?? "" }
        if let above = figure("exclusiveMinimum") { return " above \(above), at most \(most)" }
        return least.map { " from \($0) to \(most)" } ?? " of at most \(most)"
    }
}
