#!/usr/bin/env bash
# Holds runs on Spark against the same runs without it.
set -euo pipefail

if [[ ${1:-} == --help ]]; then
    cat <<'HELP'
usage: Tests/Spark/run.sh [--payments N] [--only groups|plain|awkward]
       Tests/Spark/run.sh --cost [--payments N] [--workers N,N] [--parts N]

Builds the release, generates dumps, and submits pipelines/spark/reconcile.py to a cluster of two
workers with processes of their own on this machine. Fails where a run leaves another byte in any
file, or in its archive, than `trueup run` does on the same dumps.

  groups    rows that name each other in every shape: their groups are those of a union of sets
  plain     dumps as they are generated; a worker is killed while it finds a part
  awkward   a fifth as many payments, with line feeds within fields, a packed dump and one in two
            files, one user with a third of everything, one reference with 20,000 rows, a chain of
            users, and what an earlier run emitted and nobody loaded

  --payments N   how many payments (default 200000)
  --only NAME    only one of them

  --cost         measure instead what runs take, of a million payments unless told otherwise, with
                 one worker and with two: processor time and memory of each process, time of each
                 step, and bytes that are shuffled

Says NOT TESTED, and passes, where Java or PySpark is not installed.
HELP
    exit 0
fi

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if ! command -v java >/dev/null || ! python=$("$here/install" --check); then
    echo "NOT TESTED: runs on Spark, as Java or PySpark is not installed" >&2
    exit 0
fi
source "$here/../Benchmarks/release.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
script=spark.py
if [[ ${1:-} == --cost ]]; then
    script=cost.py
    shift
fi
PYTHONDONTWRITEBYTECODE=1 "$python" "$here/$script" \
    --programs "$programs" --repository "$repository" --folder "$folder" "$@"
