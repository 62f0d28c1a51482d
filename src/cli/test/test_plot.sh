#!/bin/sh
# infoplane plot as a user meets it: help, lists, mistakes, and figures of a small experiment in folders with hostile names.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

mkdir "$dir/empty"
echo "no run file" >"$dir/text.h5"
expect 0 "usage: infoplane plot" "$infoplane" plot --help
expect 0 "the information plane" "$infoplane" plot --list
expect 2 "expected the folder of an experiment or run files" "$infoplane" plot
expect 1 "no run files" "$infoplane" plot "$dir/empty"
expect 1 "$dir/missing" "$infoplane" plot "$dir/missing"
expect 1 "$dir/text.h5" "$infoplane" plot "$dir/text.h5"
expect 2 "did you mean snapshots?" "$infoplane" plot "$dir/text.h5" --figure snapshot
expect 2 "'bmp'" "$infoplane" plot "$dir/text.h5" --format bmp
expect 2 "--figure needs a value" "$infoplane" plot "$dir/text.h5" --figure
[ ! -e "$dir/figures" ] || fail "a folder for figures was made without any"

"$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o "$dir/small" --set training.epochs=3 --set log.count=3 \
  --set repeats=2 --set figures=[] >/dev/null 2>&1 || fail "the experiment did not run"
for folder in '<touch pwned' '|touch pwned' '`touch pwned`' '$(touch pwned)' "it's \"quoted\"" 'a b' 'ü'; do
  expect 0 "$folder/plane.svg" "$infoplane" plot "$dir/small" --figure plane -o "$folder"
  grep -q '</svg>' "$folder/plane.svg" || fail "no figure in $folder"
done
absent pwned "$dir/pwned" "$dir/small/pwned"
expect 0 "layers A, B" env COLUMNS=70 LINES=20 "$infoplane" plot "$dir/small" -f plane --terminal
printf '%s\n' "$output" | tr -d '\014' | awk 'length($0) > 70 { bad = 1 } END { exit bad }' || fail "the figure is wider than the terminal"
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
