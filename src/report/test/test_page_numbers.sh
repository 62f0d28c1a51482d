#!/bin/sh
# The functions of the page's scripts give the numbers, texts and places that page_numbers.js, page_panels.js,
# page_drawing.js, page_acts.js and page_painted.js expect of a small experiment: in node, without a browser.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
command -v node >/dev/null || skip "node is not installed"
files=$(tr '\n' ' ' <"$INFOPLANE_SOURCE/cmake/page.cmake" | sed 's/.*set(IP_PAGE_SCRIPTS \([^)]*\)).*/\1/; s/ selftest.js main.js//')
test=$INFOPLANE_SOURCE/src/report/test
cd "$INFOPLANE_SOURCE/src/report/page" || exit 1
# shellcheck disable=SC2086
cat "$test/page_stub.js" $files "$test/page_data.js" "$test/page_numbers.js" "$test/page_panels.js" "$test/page_drawing.js" \
  "$test/page_acts.js" "$test/page_painted.js" >"$dir/all.js"
node "$dir/all.js" >"$dir/said" 2>&1 || fail "$(head -80 "$dir/said")"
grep -qx 'all as expected' "$dir/said" || fail "the tests did not end"
exit $failures
