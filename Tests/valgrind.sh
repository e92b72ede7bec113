#!/usr/bin/env bash
# Looks with valgrind at a run over each sample, and at each command over a published run.
set -euo pipefail

if [[ ${1:-} == --help ]]; then
    cat <<'HELP'
usage: Tests/valgrind.sh [--quick]

Builds the debug program, and looks with memcheck at a run over each of the samples, and at what
else the program does with a published run. Fails at the first read or write of memory that is not
the program's, or decision by memory that was never set; Tests/valgrind.supp says what is left out of
that, and why.

  --quick   one run over a small sample, and its verification, in half a minute
HELP
    exit 0
fi

cd "$(dirname "${BASH_SOURCE[0]}")/.."
swift build --product trueup >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# A copy, so that a build beside it does not take the program away.
program=$folder/trueup
cp "$(swift build --show-bin-path)/trueup" "$program"

look() {
    echo "trueup $*"
    valgrind -q --error-exitcode=9 --track-origins=no --suppressions=Tests/valgrind.supp \
        "$program" "$@" >"$folder/output" || {
        local status=$?
        tail -n 20 "$folder/output"
        echo "valgrind: trueup $1 ended with $status" >&2
        return 1
    }
}

# A night of a sample: the definition, the dumps below samples/, the as-of, the folder of the runs,
# and further options.
night() {
    look run "pipelines/$1.yaml" --in "samples/$2" --as-of "$3" --out "$folder/$4" \
        --fail-on never --quiet "${@:5}"
}

if [[ ${1:-} == --quick ]]; then
    night breaks breaks/chargeback 2026-03-12T06:00:00Z quick
    look verify "$folder/quick"
    exit 0
fi
[[ $# -eq 0 ]] || {
    echo "Tests/valgrind.sh: unknown: $*; see --help" >&2
    exit 2
}

night tours tours 2025-08-31T02:00:00Z tours
night auctions auctions 2025-08-25T02:00:00Z auctions
night charging charging 2025-11-12T21:30:00Z charging
night services services 2025-11-06T20:35:00Z services
openssl genpkey -algorithm ed25519 -out "$folder/key.pem"
chmod 600 "$folder/key.pem"
openssl pkey -in "$folder/key.pem" -pubout -out "$folder/public.pem"
for day in 2026-03-02 2026-03-03; do
    night month-end "month-end/$day" "${day}T06:00:00Z" month-end --sign "$folder/key.pem"
done
night migration migration/2026-01 2026-02-01T02:00:00Z migration
night migration migration/2026-02 2026-03-01T02:00:00Z migration
night migration migration/2026-03 2026-04-01T02:00:00Z migration
for sample in samples/breaks/*/; do
    code=$(basename "$sample")
    if [[ -d $sample/night-1 ]]; then
        night breaks "breaks/$code/night-1" 2026-03-12T06:00:00Z "breaks-$code"
        night breaks "breaks/$code/night-2" 2026-03-16T06:00:00Z "breaks-$code"
    else
        night breaks "breaks/$code" 2026-03-12T06:00:00Z "breaks-$code"
    fi
done
cp -r samples/stuck "$folder/stuck"
look simulate pipelines/tours.yaml --in "$folder/stuck" --seed 4
look run pipelines/tours.yaml --in "$folder/stuck" --out "$folder/stuck-out" --fail-on never --quiet

runs=$folder/month-end
archive=$(ls "$runs"/archive/*.tar.zst | tail -n 1)
(umask 077 && openssl rand -hex 32 >"$folder/names.key")
look verify "$runs" --key "$folder/public.pem"
look replay "$archive"
look backtest pipelines/month-end.yaml "$runs"
look redact "$runs" --key "$folder/names.key" --to "$folder/redacted"
look runs "$runs"
look diff "$runs" "$(basename "$(ls -d "$runs"/2026* | head -n 1)")" \
    "$(basename "$(ls -d "$runs"/2026* | tail -n 1)")"
look explain "$folder/tours" PAY-1017
look dashboard "$folder/tours" ama@example.com --html "$folder/ama.html"
look load-sql "$folder/tours"
look check pipelines/tours.yaml --in samples/tours
look init samples/tours
echo "valgrind found nothing"
