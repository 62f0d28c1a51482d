#!/bin/sh
# docs/tutorial.md works as it is written: its files are saved, its commands run in order, and its outputs are compared.
#
# The page marks a file by <!-- file: NAME --> before a fence and the expected output of the last commands by
# <!-- output -->; every fence with the word sh contains commands. Only the quick start is made shorter here.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
command -v gnuplot >/dev/null || exit 77
for python in /usr/bin/python3 python3; do
  "$python" -c 'import h5py, numpy' 2>/dev/null && break
done
"$python" -c 'import h5py, numpy' 2>/dev/null || { echo "no python3 with h5py"; exit 77; }

# The top directory of a source tree, as far as the page uses it.
mkdir -p build bin experiments
ln -s "$INFOPLANE_BUILD" build/release
ln -s "$(command -v "$python")" bin/python3
PATH=$PWD/bin:$PATH
sed 's/^  epochs: .*/  epochs: 20/; s/^repeats: .*/repeats: 2/' "$INFOPLANE_SOURCE/experiments/quickstart.yaml" \
  >experiments/quickstart.yaml

# Step k of the page becomes k.sh and k.expected; its files get their names in advance.
awk '
  /^<!-- file: / { target = $3; next }
  /^<!-- output -->/ { target = step ".expected"; next }
  /^```/ && inside { close(target); target = ""; inside = 0; next }
  /^```sh$/ { target = sprintf("%02d.sh", ++n); step = sprintf("%02d", n) }
  /^```/ { inside = 1; if (target == "") { print "the fence of line " NR " has no use" >"unmarked.txt" } ; next }
  inside && target != "" { print >target }
' "$INFOPLANE_SOURCE/docs/tutorial.md"
[ ! -e unmarked.txt ] || fail "docs/tutorial.md: $(cat unmarked.txt)"
[ -e 02.sh ] && [ -e activations.yaml ] || fail "the page was not taken apart"

. ./01.sh >/dev/null || fail "the first commands fail" # which set the PATH of all others
for commands in [0-9][0-9].sh; do
  step=${commands%.sh}
  sh -e "./$commands" >"$step.output" 2>&1 || fail "$(cat "$commands") fails: $(tail -5 "$step.output")"
  [ ! -e "$step.expected" ] || while IFS= read -r line; do
    grep -qF -- "$line" "$step.output" || fail "$(cat "$commands") does not print '$line' but: $(cat "$step.output")"
  done <"$step.expected"
done
for file in results/quickstart/figures/plane.svg results/quickstart/report.html results/activations/figures/estimators.svg \
  compare/plane.svg results/rings/figures/layers.svg own/plane.svg results/depth/figures/heatmap.svg paper/layers.pdf; do
  [ -s "$file" ] || fail "$file was not made"
done
exit $failures
