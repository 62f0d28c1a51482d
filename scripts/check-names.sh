#!/bin/sh
# Fails when a comment of a header or a page of the documentation names a function, type or macro of ours that does not
# exist. Lines that begin with + are left out: what the examples of docs/contributing.md add does not exist.
# usage: scripts/check-names.sh [ROOT]
cd "${1:-.}" || exit 2
names='(ip|IP)_[A-Za-z0-9_]*[A-Za-z0-9]'
list=$(mktemp) || exit 2
trap 'rm -f "$list"' EXIT

# All names in code: strings and comments are cut out.
find src docs cmake \( -name '*.[ch]' -o -name '*.h.in' \) -exec awk '
  FNR == 1 { inside = 0 }
  {
    gsub(/"([^"\\]|\\.)*"/, "\"\"")
    for (;;) {
      if (inside) {
        if (!(end = index($0, "*/"))) next
        $0 = substr($0, end + 2)
        inside = 0
      }
      sub(/\/\/.*/, "")
      if (!(begin = index($0, "/*"))) break
      print substr($0, 1, begin - 1)
      $0 = substr($0, begin + 2)
      inside = 1
    }
    print
  }' {} + | grep -oE "$names" | LC_ALL=C sort -u >"$list"

found=0
for file in $(find src -name '*.h') docs/*.md README.md CONTRIBUTING.md; do
  for name in $(grep -v '^+' "$file" | grep -owE "$names" | LC_ALL=C sort -u | grep -vxFf "$list"); do
    echo "$file: $name does not exist"
    found=1
  done
done
exit $found
