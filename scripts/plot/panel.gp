# panel.gp - places the panel `quantity` of `cell`: margins, title, where axes have numbers. Not run alone.
#
# Before: title, name_x, name_y. Panels share their axes: numbers and names stand at the left and at the bottom only.
do for [series = 1:512] { crossed_at[series] = -1e9 }
across = cell % n_columns
row = cell / n_columns * n_quantities + quantity
x_pixel = left + across * (panel_width + gap_x)
y_pixel = bottom + (n_rows - 1 - row) * (panel_height + gap_y) + (n_rows / n_quantities - 1 - cell / n_columns) * gap_title
is_last = cell == n_cells - 1 && quantity == n_quantities - 1
is_bottom = is_text || (quantity == n_quantities - 1 && cell + n_columns >= n_cells)
set lmargin at screen x_pixel / (1.0 * width)
set rmargin at screen (x_pixel + panel_width) / (1.0 * width)
set bmargin at screen y_pixel / (1.0 * height)
set tmargin at screen (y_pixel + panel_height) / (1.0 * height)
unset label; unset object; unset arrow
if (cell == 0 && quantity == 0 && note ne "" && !is_text) {
  set label 99 small_text(note) at screen 8.0 / width,(note_height - 14.0 * em) / height left noenhanced font small_font textcolor rgb grey
}
if (cell == 0 && quantity == 0 && is_narrow) {
  do for [k = 1:key_entries] {
    x_key = (10 + (width - 20 * em) / key_columns * ((k - 1) % key_columns)) / width
    y_key = (note_height + key_height - (4 + 17 * ((k - 1) / key_columns)) * em - 8 * em) / height
    is_line = key_dash(k) > 1
    set label 100 + k key_name(k) at screen x_key,y_key left offset 1.2,-0.15 noenhanced point pt key_point(k) ps (is_line ? 0 : 0.8) lc rgb key_color(k)
    if (is_line) {
      set arrow 300 + k from screen x_key - 9.0 * em / width,y_key to screen x_key + 5.0 * em / width,y_key nohead lw 1.5 dt key_dash(k) lc rgb key_color(k)
    }
  }
}
set xlabel (is_bottom ? name_x : "")
if (is_text && exists("letter_lines") && quantity == n_quantities - 1) { set xlabel name_x."\n".letters[cell + 1] noenhanced }
set ylabel (across == 0 && !is_text ? name_y : "")
if (epochs_across) { load here.'ticks.gp' }
if (is_bottom) { set xtics format "%g" } else { set xtics format "" }
if (across == 0) { set ytics format "%g" } else { set ytics format "" }
shown_title = is_text ? (title eq "" ? name_y : title.", ".name_y) : quantity == 0 ? wrap(title, title_width) : ""
set title shown_title noenhanced
