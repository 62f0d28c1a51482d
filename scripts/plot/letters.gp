# letters.gp - which layer is which letter of a text plot: lines below its panels. Loaded by grid.gp, not run alone.
#
# Before: layer_label and place_of (labels.gp), panel_width. After: letters[1 .. n_cells], letter_lines, the most lines.
array letters[n_cells]
letter_lines = 1
do for [i = 1:n_cells] {
  letters[i] = ""; line = ""; lines = 1
  do for [k = 1:min(26, layers_of[i])] {
    entry = sprintf("%c ", 64 + k).layer_label[place_of(k, i - 1)].(k < layers_of[i] ? "," : "")
    is_full = line ne "" && strlen(line) + strlen(entry) > panel_width
    if (is_full) { letters[i] = letters[i].line."\n"; line = ""; lines = lines + 1 }
    line = line.(line eq "" ? "" : " ").entry
  }
  letters[i] = letters[i].line
  letter_lines = max(letter_lines, lines)
}
