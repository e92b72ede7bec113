#!/usr/bin/env bash
# Looks for inputs that break the readers of text, by libFuzzer.
#
#   Tests/Fuzz/run.sh [SECONDS] [TARGET]
#
# Each target (records, numbers, times, details, definition, packed; all of them by default) runs
# for so many seconds, 60 by default. A crash, a broken law, an input that takes more than ten
# seconds, or more than 512 MiB of memory is a failure; the input that led there is kept, and its
# path is told.
# What is learnt about inputs is kept in .build/fuzz/corpus, so that the next run goes on from there.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-60}
targets=(records numbers times details definition packed)
[[ $# -lt 2 ]] || targets=("$2")
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { sed -n '4s/^# *//p' "$0" >&2; exit 2; }
for target in "${targets[@]}"; do
    [[ -d Tests/Fuzz/Corpus/$target ]] || { echo "no such target: $target" >&2; exit 2; }
done

.ci/install
folder=.build/fuzz
TRUEUP_FUZZ=1 swift build --quiet -c release --sanitize=fuzzer --scratch-path "$folder" \
    --product trueup-fuzz

# Words of definitions, which nothing guesses letter by letter.
grep -oE '"[A-Za-z_]{2,}"' pipelines/pipeline.schema.json | sort -u >"$folder/definition.dict"

# The longest inputs that each target is given, in bytes: slow targets learn more from short ones.
declare -A longest=([records]=512 [numbers]=64 [times]=64 [details]=1024 [definition]=2048 [packed]=1024)
failed=()
for target in "${targets[@]}"; do
    corpus=$folder/corpus/$target
    mkdir -p "$corpus" "$folder/failures"
    seeds=(Tests/Fuzz/Corpus/"$target")
    [[ $target != records ]] || seeds+=(Tests/DelimitedTextTests/Fixtures)
    options=()
    [[ $target != definition ]] || options+=("-dict=$folder/definition.dict")
    log=$folder/$target.log
    # Swift's own report of a crash would come in the way of libFuzzer's, which keeps the input.
    if SWIFT_BACKTRACE=enable=no TRUEUP_FUZZ_TARGET=$target "$folder/release/trueup-fuzz" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=512 -max_len="${longest[$target]}" \
        -print_final_stats=1 -artifact_prefix="$folder/failures/$target-" "${options[@]}" \
        "$corpus" "${seeds[@]}" >"$log" 2>&1
    then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
        echo "$target: $runs inputs in $seconds s, $edges edges reached"
    else
        failed+=("$target")
        grep -aE 'Fatal error|ERROR: libFuzzer|SUMMARY|Test unit written' "$log" || tail -20 "$log"
        echo "$target: failed; the whole log is $log" >&2
    fi
done
[[ ${#failed[@]} -eq 0 ]]
