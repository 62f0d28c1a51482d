#!/bin/sh
# In a browser, the page decodes its blocks to the numbers whose digests it has, and its own tests pass: #selftest.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
command -v chromium >/dev/null || skip "chromium is not installed"
for name in sweep wide hostile own; do
  chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$dir/chromium" --virtual-time-budget=20000 \
    --dump-dom "file://$INFOPLANE_BUILD/page-test/$name.html#selftest" >"$dir/page" 2>"$dir/said"
  grep -q '<p id="selftest">ok</p>' "$dir/page" ||
    fail "$name: $(grep -A20 '<p id="selftest">' "$dir/page" || tail -5 "$dir/said")"
done
exit $failures
