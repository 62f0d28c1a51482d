# layers.gp - I(X;T) and I(T;Y) of every layer against the epoch: the mean over repeats, and a band of one standard deviation.
#
# usage: gnuplot -c layers.gp layers.tsv layers.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a layer and epoch; an empty line ends a layer, two end a panel. Columns:
#   1 panel  2 layer  3 label  4 epoch  5 ixt_bits  6 ixt_sd  7 ity_bits  8 ity_sd  9 repeats  10 hx_bits  11 hy_bits
#   12 estimator  13 ity_test_bits  14 bound  15 flags  16 note
# Hollow: bounds (14 is 1), of I(T;Y) those of the training samples, and dashed those of the test samples (13). Crossed:
# flags.

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
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
key_shift = 35; estimator_column = 12; note_column = 16
every_nth(e) = int(e) % max(1, int(n_epochs / 25)) == 0 # epochs that get a symbol
load here.'grid.gp'

epoch_column = 4
load here.'epochs.gp'
array names[2] = ["I(X;T)  [bits]", "I(T;Y)  [bits]"]
if (is_text) { names[1] = "I(X;T) in bits of layers A, B, ..."; names[2] = "I(T;Y) in bits of layers A, B, ..." }
name_x = "epoch"

set multiplot
do for [cell = 0:n_cells - 1] {
  do for [quantity = 0:1] {
    hx = NaN; hy = NaN; n_epochs = 0
    stats data skip 1 index cell using (title = strcol(1), hx = valid(10) ? $10 : NaN, hy = valid(11) ? $11 : NaN, n_epochs = max(n_epochs, column(0)), 0) nooutput
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
      m = layers_of[cell + 1]
      plot for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 \
             using (at_epoch($4)):(max(0, column(c) - or_zero(c + 1))):(column(c) + or_zero(c + 1)) \
             with filledcurves lc rgb faint(layer_color(place_of(k, cell))) notitle, \
           for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 using (at_epoch($4)):(column(c)) \
             with lines lw 1.5 lc rgb layer_color(place_of(k, cell)) notitle, \
           for [k = 1:quantity*m] data skip 1 index cell every :::k-1::k-1 using (at_epoch($4)):13 \
             with lines lw 1 dt 2 lc rgb layer_color(place_of(k, cell)) notitle, \
           for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 \
             using (at_epoch($4)):($14 == 1 && every_nth($0) ? column(c) : NaN) \
             with points pt 6 ps 0.5 lc rgb layer_color(place_of(k, cell)) notitle, \
           data skip 1 index cell using (at_epoch($4)):(strcol(15) ne "-" && every_nth($0) ? column(c) : NaN) \
             with points pt 2 ps 0.45 lw 0.7 lc rgb "black" notitle, \
           for [k = 1:n_layers] keyentry with lines lw 1.5 lc rgb layer_color(k) \
             title (cell == 0 && quantity == 0 ? layer_label[k] : "")
    }
  }
}
unset multiplot
if (out ne "") { unset output }
