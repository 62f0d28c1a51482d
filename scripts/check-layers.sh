#!/bin/sh
# Fails when a file under src/ includes a header that its folder may not see (src/LAYERS), when a folder is not listed there,
# or when the table of folders in docs/design.md does not have each of them once.
# usage: scripts/check-layers.sh [SRC_DIR]
cd "${1:-src}" || exit 2
for folder in $(grep -v '^#' LAYERS); do
  times=$(awk -F'|' '{print $2}' ../docs/design.md | grep -c "\`$folder\`")
  [ "$times" = 1 ] || { echo "docs/design.md: the table has the folder $folder $times times, not once"; faulty=1; }
done
grep -rnE --include='*.[ch]' '^ *# *include "' . | awk -F: '
  BEGIN {
    while ((getline line < "LAYERS") > 0) {
      if (line ~ /^#/ || line == "") continue
      level++
      count = split(line, folder, " ")
      for (i = 1; i <= count; i++) rank[folder[i]] = level
    }
  }
  {
    split($1, path, "/"); from = path[2]
    split($3, quoted, "\""); split(quoted[2], target, "/"); to = target[1]
    if (!(from in rank)) { print $1 ": folder " from " is not in LAYERS"; bad = 1 }
    else if (!(to in rank)) { print $1 ":" $2 ": include \"folder/file.h\" from src, not \"" quoted[2] "\""; bad = 1 }
    else if (to != from && rank[to] >= rank[from]) { print $1 ":" $2 ": " from " may not include " to; bad = 1 }
  }
  END { exit bad }' && [ -z "${faulty-}" ]
