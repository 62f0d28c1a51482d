#!/bin/sh
# infoplane plot as a user meets it: help, lists, mistakes, and figures of a small experiment in folders with hostile names.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

mkdir "$dir/empty"
echo "no run file" >"$dir/text.h5"
expect 0 "usage: infoplane plot" "$infoplane" plot --help
expect 0 "the information plane" "$infoplane" plot --list
expect 2 "expected a results directory or run files" "$infoplane" plot
expect 1 "no run files" "$infoplane" plot "$dir/empty"
expect 1 "$dir/missing" "$infoplane" plot "$dir/missing"
expect 1 "$dir/text.h5" "$infoplane" plot "$dir/text.h5"
expect 2 "did you mean 'snapshots'?" "$infoplane" plot "$dir/text.h5" --figure snapshot
expect 2 "'bmp'" "$infoplane" plot "$dir/text.h5" --format bmp
expect 2 "--figure: expected a value" "$infoplane" plot "$dir/text.h5" --figure
[ ! -e "$dir/figures" ] || fail "a folder for figures was made without any"

"$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o "$dir/small" --set training.epochs=3 --set log.count=3 \
  --set repeats=2 --set figures=[] >/dev/null 2>&1 || fail "the experiment did not run"
for folder in '<touch pwned' '|touch pwned' '`touch pwned`' '$(touch pwned)' "it's \"quoted\"" 'a b' 'ü'; do
  expect 0 "$folder/plane.svg" "$infoplane" plot "$dir/small" --figure plane -o "$folder"
  grep -q '</svg>' "$folder/plane.svg" || fail "no figure in $folder"
done
# for a paper: that wide in every format, with that font
expect 0 "paper/plane.svg" "$infoplane" plot "$dir/small" -f plane -o paper --width 85mm --font Times,8
grep -q 'width="321" height=' paper/plane.svg || fail "the figure is not 321 pixels = 85 mm wide: $(grep -m1 width= paper/plane.svg)"
grep -q 'font-family="Times"' paper/plane.svg || fail "the figure has not the font that was asked for"
expect 0 "paper/plane.png" "$infoplane" plot "$dir/small" -f plane -o paper --width 8.5cm --format png
[ "$(od -An -tu1 -j18 -N2 paper/plane.png | tr -s ' ')" = " 3 236" ] || fail "the figure is not 1004 pixels = 85 mm wide at 300 dots an inch"
expect 0 "paper/plane.pdf" "$infoplane" plot "$dir/small" -f plane -o paper --width 3.3464in --format pdf
grep -aq 'MediaBox \[ 0 0 24[01]' paper/plane.pdf || fail "the page is not 241 points = 85 mm wide"
# texts of a PDF have the size that was asked for: the sizes in its drawing commands, in points
expect 0 "paper/plane.pdf" "$infoplane" plot "$dir/small" -f plane -o paper --width 85mm --font Times,9 --format pdf
if command -v python3 >/dev/null; then
  sizes=$(python3 - paper/plane.pdf <<'PYTHON'
import re, sys, zlib
sizes = set()
for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", open(sys.argv[1], "rb").read(), re.S):
    try:
        sizes.update(map(float, re.findall(rb"([\d.]+) 0 0 -[\d.]+ \S+ \S+ Tm", zlib.decompress(part))))
    except zlib.error:
        pass
print(max(sizes, default=0), min(sizes, default=0))
PYTHON
  )
  [ "$sizes" = "9.0 7.5" ] || fail "the texts of the PDF have $sizes points, expected 9 and, in notes, 7.5"
fi
expect 2 "expected a number with a unit" "$infoplane" plot "$dir/small" -f plane --width 85
expect 2 "expected between 40mm and 1000mm" "$infoplane" plot "$dir/small" -f plane --width 5mm
expect 2 "the font is 'x;y'" "$infoplane" plot "$dir/small" -f plane --font 'x;y'
absent pwned "$dir/pwned" "$dir/small/pwned"
expect 0 "layers A, B" env COLUMNS=70 LINES=20 "$infoplane" plot "$dir/small" -f plane --terminal
printf '%s\n' "$output" | tr -d '\014' | awk 'length($0) > 70 { bad = 1 } END { exit bad }' || fail "the figure is wider than the terminal"
# the lines below say which layer a letter is, at any width
for columns in 100 40; do
  key=$(COLUMNS=$columns LINES=20 "$infoplane" plot "$dir/small" -f plane --terminal | tr -s ' \n' ' ')
  case "$key" in *"] A layer 1, B layer 2, C layer 3, D layer 4, E layer 5, F output "*) ;; *) fail "no key of letters in $columns columns: $key" ;; esac
done
expect 0 "A 1: 10 tanh, B 2: 7 tanh" "$infoplane" plot "$dir/small" -f layers --terminal
expect 1 "gnuplot-nox" env INFOPLANE_GNUPLOT=no-such-program "$infoplane" plot "$dir/small" -f loss -o none
absent none/loss.svg none/loss.svg.part
expect 1 "has no estimates by 'kde_upper'" "$infoplane" plot "$dir/small" -f plane --estimator kde_upper
expect 1 "has no estimates by 'kde_upper'; it has: edges" "$infoplane" plot "$dir/small" -e kde_upper -o nothing
absent nothing
# One class: no loss, no gradients, no information, and figures all the same.
printf 'a,b,y\n1,2,0\n2,3,0\n3,1,0\n4,4,0\n' >class.csv
echo '{dataset: {name: class.csv}, network: {hidden: [2]}, training: {epochs: 4, batch_size: 0}}' >class.yaml
expect 0 "class/figures/loss.svg" "$infoplane" run class.yaml -o class
ln -s /proc read-only # a folder in which nobody can make files
expect 1 "read-only" "$infoplane" plot "$dir/small" -f loss -o read-only/x
exit $failures
