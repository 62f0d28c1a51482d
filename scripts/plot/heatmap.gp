# heatmap.gp - error, information and compression over two keys that were swept: a coloured field for every configuration.
#
# usage: gnuplot -c heatmap.gp heatmap.tsv heatmap.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a configuration; two empty lines end a quantity. x and y count the values of the
# keys from 0. Columns:
#   quantity, x_key, y_key, x, y, x_value, y_value, value, repeats, estimator,
#   x_name, y_name (the values as they are written at the sides), note

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("heatmap.gp")]
load here.'style.gp'

columns = "quantity x_key y_key x y value estimator x_name y_name note"
load here.'columns.gp'
title_column = c_quantity

x_key = ""; y_key = ""
stats data skip 1 using (x_key = strcol(c_x_key), y_key = strcol(c_y_key), column(c_x)) nooutput
n_cells = STATS_blocks; n_quantities = 1
n_x = int(STATS_max) + 1
stats data skip 1 using c_y nooutput
n_y = int(STATS_max) + 1
array x_name[n_x]
array y_name[n_y]
stats data skip 1 using (x_name[int(column(c_x)) + 1] = strcol(c_x_name), \
  y_name[int(column(c_y)) + 1] = strcol(c_y_name), 1) nooutput
longest = 0
do for [j = 1:n_y] { longest = max(longest, strlen(y_name[j])) }
do for [i = 1:n_x] { longest_x = exists("longest_x") ? max(longest_x, strlen(x_name[i])) : strlen(x_name[i]) }

array lowest[n_cells]
array highest[n_cells]
do for [i = 1:n_cells] {
  lowest[i] = 0.0; highest[i] = 1.0
  count = 0
  stats data skip 1 index i-1 using (count = count + valid(c_value), 0) nooutput
  if (count > 0) {
    stats data skip 1 index i-1 using c_value nooutput
    lowest[i] = STATS_min; highest[i] = max(STATS_max, STATS_min + 1e-9 + abs(STATS_min) * 1e-6)
  }
}

most_columns = 2
panel_width = max(260, min(560, 44 * n_x)); panel_height = max(150, min(420, 28 * n_y))
if (paper > 0) { panel_width = min(panel_width, (paper - (60 + 7 * longest + 85 + (is_narrow ? 0 : 90)) * em) / (is_narrow ? 1 : 2)) }
slanted = longest_x * 7.5 * em * n_x > panel_width
left = 60 + 7 * longest; right = 85; top = 40; bottom = slanted ? 60 + 5 * longest_x : 75
gap_x = 90; gap_y = 50; keeps_right = 1; least_panel = 250; estimator_column = c_estimator; note_column = c_note
load here.'grid.gp'

set xrange [-0.5:n_x - 0.5]
set yrange [-0.5:n_y - 0.5]
set border 0
set tics scale 0
unset key
name_x = x_key
name_y = y_key
# written into the fields, where they are large enough
numbers = panel_width / n_x >= 36 && panel_height / n_y >= 14

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  stats data skip 1 index cell using (title = strcol(c_quantity), 0) nooutput
  low = lowest[cell + 1]; high = highest[cell + 1]
  digits = high < 0.1 ? "%.2g" : high < 10 ? "%.2f" : "%.1f"
  load here.'panel.gp'
  set xlabel name_x noenhanced
  set ylabel (across == 0 ? name_y : "") noenhanced
  set xtics () noenhanced
  if (slanted) { set xtics rotate by 35 right } else { set xtics norotate }
  set ytics () noenhanced
  do for [i = 1:n_x] { set xtics add ((is_bottom ? x_name[i] : "") i - 1) }
  do for [j = 1:n_y] { set ytics add ((across == 0 ? y_name[j] : "") j - 1) }
  if (!is_bottom) { set xlabel "" }
  set cbrange [low:high]
  set colorbox vertical user origin (x_pixel + panel_width + 8.0 * em) / width, y_pixel / (1.0 * height) \
    size 10.0 * em / width, panel_height / (1.0 * height) noborder
  set cbtics format "%.3g" font small_font offset -0.6,0
  if (is_text) {
    unset colorbox
    plot data skip 1 index cell using c_x:c_y:(sprintf("%.3g", column(c_value))) with labels
  } else {
    plot data skip 1 index cell \
      using c_x:c_y:(column(c_x) - 0.49):(column(c_x) + 0.49):(column(c_y) - 0.48):(column(c_y) + 0.48):c_value \
           with boxxyerror fillstyle solid noborder lc palette, \
         data skip 1 index cell \
           using c_x:c_y:(numbers ? sprintf(digits, column(c_value)) : ""): \
             ((column(c_value) - low) / (high - low) > 0.3 ? 0xFFFFFF : 0) \
           with labels font small_font textcolor rgb variable
  }
}
unset multiplot
if (out ne "") { unset output }
