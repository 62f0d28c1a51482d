# geometry.gp - I(X;T) of every layer against the epoch, and below it NC1 and the effective rank: means over repeats, and a
# band of one standard deviation.
#
# usage: gnuplot -c geometry.gp geometry.tsv geometry.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a layer and epoch; an empty line ends a layer, two end a panel. Columns:
#   panel, layer, label, epoch, ixt_bits, ixt_sd, ity_bits, ity_sd, repeats, hx_bits, hy_bits, estimator, nc1, nc1_sd,
#   effective_rank, effective_rank_sd, least_test_loss_epoch, bound, flags, note
# Hollow: bounds (bound is 1). NC1 has a logarithmic axis if its values span a decade.

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("geometry.gp")]
load here.'style.gp'

columns = "panel layer label epoch ixt_bits ixt_sd hx_bits estimator nc1 nc1_sd effective_rank effective_rank_sd least_test_loss_epoch bound" \
  ." flags note"
load here.'columns.gp'
array mean_of[3] = [c_ixt_bits, c_nc1, c_effective_rank]
array sd_of[3] = [c_ixt_sd, c_nc1_sd, c_effective_rank_sd]

array low[3] = [1e300, 1e300, 1e300]
array high[3] = [0, 0, 0]
do for [q = 1:3] {
  c = mean_of[q]; sd = sd_of[q]
  stats data skip 1 using (valid(c) ? (low[q] = column(c) > 0 ? min(low[q], column(c)) : low[q], \
    high[q] = max(high[q], column(c) + or_zero(sd))) : 0, 0) nooutput
}
stats data skip 1 using (high[1] = max(high[1], or_zero(c_hx_bits)), 0) nooutput
do for [q = 1:3] { if (high[q] <= 0) { high[q] = 1 } }
nc1_is_log = low[2] < 1e300 && high[2] > 10 * low[2]
stats data skip 1 using c_epoch nooutput
n_cells = STATS_blocks; n_quantities = 3
load here.'labels.gp'

most_columns = 4
panel_width = n_cells == 1 ? 480 : 300; panel_height = 170
left = 85; right = 175; top = 40; bottom = 60; gap_x = 25; gap_y = 30
key_shift = 35; estimator_column = c_estimator; note_column = c_note
every_nth(e) = int(e) % max(1, int(n_epochs / 25)) == 0 # epochs that get a symbol
key_dash(k) = layer_dash(k)
load here.'grid.gp'

load here.'epochs.gp'
array names[3] = ["I(X;T)  [bits]", "NC1", "effective rank"]
if (is_text) {
  names[1] = "I(X;T) in bits of layers A, B, ..."; names[2] = "NC1 of layers A, B, ..."
  names[3] = "effective rank of layers A, B, ..."
}
name_x = "epoch"

set multiplot
do for [cell = 0:n_cells - 1] {
  do for [quantity = 0:2] {
    hx = NaN; n_epochs = 0
    stats data skip 1 index cell using (title = strcol(c_panel), best_epoch = or_nan(c_least_test_loss_epoch), hx = or_nan(c_hx_bits), \
      n_epochs = max(n_epochs, column(0)), 0) nooutput
    name_y = names[quantity + 1]
    load here.'panel.gp'
    load here.'best.gp'
    is_log = quantity == 1 && nc1_is_log
    if (is_log) {
      set logscale y
      set yrange [0.8 * low[2]:1.25 * high[2]]
    } else {
      unset logscale y
      set yrange [0:1.04 * high[quantity + 1]]
    }
    if (quantity == 0) {
      limit = hx; limit_name = "H(X)"
      load here.'limit.gp'
    }
    c = mean_of[quantity + 1]; sd = sd_of[quantity + 1]
    lowest = is_log ? 0.8 * low[2] : 0
    if (is_text) {
      plot for [k = 1:n_layers] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c)) \
             with points pt k
    } else {
      m = layers_of[cell + 1]
      plot for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 \
             using (at_epoch(column(c_epoch))):(max(lowest, band_low(column(c), or_zero(sd), is_log))):(column(c) + or_zero(sd)) \
             with filledcurves lc rgb faint(layer_color(place_of(k, cell))) notitle, \
           for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c)) \
             with lines lw 1.5 dt layer_dash(place_of(k, cell)) lc rgb layer_color(place_of(k, cell)) notitle, \
           for [k = m:(quantity == 0 ? 1 : m + 1):-1] data skip 1 index cell every :::k-1::k-1 \
             using (at_epoch(column(c_epoch))):(column(c_bound) == 1 && every_nth($0) ? column(c) : NaN) \
             with points pt 6 ps 0.5 lc rgb layer_color(place_of(k, cell)) notitle, \
           data skip 1 index cell \
             using (at_epoch(column(c_epoch))):(quantity > 0 || strcol(c_flags) eq "-" ? NaN : \
               cross_due(column(-1), column(0), n_epochs / 25) ? column(c) : NaN) \
             with points pt 2 ps 0.45 lw 0.7 lc rgb "black" notitle, \
           for [k = 1:n_layers] keyentry with lines lw 1.5 dt layer_dash(k) lc rgb layer_color(k) \
             title (cell == 0 && quantity == 0 ? layer_label[k] : "")
    }
  }
}
unset multiplot
if (out ne "") { unset output }
