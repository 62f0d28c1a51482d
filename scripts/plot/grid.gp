# grid.gp - opens the file to write and lays out its panels. Loaded by the other scripts, not run alone.
#
# Before: n_cells (configurations) and n_quantities (panels of a cell, below each other), most_columns; panel_width,
# panel_height, left, right, top, bottom, gap_x, gap_y in pixels.
# After: with cell and quantity = 0, 1, ... set, `load here.'panel.gp'` places the panel.
# In a terminal the panels stand below each other, each text_lines high.

if (is_text) {
  most_columns = 1
  left = 8; right = 2; top = 2; bottom = 4; gap_x = 0; gap_y = 6
  panel_width = max(20, text_columns - left - right)
  panel_height = max(8, text_lines - top - bottom)
  unset key
}
n_columns = min(n_cells, most_columns)
n_rows = (n_cells + n_columns - 1) / n_columns * n_quantities
width = left + n_columns * panel_width + (n_columns - 1) * gap_x + right
height = top + n_rows * panel_height + (n_rows - 1) * gap_y + bottom

if (format eq "svg") { set terminal svg size width,height font "DejaVu Sans,12" background rgb "white" }
if (format eq "png") { set terminal pngcairo size 2*width,2*height font "DejaVu Sans,9" fontscale 2 linewidth 2 pointscale 2 }
if (format eq "pdf") { set terminal pdfcairo size width/96.0,height/96.0 font "DejaVu Sans,9" fontscale 1 }
if (is_text) { set terminal dumb mono size width,height aspect 1 }
if (out ne "") { set output out }

# A key to the right of all panels, and a colour bar there.
if (!is_text) {
  set key at screen (width - right + 15.0 + key_shift) / width, (height - top) / (1.0 * height) left top Left reverse
  set colorbox user origin (width - right + 20.0) / width, 1.0 * bottom / height \
    size 14.0 / width, min(400, height - top - bottom) / (1.0 * height) noborder
}
