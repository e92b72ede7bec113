#!/usr/bin/env python3
"""Judges the files of runs by programs that are not ours.

Each run's data package, with all its tables, is validated by frictionless, and each of its files of
JSON by jsonschema against the schema in the data package. What is not accepted is printed, and makes
the exit code 1.
"""

import json
import pathlib
import sys

import frictionless
import jsonschema


def tables(folder):
    """What frictionless objects to in a run."""
    report = frictionless.validate(str(folder / "datapackage.json"))
    for task in report.tasks:
        for error in task.errors:
            yield f"{task.place}: {error.message}"
    for error in report.errors:
        yield error.message
    if len(report.tasks) < 20:
        yield "no tables"


def documents(folder):
    """What jsonschema objects to in a run, and how many values it looked at."""
    package = json.loads((folder / "datapackage.json").read_text())
    values = 0
    for resource in package["resources"]:
        schema = resource.get("jsonSchema")
        if schema is None:
            continue
        judge = jsonschema.validators.validator_for(schema)
        judge.check_schema(schema)
        judge = judge(schema, format_checker=judge.FORMAT_CHECKER)
        text = (folder / resource["path"]).read_text()
        # Only a line feed ends a line of JSON.
        lines = text.split("\n")[:-1] if resource["format"] == "jsonl" else [text]
        for number, line in enumerate(lines, start=1):
            values += 1
            for error in judge.iter_errors(json.loads(line)):
                yield f"{resource['path']}:{number}: {error.json_path}: {error.message}"
    if values < 2:
        yield "no report, or no account of the run"


def main():
    accepted = True
    for folder in map(pathlib.Path, sys.argv[1:]):
        for judge in (tables, documents):
            for objection in judge(folder):
                accepted = False
                print(f"{folder.name}: {objection}")
    sys.exit(0 if accepted else 1)


if __name__ == "__main__":
    main()
