#!/usr/bin/env bash
# Measures what dumps of awkward shapes cost, as multiples of plain ones.
set -euo pipefail

usage() {
    cat <<'HELP'
usage: Tests/Benchmarks/corners.sh [--payments N] [--folder DIR] [--corner WORDS]…
                                   [--rounds N] [--threads N] [--most X] [--keep]

Builds the release, generates plain dumps where they do not exist yet, makes of them the dumps of
each corner, runs both without an archive, and prints processor time (user and system) and peak
memory, each also as a multiple of the plain run's, as a table of Markdown. Fails where one is above
--most. zstd must be installed.

  --payments N    how many payments (default 1000000)
  --folder DIR    where dumps and outputs stand (default: trueup-benchmark in $TMPDIR or /tmp)
  --corner WORDS  only the corners whose names hold these words; names also the four that are worse
                  than what is promised (user, nothing / each reference / two ways / every payment)
  --rounds N      how often each is run; the least counts (default 3)
  --threads N     threads (default 2)
  --most X        the greatest multiple (default 3)
  --keep          keep each corner's dumps for the next time
HELP
}

payments=1000000
folder="${TMPDIR:-/tmp}/trueup-benchmark"
passed=()
while (($#)); do
    case "$1" in
        --help)
            usage
            exit 0
            ;;
        --keep)
            passed+=("$1")
            shift
            ;;
        --payments | --folder | --corner | --rounds | --threads | --most)
            if (($# < 2)); then
                echo "corners.sh: $1 needs a value" >&2
                exit 2
            fi
            case "$1" in
                --payments) payments=$2 ;;
                --folder) folder=$2 ;;
                *) passed+=("$1" "$2") ;;
            esac
            shift 2
            ;;
        *)
            echo "corners.sh: unknown option $1; --help lists them" >&2
            exit 2
            ;;
    esac
done

source "$(dirname "${BASH_SOURCE[0]}")/release.sh"

mkdir -p "$folder"
plain="$folder/$payments-1"
if [[ ! -e "$plain/truth.json" || ! -e "$plain.yaml" ||
    "$programs/trueup-generate" -nt "$plain/truth.json" ]]; then
    echo "generating $payments payments in $plain" >&2
    rm -rf "$plain"
    "$programs/trueup-generate" --payments "$payments" --out "$plain" --pipeline "$plain.yaml"
fi
PYTHONDONTWRITEBYTECODE=1 python3 "$benchmarks/corners.py" --trueup "$programs/trueup" \
    --plain "$plain" --pipeline "$plain.yaml" --folder "$folder/corners-$payments" "${passed[@]}"
