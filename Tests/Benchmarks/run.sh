#!/usr/bin/env bash
# Measures `trueup run` on generated dumps, in turns with `wc -l` over the same files.
set -euo pipefail

usage() {
    cat <<'HELP'
usage: Tests/Benchmarks/run.sh [--payments N] [--seed N] [--rounds N] [--threads N] [--folder DIR]

Builds the release, generates dumps where they do not exist yet, and measures, in turns, a run
without an archive and `wc -l` over the same files. Prints the medians of wall time, processor
time (user and system) and peak memory.

  --payments N   how many payments (default 1000000, about 380 MB)
  --seed N       the generator's seed (default 1)
  --rounds N     how often each command is measured (default 5)
  --threads N    handed to `trueup run`; its own default where absent
  --folder DIR   where dumps and outputs stand (default: trueup-benchmark in $TMPDIR or /tmp);
                 dumps are kept for the next time, outputs are removed
HELP
}

payments=1000000
seed=1
rounds=5
threads=()
folder="${TMPDIR:-/tmp}/trueup-benchmark"
while (($#)); do
    case "$1" in
        --help)
            usage
            exit 0
            ;;
        --payments | --seed | --rounds | --threads | --folder)
            if (($# < 2)); then
                echo "run.sh: $1 needs a value" >&2
                exit 2
            fi
            case "$1" in
                --payments) payments=$2 ;;
                --seed) seed=$2 ;;
                --rounds) rounds=$2 ;;
                --threads) threads=(--threads "$2") ;;
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

benchmarks=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$benchmarks/../.." && pwd)
for product in trueup trueup-generate; do
    swift build -c release --package-path "$repository" --product "$product" >&2
done
programs=$(swift build -c release --package-path "$repository" --show-bin-path)

# The folder's name says all that its bytes depend on but the generator itself, so it is made
# again when the generator is newer.
dumps="$folder/$payments-$seed"
pipeline="$folder/$payments-$seed.yaml"
mkdir -p "$folder"
if [[ ! -e "$dumps/truth.json" || ! -e "$pipeline" ||
    "$programs/trueup-generate" -nt "$dumps/truth.json" ]]; then
    echo "generating $payments payments in $dumps" >&2
    rm -rf "$dumps"
    "$programs/trueup-generate" --payments "$payments" --seed "$seed" --out "$dumps" \
        --pipeline "$pipeline"
fi

exec python3 "$benchmarks/measure.py" --trueup "$programs/trueup" --pipeline "$pipeline" \
    --dumps "$dumps" --out "$folder/out" --rounds "$rounds" "${threads[@]}"
