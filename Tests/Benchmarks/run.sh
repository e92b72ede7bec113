#!/usr/bin/env bash
# Measures `trueup run` on generated dumps, in turns with the same reconciliation in DuckDB and in
# polars, whose answers must be the same.
set -euo pipefail

usage() {
    cat <<'HELP'
usage: Tests/Benchmarks/run.sh [--payments N[,N…]] [--peers NAME[,NAME…]] [--rounds N]
                               [--threads N] [--seed N] [--folder DIR]

Builds the release, installs the peers from PyPI, and generates dumps, each where they do not exist
yet. Then, for each size: runs everything once and compares the answers row by row, failing where
they differ; measures, in turns, a run without an archive, one with it, each peer, and `wc -l` over
the same files; and prints the medians of wall time, processor time (user and system) and peak
memory, with their ratios to the run without an archive, as a table of Markdown.

  --payments N   how many payments, one size or several (default 1000000, about 380 MB)
  --peers NAME   duckdb, polars, or one of them in a mode: duckdb:tables, duckdb:views,
                 polars:streaming, polars:in-memory (default duckdb:tables,polars:streaming); none
                 measures trueup alone, and installs nothing
  --rounds N     how often each command is measured (default 5)
  --threads N    threads of trueup and of each peer (default 2)
  --seed N       the generator's seed (default 1)
  --folder DIR   where dumps, peers and outputs stand (default: trueup-benchmark in $TMPDIR or
                 /tmp); dumps and peers are kept for the next time, outputs are removed
HELP
}

sizes=1000000
peers=duckdb:tables,polars:streaming
seed=1
rounds=5
threads=2
folder="${TMPDIR:-/tmp}/trueup-benchmark"
while (($#)); do
    case "$1" in
        --help)
            usage
            exit 0
            ;;
        --payments | --peers | --seed | --rounds | --threads | --folder)
            if (($# < 2)); then
                echo "run.sh: $1 needs a value" >&2
                exit 2
            fi
            case "$1" in
                --payments) sizes=$2 ;;
                --peers) peers=$2 ;;
                --seed) seed=$2 ;;
                --rounds) rounds=$2 ;;
                --threads) threads=$2 ;;
                --folder) folder=$2 ;;
            esac
            shift 2
            ;;
        *)
            echo "run.sh: unknown option $1; --help lists them" >&2
            exit 2
            ;;
    esac
done

source "$(dirname "${BASH_SOURCE[0]}")/release.sh"

mkdir -p "$folder"
compared=()
if [[ $peers != none ]]; then
    python=$("$benchmarks/peers/install" "$folder")
    compared=(--peers "$peers" --python "$python")
fi

IFS=, read -ra sizes <<<"$sizes"
for payments in "${sizes[@]}"; do
    # The folder's name says all that its bytes depend on but the generator itself, so it is made
    # again when the generator is newer.
    dumps="$folder/$payments-$seed"
    pipeline="$folder/$payments-$seed.yaml"
    if [[ ! -e "$dumps/truth.json" || ! -e "$pipeline" ||
        "$programs/trueup-generate" -nt "$dumps/truth.json" ]]; then
        echo "generating $payments payments in $dumps" >&2
        rm -rf "$dumps"
        "$programs/trueup-generate" --payments "$payments" --seed "$seed" --out "$dumps" \
            --pipeline "$pipeline"
    fi
    echo
    python3 "$benchmarks/measure.py" --trueup "$programs/trueup" --pipeline "$pipeline" \
        --dumps "$dumps" --out "$folder/out" --rounds "$rounds" --threads "$threads" \
        "${compared[@]}"
done
