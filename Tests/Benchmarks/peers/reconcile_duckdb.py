#!/usr/bin/env python3
"""Reconciles generated dumps in DuckDB; the work is in reconcile.sql."""

import pathlib
import string

import duckdb

import rules


def quoted(path):
    """A path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def main():
    options = rules.arguments(__doc__, ["tables", "views"])
    connection = duckdb.connect()
    connection.execute(f"SET threads = {options.threads}")
    connection.execute(f"SET temp_directory = {quoted(options.answer / 'spilled')}")
    connection.execute("SET preserve_insertion_order = false")
    variables = {
        "dumps": quoted(options.dumps),
        "answer": quoted(options.answer),
        "as_of": f"TIMESTAMP '{options.as_of}'",
        "first_open_day": f"TIMESTAMP '{rules.first_open_day(options.as_of)}'",
    }
    for name, value in variables.items():
        connection.execute(f"SET VARIABLE {name} = {value}")
    text = pathlib.Path(__file__).with_name("reconcile.sql").read_text(encoding="utf-8")
    source = {"views": "VIEW", "tables": "TABLE"}[options.mode]
    connection.execute(string.Template(text).substitute(source=source))


if __name__ == "__main__":
    main()
