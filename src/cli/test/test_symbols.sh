#!/bin/sh
# libinfoplane.so exports the functions of the public headers and nothing else. What comments of public headers name
# exists.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
for tool in nm readelf; do
  command -v $tool >/dev/null || exit 77
done
library=$INFOPLANE_BUILD/libinfoplane.so
headers=$(find "$INFOPLANE_BUILD/include/infoplane" -name '*.h')

nm -D --defined-only "$library" | awk '$2 != "A" {sub(/@.*/, "", $3); print $3}' | LC_ALL=C sort -u >exported.txt
[ "$(wc -l <exported.txt)" -gt 50 ] || fail "libinfoplane.so exports next to nothing"
grep -v '^ip_[a-z0-9_]*$' exported.txt && fail "libinfoplane.so exports names that are not ip_..."
nm -D --defined-only "$library" | awk '$2 != "A" && $3 !~ /@@INFOPLANE_0$/' | grep . && fail "symbols without a version"
readelf -d "$library" | grep -q 'SONAME.*libinfoplane\.so\.0\]' || fail "the soname is not libinfoplane.so.0"

# Comments removed, a name before a parenthesis is a declared function.
for h in $headers; do
  sed -e 's,//.*,,' -e 's,/\*.*\*/,,' -e '/\/\*/,/\*\//d' -e '/^#/d' "$h"
done | grep -o '\<ip_[a-z0-9_]*(' | tr -d '(' | LC_ALL=C sort -u >declared.txt
diff declared.txt exported.txt || fail "declared in public headers (<) is not what libinfoplane.so exports (>)"

# Every other name in a public header is one of its types.
# shellcheck disable=SC2086
cat $headers | grep -oE '(struct|enum|}) ip_[a-z0-9_]+' | sed 's/.* //' >types.txt
# shellcheck disable=SC2086
cat $headers | grep -ow 'ip_[a-z0-9_]*' | LC_ALL=C sort -u |
  grep -vxFf exported.txt | grep -vxFf types.txt && fail "public headers name what does not exist or is not public"
# Of two functions with one name, a static library links the first that it finds.
nm -g --defined-only "$INFOPLANE_BUILD/libinfoplane.a" | awk 'NF == 3 {print $3}' | LC_ALL=C sort >defined.txt
[ "$(grep -c '^ip_' defined.txt)" -gt 500 ] || fail "libinfoplane.a defines next to nothing"
uniq -d defined.txt | grep . && fail "names that are defined twice"
exit $failures
