#!/bin/sh
# Every committed picture is one that others can open: SVG with librsvg, which refuses what browsers pass over (a scale of
# 0, markup that is not well formed), PNG and GIF by their signature, size and end.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
command -v rsvg-convert >/dev/null || { echo "rsvg-convert is not installed (librsvg2-bin)"; exit 77; }

# bytes FILE FROM COUNT: in hexadecimal; FROM counts from 1, or from the end where it begins with -
bytes() {
  case $2 in
    -*) tail -c "${2#-}" "$1" ;;
    *) tail -c "+$2" "$1" ;;
  esac | head -c "$3" | od -An -v -tx1 | tr -d ' \n'
}

# check FILE: fails with the reason
check() {
  case $1 in
    *.svg)
      rsvg-convert -w 400 "$1" -o "$dir/picture.png" 2>"$dir/said" || fail "$1: librsvg: $(cat "$dir/said")"
      return
      ;;
    *.png) begin=89504e470d0a1a0a end=49454e44ae426082 size=$(bytes "$1" 17 8) ;;
    *.gif) begin=474946383961 end=003b size=$(bytes "$1" 7 4) ;;
  esac
  at_begin=$(bytes "$1" 1 $((${#begin} / 2))) at_end=$(bytes "$1" -$((${#end} / 2)) $((${#end} / 2)))
  [ "$at_begin" = "$begin" ] || fail "$1: begins with $at_begin, expected $begin"
  [ "$at_end" = "$end" ] || fail "$1: ends with $at_end, expected $end"
  case $size in *[1-9a-f]*) ;; *) fail "$1: is empty" ;; esac
}

pictures=$(cd "$INFOPLANE_SOURCE" && find docs results -name '*.svg' -o -name '*.png' -o -name '*.gif')
[ "$(echo "$pictures" | wc -l)" -ge 20 ] || fail "expected at least 20 pictures, found: $pictures"
for picture in $pictures; do check "$INFOPLANE_SOURCE/$picture"; done

# what the test is for: a symbol of size 0, and files that were cut
cat >bad.svg <<'SVG'
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">
<defs><path id="a" d="M0,0 L1,1" stroke="black"/></defs><use xlink:href="#a" transform="scale(0.00)"/></svg>
SVG
head -c 2000 "$INFOPLANE_SOURCE/docs/images/figure-activations.png" >cut.png
head -c 2000 "$INFOPLANE_SOURCE/docs/images/figure-movie.gif" >cut.gif
for picture in bad.svg cut.png cut.gif; do
  said=$(check "$picture") # in a shell of its own: what fails there is not counted
  [ -n "$said" ] || fail "$picture passes"
done
exit $failures
