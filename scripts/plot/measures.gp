# measures.gp - every series of the measures against the epoch: the mean over repeats, and a band of one standard deviation.
#
# usage: gnuplot -c measures.gp measures.tsv measures.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a layer and epoch; an empty line ends a layer, two end a panel. Columns:
#   panel, number, series, unit, layer, label, epoch, value, sd, repeats, least_test_loss_epoch
# Panels of one series (number) have the same vertical axis, which is logarithmic if its values span two decades and
# are no fractions (unit).

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("measures.gp")]
load here.'style.gp'

columns = "panel number unit layer label epoch value sd least_test_loss_epoch"
load here.'columns.gp'

load here.'scale.gp'
n_cells = STATS_blocks; n_quantities = 1
load here.'labels.gp'

n_groups = n_cells / n_series
most_columns = n_groups == 1 ? 3 : min(n_groups, 4)
panel_width = 300; panel_height = 170
left = 75; right = 175; top = 40; bottom = 60; gap_x = n_groups == 1 ? 70 : 25; gap_y = 45
key_dash(k) = layer_dash(k)
load here.'grid.gp'
load here.'epochs.gp'
name_x = "epoch"
name_y = ""

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  stats data skip 1 index cell using (title = strcol(c_panel), best_epoch = or_nan(c_least_test_loss_epoch), number = int(column(c_number)), 0) nooutput
  load here.'panel.gp'
  load here.'best.gp'
  if (n_groups == 1) { set ytics format "%g" }
  load here.'axis.gp'
  if (is_text) {
    plot for [k = 1:n_layers] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c_value)) \
      with points pt k
  } else {
    m = layers_of[cell + 1]
    plot for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 \
           using (at_epoch(column(c_epoch))):(band_low(column(c_value), or_zero(c_sd), is_log)):(column(c_value) + or_zero(c_sd)) \
           with filledcurves lc rgb faint(layer_color(place_of(k, cell))) notitle, \
         for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c_value)) \
           with lines lw 1.5 dt layer_dash(place_of(k, cell)) lc rgb layer_color(place_of(k, cell)) notitle, \
         for [k = 1:n_layers] keyentry with lines lw 1.5 dt layer_dash(k) lc rgb layer_color(k) title (cell == 0 ? layer_label[k] : "")
  }
}
unset multiplot
if (out ne "") { unset output }
