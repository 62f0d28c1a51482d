# gradients.gp - mean and standard deviation of each layer's batch gradients against the epoch, and their ratio.
#
# usage: gnuplot -c gradients.gp gradients.tsv gradients.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# Frobenius norms over the weights of a layer, log-log, as in figure 4 of Shwartz-Ziv & Tishby (2017). Geometric means
# over repeats. Where the ratio falls below 1, noise outweighs drift.
# The table has a head line and one row a layer and epoch; an empty line ends a layer, two end a panel. Columns:
#   panel, layer, label, epoch, mean, std, ratio, ratio_low, ratio_high, repeats, least_test_loss_epoch

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("gradients.gp")]
load here.'style.gp'

columns = "panel layer label epoch mean std ratio ratio_low ratio_high least_test_loss_epoch"
load here.'columns.gp'

lowest_norm = 1e300; highest_norm = 0.0; lowest_ratio = 0.5; highest_ratio = 2.0
or_ratio(c) = column(valid(c) ? c : c_ratio)
least_of(low, c) = valid(c) && column(c) > 0 ? min(low, column(c)) : low
most_of(high, c) = valid(c) ? max(high, column(c)) : high
stats data skip 1 using (lowest_norm = least_of(least_of(lowest_norm, c_mean), c_std), \
  highest_norm = most_of(most_of(highest_norm, c_mean), c_std), lowest_ratio = least_of(least_of(lowest_ratio, c_ratio), c_ratio_low), \
  highest_ratio = most_of(most_of(highest_ratio, c_ratio), c_ratio_high), 0) nooutput
if (highest_norm <= 0) { lowest_norm = 0.1; highest_norm = 1.0 }
stats data skip 1 using c_epoch nooutput
n_cells = STATS_blocks; n_quantities = 3
load here.'labels.gp'

most_columns = 4
panel_width = n_cells == 1 ? 480 : 300; panel_height = 170
left = 85; right = 145; top = 40; bottom = 60; gap_x = 25; gap_y = 30
key_dash(k) = layer_dash(k)
load here.'grid.gp'

load here.'epochs.gp'
set logscale y
array names[3] = ["gradient: mean", "gradient: std", "mean / std"]
if (is_text) { do for [q = 1:3] { names[q] = names[q]." of layers A, B, ..." } }
name_x = "epoch"

set multiplot
do for [cell = 0:n_cells - 1] {
  stats data skip 1 index cell using (title = strcol(c_panel), best_epoch = or_nan(c_least_test_loss_epoch), 1) nooutput
  do for [quantity = 0:2] {
    name_y = names[quantity + 1]
    load here.'panel.gp'
    load here.'best.gp'
    if (across == 0) { set ytics format (is_text ? "%g" : "10^{%L}") enhanced }
    if (quantity < 2) { set yrange [0.8 * lowest_norm:1.25 * highest_norm] } else { set yrange [0.8 * lowest_ratio:1.25 * highest_ratio] }
    if (quantity == 2) { set arrow 1 from graph 0,first 1 to graph 1,first 1 nohead back lc rgb grey dt 3 }
    c = quantity == 0 ? c_mean : quantity == 1 ? c_std : c_ratio
    if (is_text) {
      plot for [k = 1:n_layers] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c)) \
        with points pt k
    } else {
      m = layers_of[cell + 1]
      plot for [k = 1:(quantity == 2 ? m : 0)] data skip 1 index cell every :::k-1::k-1 \
             using (at_epoch(column(c_epoch))):(or_ratio(c_ratio_low)):(or_ratio(c_ratio_high)) \
             with filledcurves lc rgb faint(layer_color(place_of(k, cell))) notitle, \
           for [k = 1:m] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c)) \
             with lines lw 1.5 dt layer_dash(place_of(k, cell)) lc rgb layer_color(place_of(k, cell)) notitle, \
           for [k = 1:n_layers] keyentry with lines lw 1.5 dt layer_dash(k) lc rgb layer_color(k) \
             title (cell == 0 && quantity == 0 ? layer_label[k] : "")
    }
  }
}
unset multiplot
if (out ne "") { unset output }
