#!/bin/sh
# Rules of the scripts of the page: nothing is evaluated, fetched, or written as HTML; no library, no file of another kind.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
page=$INFOPLANE_SOURCE/src/report/page
for file in "$page"/*.js "$page"/*.css; do
  name=${file##*/}
  refuse() { # refuse PATTERN WHY: no line of the file has it
    found=$(grep -nE "$1" "$file") && fail "$name: $2: $found"
  }
  refuse '\beval\b|\bFunction\(' 'texts are not evaluated'
  refuse 'innerHTML|outerHTML|insertAdjacentHTML|document\.write' 'texts go in by textContent'
  refuse 'https?:|//[a-z]+\.[a-z]' 'the page refers to nothing'
  refuse 'fetch\(|XMLHttpRequest|WebSocket|import[ (]|\bexport\b|@import|url\([^#]' 'the page loads nothing'
  refuse '[[:space:]]on[a-z]+=|style="' 'the policy refuses handlers and styles in attributes'
  refuse '</(script|style)|<!--' 'it would end the element that it stands in'
  grep -q "\\b$name\\b" "$INFOPLANE_SOURCE/cmake/page.cmake" || fail "$name is not in cmake/page.cmake"
  [ "$(wc -l <"$file")" -le 250 ] || fail "$name has more than 250 lines"
done
LC_ALL=C grep -nP '[^\x00-\x7F]' "$page"/*.css && fail "a style sheet has letters that are no ASCII"
exit $failures
