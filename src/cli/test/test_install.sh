#!/bin/sh
# An installed infoplane, away from its sources: it draws and its manual is whole. test_library.sh is about the
# library.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

for tool in cmake gnuplot; do
  command -v $tool >/dev/null || exit 77
done
cmake --install "$INFOPLANE_BUILD" --prefix "$dir/usr" >install.txt 2>&1 || fail "cmake --install: $(tail -3 install.txt)"
mv usr moved # nothing may remember where it was put first

cat >small.yaml <<'END'
network: {hidden: [4, 3]}
training: {epochs: 20, learning_rate: 0.01}
log: {count: 5}
figures: [plane]
END
infoplane=$dir/moved/bin/infoplane
expect 0 "out/figures/plane.svg" env -u INFOPLANE_PLOT "$infoplane" run small.yaml -o out
expect 0 "quickstart" "$infoplane" run moved/share/infoplane/experiments/quickstart.yaml --set training.epochs=20 \
  --set repeats=1 --set figures=[] -o quickstart
# It runs the scripts that were installed with it.
echo "exit status 3" >moved/share/infoplane/plot/plane.gp
expect 1 "gnuplot failed with exit status 3" env -u INFOPLANE_PLOT "$infoplane" plot out -f plane

grep -q '^.I COMMAND' "$(find moved -name infoplane.1)" || fail "the manual has no synopsis"
LC_ALL=C grep -q '[[:cntrl:]]' "$(find moved -name infoplane.1)" && fail "the manual has control characters"

# Completion is where the shells look for it, and is what the program prints.
for pair in bash:bash-completion/completions/infoplane zsh:zsh/site-functions/_infoplane \
  fish:fish/vendor_completions.d/infoplane.fish; do
  "$infoplane" completion "${pair%%:*}" >printed.txt || fail "infoplane completion ${pair%%:*} fails"
  cmp -s printed.txt "moved/share/${pair#*:}" || fail "moved/share/${pair#*:} is not what infoplane completion prints"
done
expect 0 "szt2017-depth" "$infoplane" --complete run szt2017-d
expect 2 "infoplane completion: unknown shell 'zhs'; did you mean 'zsh'?" "$infoplane" completion zhs
exit $failures
