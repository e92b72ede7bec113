#!/usr/bin/env bash
# Measures what a divided run takes, and holds it to the memory that it is given.
set -euo pipefail

if [[ ${1:-} == --help ]]; then
    cat <<'HELP'
usage: Tests/Benchmarks/memory.sh [--payments N] [--memory SIZE]… [--shards N]… [--threads N]

Builds the release, generates dumps of so many payments, and runs over them whole, with each number
of shards, and within each amount of memory, without an archive. Prints wall time, processor time,
peak memory and peak address space of each as a table of Markdown.

Fails where a run within so much memory leaves other files than the whole run, where it cannot be
made under `ulimit -v` of as much, or where the whole run can be made under it as well, so that
nothing would be shown.

  --payments N   how many payments (default 250000)
  --memory SIZE  so much memory, as trueup takes it; may be given several times (default 256M)
  --shards N     so many shards; may be given several times (default none)
  --threads N    threads (default 2)
HELP
    exit 0
fi

source "$(dirname "${BASH_SOURCE[0]}")/release.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PYTHONDONTWRITEBYTECODE=1 python3 "$benchmarks/memory.py" \
    --programs "$programs" --folder "$folder" "$@"
