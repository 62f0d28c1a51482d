# layers.gp - I(X;T) and I(T;Y) of every layer against the epoch: the mean over repeats, and a band of one standard deviation.
#
# usage: gnuplot -c layers.gp layers.tsv layers.svg [svg|png|pdf|dumb] [COLUMNS LINES]
#
# The table has a head line and one row a layer and epoch; an empty line ends a layer, two end a panel. Columns:
#   1 panel  2 layer  3 label  4 epoch  5 ixt_bits  6 ixt_sd  7 ity_bits  8 ity_sd  9 repeats  10 hx_bits  11 hy_bits
#   12 estimator

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
text_columns = ARGC > 3 ? int(ARG4) : 80; text_lines = ARGC > 4 ? int(ARG5) : 24
here = ARG0[1:strlen(ARG0) - strlen("layers.gp")]
load here.'style.gp'

array highest[2]
stats data skip 1 using (max(or_zero(5) + or_zero(6), or_zero(10))) nooutput
highest[1] = STATS_max > 0 ? 1.04 * STATS_max : 1
stats data skip 1 using (max(or_zero(7) + or_zero(8), or_zero(11))) nooutput
highest[2] = STATS_max > 0 ? 1.04 * STATS_max : 1
stats data skip 1 using 2 nooutput
n_cells = STATS_blocks; n_quantities = 2
layer_column = 2; label_column = 3
load here.'labels.gp'

most_columns = 4
panel_width = n_cells == 1 ? 480 : 300; panel_height = 210
left = 75; right = 175; top = 40; bottom = 60; gap_x = 25; gap_y = 30
key_shift = 35
load here.'grid.gp'

epoch_column = 4
load here.'epochs.gp'
array names[2] = ["I(X;T)  [bits]", "I(T;Y)  [bits]"]
if (is_text) { names[1] = "I(X;T) in bits of layers A, B, ..."; names[2] = "I(T;Y) in bits of layers A, B, ..." }
name_x = "epoch"

set multiplot
do for [cell = 0:n_cells - 1] {
  do for [quantity = 0:1] {
    hx = NaN; hy = NaN
    stats data skip 1 index cell using (title = strcol(1), hx = valid(10) ? $10 : NaN, hy = valid(11) ? $11 : NaN, estimator = strcol(12), 0) nooutput
    name_y = names[quantity + 1]
    load here.'panel.gp'
    set yrange [0:highest[quantity + 1]]
    limit = quantity == 0 ? hx : hy
    limit_name = quantity == 0 ? "H(X)" : "H(Y)"
    load here.'limit.gp'
    c = 5 + 2 * quantity
    if (is_text) {
      plot for [k = 1:n_layers] data skip 1 index cell every :::k-1::k-1 using (at_epoch($4)):(column(c)) \
             with points pt k
    } else {
      plot for [k = 1:n_layers] data skip 1 index cell every :::k-1::k-1 \
             using (at_epoch($4)):(max(0, column(c) - or_zero(c + 1))):(column(c) + or_zero(c + 1)) \
             with filledcurves lc rgb faint(layer_color(k)) notitle, \
           for [k = 1:n_layers] data skip 1 index cell every :::k-1::k-1 using (at_epoch($4)):(column(c)) \
             with lines lw 1.5 lc rgb layer_color(k) notitle, \
           for [k = 1:n_layers] keyentry with lines lw 1.5 lc rgb layer_color(k) \
             title (cell == 0 && quantity == 0 ? layer_label[k] : "")
    }
  }
}
unset multiplot
if (out ne "") { unset output }
