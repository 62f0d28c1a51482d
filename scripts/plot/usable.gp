# usable.gp - I(T;Y) of a layer and the V-information of probes against the epoch, a panel for each layer: means over
# repeats, and a band of one standard deviation.
#
# usage: gnuplot -c usable.gp usable.tsv usable.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row an epoch; an empty line ends a line of points, two end a panel. Columns:
#   panel, number, line, layer, label, epoch, value_bits, sd, repeats, hy_bits, estimator, least_test_loss_epoch, bound, flags, note
# Line 1 of a panel is I(T;Y); `number` counts the lines of a panel. Hollow: bounds (bound is 1). Crossed: flags. The axis
# ends at minus half of its upper end: a probe may be wrong by any number of bits.

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("usable.gp")]
load here.'style.gp'

columns = "panel number line layer epoch value_bits sd hy_bits estimator least_test_loss_epoch bound flags note"
load here.'columns.gp'

stats data skip 1 using (column(c_number)) nooutput
n_lines = int(STATS_max); n_cells = STATS_blocks; n_quantities = 1
array line_name[n_lines]
stats data skip 1 using (line_name[int(column(c_number))] = strcol(c_line), 0) nooutput
key_entries = n_lines; key_longest = 0
do for [k = 1:n_lines] { key_longest = max(key_longest, strlen(line_name[k])) }
line_color(k) = int(k) == 1 ? 0x111111 : layer_rgb[1 + (int(k) - 2) % 5]
line_dash(k) = int(k) == 1 ? 1 : layer_dashes[1 + (int(k) - 2) / 5 % 4]
key_dash(k) = line_dash(k)
key_name(k) = line_name[k]
key_color(k) = line_color(k)

lowest = 0; highest = 0
stats data skip 1 using (valid(c_value_bits) ? (lowest = min(lowest, column(c_value_bits) - or_zero(c_sd)), \
  highest = max(highest, column(c_value_bits) + or_zero(c_sd))) : 0, 0) nooutput
stats data skip 1 using (highest = max(highest, or_zero(c_hy_bits)), 0) nooutput
highest = highest > 0 ? 1.04 * highest : 1
lowest = lowest < 0 ? max(-0.5 * highest, 1.04 * lowest) : 0

stats data skip 1 using (column(c_layer)) nooutput
n_shown = int(STATS_max) # layers
most_columns = n_shown <= 4 ? n_shown : n_shown <= 8 ? (n_shown + 1) / 2 : 4
panel_width = 300; panel_height = 190
left = 75; right = max(175, 7.2 * key_longest + 100); top = 40; bottom = 60; gap_x = 25; gap_y = 45
key_shift = 35; estimator_column = c_estimator; note_column = c_note
every_nth(e) = int(e) % max(1, int(n_epochs / 25)) == 0 # epochs that get a symbol
load here.'grid.gp'
load here.'epochs.gp'
name_x = "epoch"
name_y = "I, V  [bits]"
if (is_text) {
  name_y = "bits"
  do for [k = 1:min(n_lines, 26)] { name_y = name_y.sprintf("; %c: ", 64 + k).line_name[k] }
}

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  hy = NaN; n_epochs = 0
  stats data skip 1 index cell using (title = strcol(c_panel), best_epoch = or_nan(c_least_test_loss_epoch), hy = or_nan(c_hy_bits), n_epochs = max(n_epochs, column(0)), \
    0) nooutput
  load here.'panel.gp'
  load here.'best.gp'
  set yrange [lowest:highest]
  if (lowest < 0 && !is_text) { set arrow 2 from graph 0,first 0 to graph 1,first 0 nohead back lc rgb grey lw 0.7 }
  limit = hy; limit_name = "H(Y)"
  load here.'limit.gp'
  low_of(c) = max(lowest, column(c) - or_zero(c_sd))
  if (is_text) {
    plot for [k = 1:n_lines] data skip 1 index cell every :::k-1::k-1 \
      using (at_epoch(column(c_epoch))):(column(c_value_bits)) with points pt k
  } else {
    plot for [k = n_lines:1:-1] data skip 1 index cell every :::k-1::k-1 \
           using (at_epoch(column(c_epoch))):(low_of(c_value_bits)):(column(c_value_bits) + or_zero(c_sd)) \
           with filledcurves lc rgb faint(line_color(k)) notitle, \
         for [k = n_lines:1:-1] data skip 1 index cell every :::k-1::k-1 \
           using (at_epoch(column(c_epoch))):(column(c_value_bits)) with lines lw (k == 1 ? 1.8 : 1.5) dt line_dash(k) lc rgb line_color(k) notitle, \
         data skip 1 index cell every :::0::0 \
           using (at_epoch(column(c_epoch))):(column(c_bound) == 1 && every_nth($0) ? column(c_value_bits) : NaN) \
           with points pt 6 ps 0.5 lc rgb line_color(1) notitle, \
         data skip 1 index cell every :::0::0 \
           using (at_epoch(column(c_epoch))):(strcol(c_flags) eq "-" ? NaN : \
             cross_due(column(-1), column(0), n_epochs / 25) ? column(c_value_bits) : NaN) \
           with points pt 2 ps 0.45 lw 0.7 lc rgb "black" notitle, \
         for [k = 1:n_lines] keyentry with lines lw 1.5 dt line_dash(k) lc rgb line_color(k) title (cell == 0 ? line_name[k] : "")
  }
}
unset multiplot
if (out ne "") { unset output }
