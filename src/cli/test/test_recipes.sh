#!/bin/sh
# The diffs of docs/contributing.md fit the sources as they are.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

command -v git >/dev/null || exit 77
awk '/^```diff$/ { n++; on = 1; next } /^```$/ { on = 0 } on { print >("recipe" n ".diff") }' \
  "$INFOPLANE_SOURCE/docs/contributing.md"
cp -r "$INFOPLANE_SOURCE/src" "$INFOPLANE_SOURCE/docs" "$INFOPLANE_SOURCE/scripts" .
[ "$(ls recipe*.diff | wc -l)" = 6 ] || fail "expected six recipes, got $(ls recipe*.diff)"
for recipe in recipe*.diff; do
  git apply --check "$recipe" || fail "$recipe of docs/contributing.md does not apply"
done
exit $failures
