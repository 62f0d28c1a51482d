#!/bin/sh
# The types in the comments of the page's scripts hold: tsc of Debian's node-typescript, all files as one program.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
command -v tsc >/dev/null || skip "tsc (node-typescript) is not installed"
files=$(tr '\n' ' ' <"$INFOPLANE_SOURCE/cmake/page.cmake" | sed 's/.*set(IP_PAGE_SCRIPTS \([^)]*\)).*/\1/')
cd "$INFOPLANE_SOURCE/src/report/page" || exit 1
# shellcheck disable=SC2086
tsc --allowJs --checkJs --noEmit --target es2020 --lib es2022,dom,dom.iterable $files >"$dir/said" || fail "$(head -40 "$dir/said")"
exit $failures
