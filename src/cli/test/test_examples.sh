#!/bin/sh
# The programs of docs/examples compile against the public headers and libinfoplane.so, and print what their first
# comment says: values that are known in closed form.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

# prints NAME [ARGUMENT...]: the example exits with 0 and prints the lines behind "Prints" of its comment
prints() {
  name=$1
  shift
  sed -n '/^ \* Prints/,/^ \*\//s/^ \*     //p' "$INFOPLANE_SOURCE/docs/examples/$name.c" >expected.txt
  [ -s expected.txt ] || fail "$name.c does not say what it prints"
  "$INFOPLANE_BUILD/example_$name" "$@" >printed.txt 2>&1 || fail "$name exits with $?"
  diff expected.txt printed.txt || fail "$name prints something else than its comment says"
}

prints estimate_arrays
prints measure_table
prints solve_curve
prints write_run run.h5
prints read_run run.h5
expect 0 "2/2 epochs" "$infoplane" estimate run.h5 --estimator width:size=0.5
expect 0 "width:size=0.5, layer 1: I(X;T) = 1.500" "$INFOPLANE_BUILD/example_read_run" run.h5
expect 1 "absent.h5" "$INFOPLANE_BUILD/example_read_run" absent.h5
for source in "$INFOPLANE_SOURCE"/docs/examples/*.c; do
  grep -q "^prints $(basename "$source" .c)" "$0" || fail "$source is not tested here"
done
exit $failures
