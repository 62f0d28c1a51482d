# layers.gp - I(X;T) and I(T;Y) of every layer against the epoch: the mean over repeats, and a band of one standard deviation,
# or that of an estimator whose result is a band (ixt_low ...).
#
# usage: gnuplot -c layers.gp layers.tsv layers.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a layer and epoch; an empty line ends a layer, two end a panel. Columns:
#   panel, layer, label, epoch, ixt_bits, ixt_sd, ity_bits, ity_sd, repeats, hx_bits, hy_bits,
#   estimator, ity_test_bits, ixt_low, ixt_high, ity_low, ity_high, least_test_loss_epoch, bound, flags, note
# Hollow: bounds (bound is 1), of I(T;Y) those of the training samples, and dashed those of the test samples
# (ity_test_bits). Crossed: flags.

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("layers.gp")]
load here.'style.gp'

columns = "panel layer label epoch ixt_bits ixt_sd ity_bits ity_sd hx_bits hy_bits estimator ity_test_bits ixt_low" \
  ." ixt_high ity_low ity_high least_test_loss_epoch bound flags note"
load here.'columns.gp'

band_low(c, sd, low) = valid(low) ? column(low) : max(0, column(c) - or_zero(sd))
band_high(c, sd, high) = valid(high) ? column(high) : or_zero(c) + or_zero(sd)

array highest[2]
stats data skip 1 using (max(band_high(c_ixt_bits, c_ixt_sd, c_ixt_high), or_zero(c_hx_bits))) nooutput
highest[1] = STATS_max > 0 ? 1.04 * STATS_max : 1
stats data skip 1 using (max(band_high(c_ity_bits, c_ity_sd, c_ity_high), or_zero(c_hy_bits))) nooutput
highest[2] = STATS_max > 0 ? 1.04 * STATS_max : 1
stats data skip 1 using c_layer nooutput
n_cells = STATS_blocks; n_quantities = 2
load here.'labels.gp'

most_columns = 4
panel_width = n_cells == 1 ? 480 : 300; panel_height = 210
left = 75; right = 175; top = 40; bottom = 60; gap_x = 25; gap_y = 30
key_shift = 35; estimator_column = c_estimator; note_column = c_note
every_nth(e) = int(e) % max(1, int(n_epochs / 25)) == 0 # epochs that get a symbol
key_dash(k) = layer_dash(k)
load here.'grid.gp'

load here.'epochs.gp'
array names[2] = ["I(X;T)  [bits]", "I(T;Y)  [bits]"]
if (is_text) { names[1] = "I(X;T) in bits of layers A, B, ..."; names[2] = "I(T;Y) in bits of layers A, B, ..." }
name_x = "epoch"

set multiplot
do for [cell = 0:n_cells - 1] {
  do for [quantity = 0:1] {
    hx = NaN; hy = NaN; n_epochs = 0
    stats data skip 1 index cell using (title = strcol(c_panel), best_epoch = or_nan(c_least_test_loss_epoch), hx = or_nan(c_hx_bits), hy = or_nan(c_hy_bits), \
      n_epochs = max(n_epochs, column(0)), 0) nooutput
    name_y = names[quantity + 1]
    load here.'panel.gp'
    load here.'best.gp'
    set yrange [0:highest[quantity + 1]]
    limit = quantity == 0 ? hx : hy
    limit_name = quantity == 0 ? "H(X)" : "H(Y)"
    load here.'limit.gp'
    c = quantity == 0 ? c_ixt_bits : c_ity_bits
    sd = quantity == 0 ? c_ixt_sd : c_ity_sd
    low = quantity == 0 ? c_ixt_low : c_ity_low
    high = quantity == 0 ? c_ixt_high : c_ity_high
    if (is_text) {
      plot for [k = 1:n_layers] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c)) \
             with points pt k
    } else {
      m = layers_of[cell + 1]
      plot for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 \
             using (at_epoch(column(c_epoch))):(band_low(c, sd, low)):(valid(c) ? band_high(c, sd, high) : NaN) \
             with filledcurves lc rgb faint(layer_color(place_of(k, cell))) notitle, \
           for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c)) \
             with lines lw 1.5 dt layer_dash(place_of(k, cell)) lc rgb layer_color(place_of(k, cell)) notitle, \
           for [k = 1:quantity*m] data skip 1 index cell every :::k-1::k-1 \
             using (at_epoch(column(c_epoch))):c_ity_test_bits \
             with lines lw 1 dt 2 lc rgb layer_color(place_of(k, cell)) notitle, \
           for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 \
             using (at_epoch(column(c_epoch))):(column(c_bound) == 1 && every_nth($0) ? column(c) : NaN) \
             with points pt 6 ps 0.5 lc rgb layer_color(place_of(k, cell)) notitle, \
           data skip 1 index cell \
             using (at_epoch(column(c_epoch))):(strcol(c_flags) eq "-" ? NaN : cross_due(column(-1), column(0), n_epochs / 25) ? column(c) : NaN) \
             with points pt 2 ps 0.45 lw 0.7 lc rgb "black" notitle, \
           for [k = 1:n_layers] keyentry with lines lw 1.5 dt layer_dash(k) lc rgb layer_color(k) \
             title (cell == 0 && quantity == 0 ? layer_label[k] : "")
    }
  }
}
unset multiplot
if (out ne "") { unset output }
