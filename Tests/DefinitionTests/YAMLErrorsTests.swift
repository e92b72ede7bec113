import Testing

/// What is no YAML that definitions may be written in, with the exact messages.
@Suite struct YAMLErrorsTests {
    @Test(arguments: samples)
    func saysWhatIsWrongAndWhatToDo(sample: Sample) {
        #expect(complaints(sample.text) == sample.message)
    }

    static let samples: [Sample] = [
        Sample(
            "an empty file",
            "",
            """
            t.yaml: error: the file holds no definition
                expected: a mapping with at least the keys name, currency, timezone and inputs
                found: nothing but space and comments
                to do: write a definition, or let trueup init guess a first one from the dumps
            """),
        Sample(
            "a file of comments",
            """
            # nothing


            """,
            """
            t.yaml: error: the file holds no definition
                expected: a mapping with at least the keys name, currency, timezone and inputs
                found: nothing but space and comments
                to do: write a definition, or let trueup init guess a first one from the dumps
            """),
        Sample(
            "brackets that do not close",
            """
            name: [a
            currency: b

            """,
            """
            t.yaml:2:9: error: not YAML: did not find expected ',' or ']'
                expected: one YAML document in UTF-8
                found: the character ":" while parsing a flow sequence from line 1, column 7
                to do: check the indentation, the quotes and the brackets up to this place
            """),
        Sample(
            "a wrong indentation",
            """
            name: tours
              currency: GHS

            """,
            """
            t.yaml:2:11: error: not YAML: mapping values are not allowed in this context
                expected: one YAML document in UTF-8
                found: the character ":"
                to do: check the indentation, the quotes and the brackets up to this place
            """),
        Sample(
            "a tab for indentation",
            "inputs:\n\tpayments: a\n",
            """
            t.yaml:2:1: error: not YAML: found character that cannot start any token
                expected: one YAML document in UTF-8
                found: the byte 0x09 while scanning for the next token from line 2, column 1
                to do: indent with spaces instead of tabs
            """),
        Sample(
            "a quote that never closes",
            "name: \"tours\n",
            """
            t.yaml:2:1: error: not YAML: found unexpected end of stream
                expected: one YAML document in UTF-8
                found: the end of the file while scanning a quoted scalar from line 1, column 7
                to do: check the indentation, the quotes and the brackets up to this place
            """),
        Sample(
            "nothing behind the mark of a document",
            "---",
            """
            t.yaml:1:4: error: the definition is not a mapping
                expected: a mapping with the keys name, currency, timezone, dumps, inputs, \
            max_rejects, resolve, match, fees, backfill, settle, impact, dashboard, archive, carry \
            and load
                found: nothing
                to do: write each key with a colon and its value, on lines of their own
            """),
        Sample(
            "a file that ends within its last line",
            "-\n-$",
            """
            t.yaml:2:3: error: not YAML: could not find expected ':'
                expected: one YAML document in UTF-8
                found: the end of the file while scanning a simple key from line 2, column 1
                to do: check the indentation, the quotes and the brackets up to this place
            """),
        Sample(
            "a file that ends within a line after letters of several bytes",
            "a: 1\u{2028}é: [é",
            """
            t.yaml:2:8: error: not YAML: did not find expected ',' or ']'
                expected: one YAML document in UTF-8
                found: the end of the file while parsing a flow sequence from line 2, column 5
                to do: check the indentation, the quotes and the brackets up to this place
            """),
        Sample(
            "an anchor",
            "name: &n tours\n",
            """
            t.yaml:1:7: error: anchors and aliases are not allowed
                expected: every value written where it is used
                found: an anchor
                to do: write the value out; quote a text that begins with & or *
            """),
        Sample(
            "an alias",
            "name: *n\n",
            """
            t.yaml:1:7: error: anchors and aliases are not allowed
                expected: every value written where it is used
                found: an alias
                to do: write the value out; quote a text that begins with & or *
            """),
        Sample(
            "an anchored key",
            "&k name: tours\n",
            """
            t.yaml:1:1: error: anchors and aliases are not allowed
                expected: every value written where it is used
                found: an anchor
                to do: write the value out; quote a text that begins with & or *
            """),
        Sample(
            "aliases that would unfold without end",
            """
            a: &a [x, x]
            b: &b [*a, *a]
            c: &c [*b, *b]

            """,
            """
            t.yaml:1:4: error: anchors and aliases are not allowed
                expected: every value written where it is used
                found: an anchor
                to do: write the value out; quote a text that begins with & or *
            """),
        Sample(
            "a tag",
            "name: !!str tours\n",
            """
            t.yaml:1:7: error: tags are not allowed
                expected: a value without a tag
                found: a tag
                to do: remove it; quote a text that begins with !
            """),
        Sample(
            "two documents",
            """
            name: tours
            ---
            name: fares

            """,
            """
            t.yaml:2:1: error: a second document begins
                expected: one document in a file
                found: more after the first
                to do: keep each definition in a file of its own
            """),
        Sample(
            "a key that is a list",
            "[a, b]: c\n",
            """
            t.yaml:1:1: error: a key is a list or a mapping
                expected: a word before the colon
                found: a list or a mapping
                to do: write the key as plain text; quote it where it begins with [ or {
            """),
        Sample(
            "a key that stands twice",
            """
            #
            name: tours
            currency: GHS
            name: fares

            """,
            """
            t.yaml:2:1: error: the key timezone is missing
                expected: the key timezone
                found: only "name" and "currency"
                to do: add timezone: Africa/Accra
            t.yaml:2:1: error: the key inputs is missing
                expected: the key inputs
                found: only "name" and "currency"
                to do: add inputs: {payments: {files: payments*.csv}, settlements: {files: \
            momo*.csv}}
            t.yaml:4:1: error: the key "name" stands twice
                expected: every key once
                found: one at line 2, column 1 and another at line 4, column 1
                to do: remove one of the two
            """),
        Sample(
            "a key after letters of several bytes",
            "{é: 1, name: tours\n",
            """
            t.yaml:2:1: error: not YAML: did not find expected ',' or '}'
                expected: one YAML document in UTF-8
                found: the end of the file while parsing a flow mapping from line 1, column 1
                to do: check the indentation, the quotes and the brackets up to this place
            """),
    ]
}
