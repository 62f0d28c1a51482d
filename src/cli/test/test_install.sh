#!/bin/sh
# An installed infoplane, away from its sources: it draws, its library is found through pkg-config, its manual is whole.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

grep -q '^IP_SANITIZE:STRING=.' "$INFOPLANE_BUILD/CMakeCache.txt" && exit 77 # needs the sanitizers' flags to link
for tool in cmake cc pkg-config gnuplot; do
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
expect 1 "gnuplot (exit status 3)" env -u INFOPLANE_PLOT "$infoplane" plot out -f plane

cat >entropy.c <<'END'
#include "info/discrete.h"
#include "run/run.h"

#include <stdio.h>

int main(void)
{
  double p[] = {0.25, 0.25, 0.5};
  ip_experiment *e;
  if (ip_experiment_parse("text", "repeats: 3", 0, NULL, &e) != IP_OK) return 1;
  printf("%g bit, %zu runs\n", ip_entropy_bits(3, p), ip_experiment_n_points(e));
  ip_experiment_destroy(&e);
  return 0;
}
END
PKG_CONFIG_PATH=$(dirname "$(find moved -name infoplane.pc)")
export PKG_CONFIG_PATH
cc -std=c17 entropy.c $(pkg-config --cflags --libs infoplane) -o entropy || fail "a program does not link"
expect 0 "1.5 bit, 3 runs" ./entropy

grep -q '^.I COMMAND' "$(find moved -name infoplane.1)" || fail "the manual has no synopsis"
LC_ALL=C grep -q '[[:cntrl:]]' "$(find moved -name infoplane.1)" && fail "the manual has control characters"
exit $failures
