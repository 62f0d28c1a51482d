# snapshots.gp - the plane at three moments of training, the first, a middle and the last: every run a dot for each layer.
#
# usage: gnuplot -c snapshots.gp snapshots.tsv snapshots.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a layer and run; an empty line ends a layer, two end a moment; every panel has
# three moments. Columns:
#   panel, epoch, layer, label, run, ixt_bits, ity_bits, hx_bits, hy_bits, estimator, bound, flags, note
# Hollow: bounds (bound is 1). Crossed: flags (s saturated, d data processing inequality, c clipped, b bins lose predictions).
# Grey: what no layer can reach, for I(T;Y) is at most H(Y) and at most I(X;T).

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("snapshots.gp")]
load here.'style.gp'

columns = "panel epoch layer label ixt_bits ity_bits hx_bits hy_bits estimator bound flags note"
load here.'columns.gp'

stats data skip 1 using (max(or_zero(c_ixt_bits), or_zero(c_hx_bits))) nooutput
highest_x = STATS_max > 0 ? 1.05 * STATS_max : 1
stats data skip 1 using (max(or_zero(c_ity_bits), or_zero(c_hy_bits))) nooutput
highest_y = STATS_max > 0 ? 1.08 * STATS_max : 1
stats data skip 1 using c_epoch nooutput
n_cells = STATS_blocks; n_quantities = 1
estimator_column = c_estimator; note_column = c_note; title_extra = 16
load here.'labels.gp'

most_columns = 3
panel_width = 300; panel_height = 240
left = 75; right = 145; top = 40; bottom = 60; gap_x = 25; gap_y = 45
key_point(k) = layer_point(k)
load here.'grid.gp'

set xrange [0:highest_x]
set yrange [0:highest_y]
name_x = "I(X;T)  [bits]"
name_y = is_text ? "I(T;Y) in bits of layers A, B, ..." : "I(T;Y)  [bits]"

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  hx = NaN; hy = NaN
  stats data skip 1 index cell using (title = strcol(c_panel), epoch = column(c_epoch), hx = or_nan(c_hx_bits), \
    hy = or_nan(c_hy_bits), 0) nooutput
  title = (title eq "" ? "" : title.", ").sprintf("epoch %d", epoch)
  load here.'panel.gp'
  if (is_text) {
    plot data skip 1 index cell using c_ixt_bits:c_ity_bits:c_layer with points pointtype variable
  } else {
    load here.'reach.gp'
    m = layers_of[cell + 1]
    plot for [k = 1:m] data skip 1 index cell every :::k-1::k-1 \
      using c_ixt_bits:(column(c_bound) == 0 ? column(c_ity_bits) : NaN) \
           with points pt layer_point(place_of(k, cell)) ps 0.65 lc rgb (0x40 << 24 | layer_color(place_of(k, cell))) notitle, \
         for [k = 1:m] data skip 1 index cell every :::k-1::k-1 \
           using c_ixt_bits:(column(c_bound) == 1 ? column(c_ity_bits) : NaN) \
           with points pt layer_ring(place_of(k, cell)) ps 0.65 lc rgb layer_color(place_of(k, cell)) notitle, \
         data skip 1 index cell using c_ixt_bits:(strcol(c_flags) eq "-" ? NaN : column(c_ity_bits)) \
           with points pt 2 ps 0.35 lw 0.6 lc rgb "black" notitle, \
         for [k = 1:n_layers] keyentry with points pt layer_point(k) ps 0.9 lc rgb layer_color(k) \
           title (cell == 0 ? layer_label[k] : "")
  }
}
unset multiplot
if (out ne "") { unset output }
