# repeats.gp - I(X;T) and I(T;Y) of every layer against the epoch: every run a faint line, their mean in front.
#
# usage: gnuplot -c repeats.gp repeats.tsv repeats.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row an epoch; an empty line ends a layer of a run; two end the runs of a panel, and
# again its means, which are run 0. Columns:
#   panel, layer, label, run, epoch, ixt_bits, ity_bits, hx_bits, hy_bits, estimator, least_test_loss_epoch, bound, flags, note
# Crossed: means of which a run has flags (s saturated, d data processing inequality, c clipped, b bins lose predictions).

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("repeats.gp")]
load here.'style.gp'

columns = "panel layer label epoch ixt_bits ity_bits hx_bits hy_bits estimator least_test_loss_epoch flags note"
load here.'columns.gp'

array highest[2]
stats data skip 1 using (max(or_zero(c_ixt_bits), or_zero(c_hx_bits))) nooutput
highest[1] = STATS_max > 0 ? 1.04 * STATS_max : 1
stats data skip 1 using (max(or_zero(c_ity_bits), or_zero(c_hy_bits))) nooutput
highest[2] = STATS_max > 0 ? 1.04 * STATS_max : 1
stats data skip 1 using c_layer nooutput
n_cells = STATS_blocks / 2; n_quantities = 2
sets_per_cell = 2
load here.'labels.gp'

most_columns = 4
panel_width = n_cells == 1 ? 480 : 300; panel_height = 210
left = 75; right = 175; top = 40; bottom = 60; gap_x = 25; gap_y = 30
key_shift = 35; estimator_column = c_estimator; note_column = c_note
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
    stats data skip 1 index 2*cell using (title = strcol(c_panel), best_epoch = or_nan(c_least_test_loss_epoch), hx = or_nan(c_hx_bits), hy = or_nan(c_hy_bits), \
      0) nooutput
    stats data skip 1 index 2*cell+1 using (n_epochs = max(n_epochs, column(0)), 0) nooutput
    name_y = names[quantity + 1]
    load here.'panel.gp'
    load here.'best.gp'
    set yrange [0:highest[quantity + 1]]
    limit = quantity == 0 ? hx : hy
    limit_name = quantity == 0 ? "H(X)" : "H(Y)"
    load here.'limit.gp'
    c = quantity == 0 ? c_ixt_bits : c_ity_bits
    if (is_text) {
      plot data skip 1 index 2*cell using (at_epoch(column(c_epoch))):(column(c)):c_layer with points pt variable
    } else {
      plot data skip 1 index 2*cell \
        using (at_epoch(column(c_epoch))):(column(c)):(0x90 << 24 | layer_color(place_of(column(c_layer), cell))) \
             with lines lw 0.4 lc rgb variable notitle, \
           for [k = 1:layers_of[cell + 1]] data skip 1 index 2*cell+1 every :::k-1::k-1 \
             using (at_epoch(column(c_epoch))):(column(c)) \
             with lines lw 2.2 dt layer_dash(place_of(k, cell)) lc rgb layer_color(place_of(k, cell)) notitle, \
           data skip 1 index 2*cell+1 \
             using (at_epoch(column(c_epoch))):(strcol(c_flags) eq "-" ? NaN : cross_due(column(-1), column(0), n_epochs / 25) ? column(c) : NaN) \
             with points pt 2 ps 0.45 lw 0.7 lc rgb "black" notitle, \
           for [k = 1:n_layers] keyentry with lines lw 2.2 dt layer_dash(k) lc rgb layer_color(k) \
             title (cell == 0 && quantity == 0 ? layer_label[k] : "")
    }
  }
}
unset multiplot
if (out ne "") { unset output }
