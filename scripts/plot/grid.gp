# grid.gp - opens the file to write and lays out its panels. Loaded by the other scripts, not run alone.
#
# Before: n_cells (configurations) and n_quantities (panels of a cell, below each other), most_columns; panel_width,
# panel_height, left, right, top, bottom, gap_x, gap_y in pixels; of the table, whose first column has the titles of
# panels, estimator_column and note_column (first_note comes before them), and c_least_test_loss_epoch or c_usable_train, which get a note; key_entries, key_longest, has_colorbox.
# After: with cell and quantity = 0, 1, ... set, `load here.'panel.gp'` places the panel.
# In a terminal the panels stand below each other, each text_lines high. A figure for a paper (paper > 0) is that many
# pixels wide: its panels are as many in a row as are readable, and narrow ones have their key and colour bar below.

# What is written under the figure: the estimator and the notes of the panels.
note = exists("first_note") ? first_note : ""; longest_title = 0
# Notes are parts with "; " between them. Each part is written once; what crosses mean is gathered into one part, the last.
first(s, sep) = strstrt(s, sep) ? substr(s, 1, strstrt(s, sep) - 1) : s
rest(s, sep) = strstrt(s, sep) ? substr(s, strstrt(s, sep) + strlen(sep), strlen(s)) : ""
with_part(list, part, sep) = part eq "" || part eq "-" || strstrt(sep.list.sep, sep.part.sep) ? list : list eq "" ? part : list.sep.part
with_parts(list, more, sep) = more eq "" ? list : with_parts(with_part(list, first(more, sep), sep), rest(more, sep), sep)
is_crossed(part) = substr(part, 1, 9) eq "crossed: "
with_notes(list, more) = more eq "" ? list : \
  with_notes(is_crossed(first(more, "; ")) ? list : with_part(list, first(more, "; "), "; "), rest(more, "; "))
with_crosses(list, more) = more eq "" ? list : \
  with_crosses(is_crossed(first(more, "; ")) ? with_parts(list, substr(first(more, "; "), 10, strlen(more)), ", or ") : list, rest(more, "; "))
crosses = ""
if (!is_text) {
  stats data skip 1 using (longest_title = max(longest_title, strlen(strcol(title_column)) + title_extra), 0) nooutput
  if (estimator_column > 0) {
    stats data skip 1 using (estimator = estimator eq "" ? strcol(estimator_column) : estimator, 0) nooutput
    if (estimator ne "") { note = "estimator: ".estimator }
  }
  if (note_column > 0) {
    stats data skip 1 using (note = with_notes(note, strcol(note_column)), \
      crosses = with_crosses(crosses, strcol(note_column)), 0) nooutput
  }
  if (exists("c_usable_train")) {
    has_usable = 0
    stats data skip 1 using (has_usable = has_usable || valid(c_usable_train) && column(c_usable_train) > 0, 0) nooutput
    if (has_usable) { note = with_part(note, "at the left: H(Y) - cross-entropy of the output", "; ") }
  }
  if (exists("c_least_test_loss_epoch")) {
    has_best = 0
    stats data skip 1 using (has_best = has_best || valid(c_least_test_loss_epoch), 0) nooutput
    if (has_best) { note = with_part(note, "dashed vertical line: least test loss", "; ") }
  }
  if (crosses ne "") { note = with_part(note, "crossed: ".crosses, "; ") }
}

if (is_text) {
  most_columns = 1
  left = 8; right = 2; top = 2; bottom = 4; gap_x = 0; gap_y = 6
  panel_width = max(20, text_columns - left - right)
  if (exists("layers_of")) {
    load here.'letters.gp'
    bottom = bottom + letter_lines; gap_y = gap_y + letter_lines
  }
  panel_height = max(8, text_lines - top - bottom)
  unset key
} else {
  left = left * em; right = (is_narrow && !keeps_right ? 14 : right) * em; top = top * em; bottom = bottom * em
  gap_x = gap_x * em; gap_y = gap_y * em
}
n_columns = min(n_cells, most_columns)
if (paper > 0) {
  shape = 1.0 * panel_height / panel_width
  do for [i = 1:most_columns] {
    panel_width = (paper - left - right - (n_columns - 1) * gap_x) / n_columns
    if (n_columns > 1 && panel_width < least_panel * em) { n_columns = n_columns - 1 }
  }
  panel_height = max(90 * em, min(0.9, max(0.45, shape)) * panel_width)
}
title_width = max(12, int((panel_width + 0.5 * gap_x) / (7.6 * em))) # characters in a line of a title
title_lines = is_text || longest_title <= title_width ? 1 : longest_title / title_width + 2
top = top + (title_lines - 1) * 15 * em
gap_title = n_cells > n_columns ? (title_lines - 1) * 15 * em : 0 # more room between rows of cells

# Below the panels, from the bottom: the note, the key, the colour bar.
n_rows = (n_cells + n_columns - 1) / n_columns * n_quantities
width = left + n_columns * panel_width + (n_columns - 1) * gap_x + right
note = wrap(note, max(20, min(200, int((width - 16 * em) / (6.2 * em)))))
note_height = is_text || note eq "" ? 0 : (16 * lines_of(note) + 6) * em
key_columns = max(1, min(key_entries, int((width - 20 * em) / ((7.2 * key_longest + 24) * em))))
key_height = is_narrow && key_entries ? 17 * em * ((key_entries + key_columns - 1) / key_columns) + 4 * em : 0
bar_height = is_narrow && has_colorbox ? 70 * em : 0
bottom = bottom + note_height + key_height + bar_height
height = top + n_rows * panel_height + (n_rows - 1) * gap_y + (n_rows / n_quantities - 1) * gap_title + bottom

font = is_latex ? sprintf(",%g", font_size) : sprintf("%s,%g", font_name, font_size * unit)
# pdfcairo draws a font of n points with 4 n / 3 points, unless it is told to scale it.
sharp = paper > 0 ? 300 / 96.0 : 2 # pixels of a PNG in one pixel here
if (format eq "svg") { set terminal svg size width,height font font background rgb "white" }
if (format eq "png") { set terminal pngcairo size int(sharp*width + 0.5),int(sharp*height + 0.5) font font fontscale sharp linewidth sharp pointscale sharp*(paper > 0 ? 0.8 : 1) }
if (format eq "pdf") { set terminal pdfcairo size width/96.0,height/96.0 font font fontscale 0.75 linewidth 1 pointscale (paper > 0 ? 0.6 : 0.75) background rgb "white" }
if (format eq "eps") { set terminal epscairo size width/96.0,height/96.0 font font fontscale 0.75 linewidth 1 pointscale (paper > 0 ? 0.6 : 0.75) background rgb "white" }
if (format eq "tex") { set terminal cairolatex pdf input colortext size width/96.0,height/96.0 font font fontscale 0.75 linewidth 1 pointscale (paper > 0 ? 0.6 : 0.75) }
if (is_text) { set terminal dumb mono size width,height aspect 1 }
if (out ne "") { set output out }

# A key to the right of all panels, and a colour bar there; or both below.
if (!is_text && (!is_narrow || keeps_right)) {
  set key at screen (width - right + (15.0 + key_shift) * em) / width, (height - top) / (1.0 * height) left top Left reverse
  set colorbox user origin (width - right + 20.0 * em) / width, 1.0 * bottom / height \
    size 14.0 * em / width, min(400 * em, height - top - bottom) / (1.0 * height) noborder
}
if (is_narrow && !keeps_right) {
  unset key # panel.gp writes it
  set colorbox horizontal user origin left / (1.0 * width), (note_height + key_height + 58 * em) / (1.0 * height) \
    size (width - left - right) / (1.0 * width), 8.0 * em / height noborder
}
