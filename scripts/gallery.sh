#!/bin/sh
# Makes the pictures of docs/figures.md again: small experiments, some minutes on two cores.
# usage: scripts/gallery.sh [FOLDER]     FOLDER: where the pictures go (docs/images); the program is build/release/infoplane
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$here/docs/images}
infoplane=${INFOPLANE:-$here/build/release/infoplane}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# run NAME YAML...: an experiment with these lines
run() {
  name=$1
  shift
  printf '%s\n' "$@" 'figures: []' >"$work/$name.yaml"
  "$infoplane" run "$work/$name.yaml" -o "$work/$name"
}

# draw NAME FORMAT FIGURE...: its figures
draw() {
  name=$1 format=$2
  shift 2
  for figure in "$@"; do
    "$infoplane" plot "$work/$name" --figure "$figure" --format "$format" -o "$work/figures" >/dev/null
  done
}

run two 'repeats: 4' 'training: {epochs: 8000}' 'log: {count: 80}' 'estimators: [edges]' 'measures: [geometry]' 'sweep:' \
  '  network.activation: [tanh, relu]'
draw two svg snapshots layers gradients geometry
run one 'repeats: 1' 'training: {epochs: 8000}' 'log: {count: 60, keep: all}' \
  'estimators: [edges, "width:size=0.5", "kde_upper:noise_variance=0.001"]' 'measures: [geometry]'
draw one svg estimators
draw one png activations # an SVG has every field
draw one gif movie
draw one svg measures
run probed 'repeats: 3' 'training: {epochs: 8000}' 'log: {count: 80}' 'estimators: [edges]' 'measures: [probe, knn_probe]'
draw probed svg usable
run together 'repeats: 3' 'training: {epochs: 8000}' 'log: {count: 80}' 'estimators: [edges]' 'estimate: {bin_loss: true}' \
  'measures: [geometry, "hsic:max_samples=300", invariants, probe]'
draw together svg series # the picture of docs/measures.md
run soft 'repeats: 10' 'dataset: {labels: soft}' 'training: {epochs: 4000}' 'log: {count: 60}' 'estimators: [edges]'
draw soft svg theory repeats
run data 'repeats: 3' 'training: {epochs: 3000, batch_size: 0}' 'log: {count: 10, final: true}' 'estimators: [edges]' \
  'sweep:' '  dataset.train_fraction: [0.03, 0.05, 0.1, 0.2, 0.4, 0.85]'
draw data svg data
run depth 'repeats: 2' 'training: {epochs: 4000}' 'log: {count: 60}' 'estimators: [edges]' \
  'sweep:' '  network.hidden: [[10], [10, 7], [10, 7, 5], [10, 7, 5, 4]]'
draw depth svg depth
run beta 'repeats: 2' 'dataset: {labels: soft}' 'training: {objective: vib, epochs: 300, batch_size: 256, learning_rate: 0.001}' \
  'log: {count: 5, final: true}' 'estimators: [edges]' \
  'sweep:' '  network.hidden: [[10, 4], [10, 7, 4]]' '  training.beta: [1e-4, 1e-3, 1e-2, 1e-1, 1]'
draw beta svg beta heatmap
run quickstart "$(cat "$here/experiments/quickstart.yaml" | grep -v '^figures:')"
draw quickstart svg plane
mv "$work/figures/plane.svg" "$out/plane.svg" # the picture of README.md
if command -v chromium >/dev/null; then # and the page there
  "$infoplane" report "$work/quickstart" -o "$work/page.html" >/dev/null
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/chromium" --window-size=1280,960 \
    --virtual-time-budget=6000 --screenshot="$out/page.png" "file://$work/page.html#v1&e=400" 2>/dev/null
fi
run sides 'repeats: 3' 'dataset: {labels: soft}' 'training: {epochs: 4000}' 'log: {count: 80}' \
  'estimators: ["width:size=0.5"]' 'estimate: {split: [train, test]}'
draw sides svg loss plane
mv "$work/figures/plane.svg" "$work/figures/sides.svg"
draw two svg plane
"$infoplane" curve sphere --set dataset.labels=soft -o "$work" >/dev/null

for figure in "$work"/figures/*.svg "$work"/figures/*.png "$work"/figures/*.gif; do cp "$figure" "$out/figure-$(basename "$figure")"; done
ls -l "$out"
