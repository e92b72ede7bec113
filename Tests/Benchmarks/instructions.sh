#!/usr/bin/env bash
# Holds the instructions of each stage against those in the repository, and against the rows.
set -euo pipefail

if [[ ${1:-} == --help ]]; then
    cat <<'HELP'
usage: Tests/Benchmarks/instructions.sh [--accept WHY] [--only stages|growth]

Builds the release, and counts under callgrind the instructions of each stage: of a run over fixed
dumps, held against instructions.json, and of runs over dumps of awkward shapes, held against those
over half as many rows. Fails where a stage needs more than was accepted, or grows faster than its
rows.

  --accept WHY   make the counts of this tree the accepted ones, with the reason, which stands in
                 instructions.json and belongs into the commit's message
  --only PART    stages: the fixed dumps alone; growth: the awkward ones alone
HELP
    exit 0
fi

source "$(dirname "${BASH_SOURCE[0]}")/release.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PYTHONDONTWRITEBYTECODE=1 python3 "$benchmarks/instructions.py" \
    --programs "$programs" --folder "$folder" "$@"
