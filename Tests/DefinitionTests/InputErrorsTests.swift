import Testing

/// What inputs may not be, with the exact messages.
@Suite struct InputErrorsTests {
    @Test(arguments: samples)
    func saysWhatIsWrongAndWhatToDo(sample: Sample) {
        #expect(complaints(sample.text) == sample.message)
    }

    static let samples: [Sample] = [
        Sample(
            "no counterpart to the payments",
            head + "inputs: {payments: {files: a.csv}, users: {files: u.csv}}\n",
            """
            t.yaml:4:9: error: inputs has neither settlements nor bookings
                expected: the key settlements or bookings, to hold the payments against
                found: only "payments" and "users"
                to do: add settlements: {files: settlements*.csv}
            """),
        Sample(
            "no payments",
            head + "inputs: {bookings: {files: b.csv}}\n",
            """
            t.yaml:4:9: error: inputs has no payments
                expected: the key payments
                found: only "bookings"
                to do: add payments: {files: payments*.csv}
            """),
        Sample(
            "no kinds",
            head + "inputs: {}\n",
            """
            t.yaml:4:9: error: inputs has no payments
                expected: the key payments
                found: no kinds
                to do: add payments: {files: payments*.csv}
            t.yaml:4:9: error: inputs has neither settlements nor bookings
                expected: the key settlements or bookings, to hold the payments against
                found: no kinds
                to do: add settlements: {files: settlements*.csv}
            """),
        Sample(
            "kinds of later versions",
            head + """
                inputs: {payments: {files: a}, bookings: {files: b}, journals: {files: s}, \
                ledger: {files: c}}

                """,
            """
            t.yaml:4:54: error: unknown key "journals" in inputs
                expected: one of payments, settlements, bookings, catalogue, orders, users, \
            sessions, bank or overrides
                found: "journals"
                to do: remove the key
            t.yaml:4:76: error: unknown key "ledger" in inputs
                expected: one of payments, settlements, bookings, catalogue, orders, users, \
            sessions, bank or overrides
                found: "ledger"
                to do: remove the key
            """),
        Sample(
            "a source without files",
            payments + "    columns: {id: payment_id}\n",
            """
            t.yaml:7:5: error: the key files is missing in inputs.payments
                expected: the key files
                found: only "columns"
                to do: add files: payments*.csv
            """),
        Sample(
            "a source that is only a path",
            head + "inputs: {payments: payments.csv, bookings: {files: b}}\n",
            """
            t.yaml:4:20: error: inputs.payments is not a mapping
                expected: a mapping with the keys files, preset, columns, format, skip, only, values and max_rejects
                found: "payments.csv"
                to do: write each key with a colon and its value, on lines of their own
            """),
        Sample(
            "an empty list of sources",
            head + "inputs: {payments: [], bookings: {files: b}}\n",
            """
            t.yaml:4:20: error: inputs.payments is not a list of sources
                expected: a list of sources
                found: an empty list
                to do: write it like [{files: a*.csv}, {files: b*.csv}]
            """),
        Sample(
            "the same source twice",
            head + "inputs: {payments: [{files: a}, {files: [a]}], bookings: {files: b}}\n",
            """
            t.yaml:4:33: error: inputs.payments lists the same twice
                expected: each of the sources once
                found: a mapping again
                to do: remove one of the two
            """),
        Sample(
            "an absolute path",
            payments + "    files: /etc/passwd\n",
            """
            t.yaml:7:12: error: inputs.payments.files is not a path in the input folder
                expected: a file's path or glob inside the input folder: relative, without . and ..
                found: "/etc/passwd"
                to do: write it like payments*.csv
            """),
        Sample(
            "a path out of the folder",
            payments + "    files: [a/../../b.csv, \"..\", ./c.csv, d//e.csv]\n",
            """
            t.yaml:7:13: error: inputs.payments.files[1] is not a path in the input folder
                expected: a file's path or glob inside the input folder: relative, without . and ..
                found: "a/../../b.csv"
                to do: write it like payments*.csv
            t.yaml:7:28: error: inputs.payments.files[2] is not a path in the input folder
                expected: a file's path or glob inside the input folder: relative, without . and ..
                found: ".." in quotes
                to do: write it like payments*.csv
            t.yaml:7:34: error: inputs.payments.files[3] is not a path in the input folder
                expected: a file's path or glob inside the input folder: relative, without . and ..
                found: "./c.csv"
                to do: write it like payments*.csv
            t.yaml:7:43: error: inputs.payments.files[4] is not a path in the input folder
                expected: a file's path or glob inside the input folder: relative, without . and ..
                found: "d//e.csv"
                to do: write it like payments*.csv
            """),
        Sample(
            "an empty list of files",
            payments + "    files: []\n",
            """
            t.yaml:7:12: error: inputs.payments.files is not a list of paths
                expected: a list of paths
                found: an empty list
                to do: write it like [payments*.csv, late*.csv.gz]
            """),
        Sample(
            "a file that is left out",
            payments + "    files:\n",
            """
            t.yaml:7:11: error: inputs.payments.files is not a path in the input folder
                expected: a file's path or glob inside the input folder: relative, without . and ..
                found: nothing
                to do: write it like payments*.csv
            """),
        Sample(
            "a field that the kind does not have",
            payments + """
                    files: a
                    columns: {ammount: total}

                """,
            """
            t.yaml:8:15: error: unknown key "ammount" in inputs.payments.columns
                expected: one of id, reference, user, amount, currency, status, created_at, \
            completed_at, description, details, kind, order, booking, seller, gateway or refunded
                found: "ammount"
                to do: write amount, if that is meant
            """),
        Sample(
            "a column that is an empty text",
            payments + """
                    files: a
                    columns: {amount: ""}

                """,
            """
            t.yaml:8:23: error: inputs.payments.columns.amount is not a column's header
                expected: a text that is not empty
                found: "" in quotes
                to do: write it like payment_id
            """),
        Sample(
            "a column listed twice",
            payments + """
                    files: a
                    columns: {amount: [total, total]}

                """,
            """
            t.yaml:8:31: error: inputs.payments.columns.amount lists the same twice
                expected: each of the headers once
                found: "total" again
                to do: remove one of the two
            """),
        Sample(
            "a misspelt constant",
            payments + """
                    files: a
                    columns: {currency: {const: GHS}}

                """,
            """
            t.yaml:8:26: error: unknown key "const" in inputs.payments.columns.currency
                expected: one of constant, first, join, present, above, column or sign
                found: "const"
                to do: write constant, if that is meant
            """),
        Sample(
            "a constant that is a list",
            payments + """
                    files: a
                    columns: {currency: {constant: [GHS]}}

                """,
            """
            t.yaml:8:36: error: inputs.payments.columns.currency.constant is not a constant
                expected: a text that is not empty
                found: a list
                to do: write it like GHS
            """),
        Sample(
            "values of a field without fixed words",
            payments + """
                    files: a
                    values: {user: {a: b}}

                """,
            """
            t.yaml:8:14: error: unknown key "user" in inputs.payments.values
                expected: the key status
                found: "user"
                to do: remove the key
            """),
        Sample(
            "values of a kind without fixed words",
            head + """
                inputs: {payments: {files: a}, bookings: {files: b}, users: {files: u, values: {}}}

                """,
            """
            t.yaml:4:72: error: unknown key "values" in inputs.users
                expected: one of files, preset, columns, format, skip, only or max_rejects
                found: "values"
                to do: remove the key
            """),
        Sample(
            "a word that is none of ours",
            payments + """
                    files: a
                    values: {status: {success: [paid]}}

                """,
            """
            t.yaml:8:23: error: unknown key "success" in inputs.payments.values.status
                expected: one of pending, succeeded, failed or cancelled
                found: "success"
                to do: remove the key
            """),
        Sample(
            "a word mapped to two of ours",
            payments + """
                    files: a
                    values: {status: {succeeded: [paid, done], failed: PAID}}

                """,
            """
            t.yaml:8:56: error: inputs.payments.values.status maps "PAID" twice
                expected: each word of the dump once, ignoring case
                found: under succeeded and under failed
                to do: keep the one that is right
            """),
        Sample(
            "a word mapped twice in other letters",
            payments + """
                    files: a
                    values: {status: {succeeded: [paid, Paid]}}

                """,
            """
            t.yaml:8:41: error: inputs.payments.values.status maps "Paid" twice
                expected: each word of the dump once, ignoring case
                found: twice under succeeded
                to do: keep the one that is right
            """),
        Sample(
            "a word mapped twice in the same letters",
            payments + """
                    files: a
                    values: {status: {succeeded: [paid, paid]}}

                """,
            """
            t.yaml:8:41: error: inputs.payments.values.status.succeeded lists the same twice
                expected: each of the words once
                found: "paid" again
                to do: remove one of the two
            """),
        Sample(
            "a share of rejects below nothing",
            payments + """
                    files: a
                    max_rejects: -1

                """,
            """
            t.yaml:8:18: error: inputs.payments.max_rejects is out of range
                expected: a decimal number from 0 to 100 with at most 6 decimals
                found: "-1"
                to do: write it like 2.9
            """),
        Sample(
            "a wrong path in the second source",
            head + """
                inputs:
                  payments: {files: p.csv}
                  settlements:
                    - files: a.csv
                    - files: [b.csv, /c.csv]

                """,
            """
            t.yaml:8:22: error: inputs.settlements[2].files[2] is not a path in the input folder
                expected: a file's path or glob inside the input folder: relative, without . and ..
                found: "/c.csv"
                to do: write it like payments*.csv
            """),
    ]
}
