# Builds the release that is measured; to be read by the scripts beside it.
#
# Sets `benchmarks`, the folder of those, and `programs`, that of the built programs.
benchmarks=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$benchmarks/../.." && pwd)
for product in trueup trueup-generate; do
    swift build -c release --package-path "$repository" --product "$product" >&2
done
programs=$(swift build -c release --package-path "$repository" --show-bin-path)
