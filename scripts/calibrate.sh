#!/bin/sh
# Calibrates every estimator and writes results/calibration.md, results/calibration.tsv and results/figures/calibration.svg.
# Takes some minutes.
# usage: scripts/calibrate.sh [BUILD_DIR]     default: build/release
set -eu
cd "$(dirname "$0")/.."
infoplane=${1:-build/release}/infoplane
[ -x "$infoplane" ] || { echo "$0: $infoplane is not there; build first: cmake --build --preset release" >&2; exit 1; }
mkdir -p results/figures
verdict=held
"$infoplane" calibrate --check -o results/calibration.tsv --figure results/figures/calibration.svg || verdict=exceeded
[ -s results/calibration.tsv ] || exit 1
{
  cat <<'END'
# Calibration at N = 10000

Bias and standard deviation of every estimator on problems with known mutual information, in bits, over 10 repeats.
`scripts/calibrate.sh` generated this page; [calibration.tsv](calibration.tsv) has all sample sizes.
[docs/calibration.md](../docs/calibration.md) describes the problems, the documented bounds of the bias with their reasons, and the
meaning of rows without bounds.

![Estimates against the number of samples](figures/calibration.svg)

END
  awk -F'\t' -v verdict="$verdict" '
    $4 != 10000 { next }
    $10 != "nan" { promised++; if ($12 == "yes") kept++ }
    { key = $1 FS $2
      if (key != last) {
        block = block sprintf("\n## %s: %s = %.4f\n\n| estimator | bias | standard error of the bias | standard deviation | documented bias | holds |\n|---|---|---|---|---|---|\n", $1, $2, $6)
        last = key
      }
      bounds = $10 == "nan" ? "" : sprintf("%.4f to %.4f", $10, $11)
      block = block sprintf("| `%s` | %+.4f | %.4f | %.4f | %s | %s |\n", $3, $8, $9 / sqrt($5), $9, bounds, $12)
    }
    END {
      printf "%d of %d documented biases hold within 4 standard errors.\n%s", kept, promised, block
    }' results/calibration.tsv
} >results/calibration.md
[ "$verdict" = held ]
