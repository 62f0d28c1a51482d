# snapshots.gp - the plane at three moments of training, the first, a middle and the last: every run a dot for each layer.
#
# usage: gnuplot -c snapshots.gp snapshots.tsv snapshots.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a layer and run; an empty line ends a layer, two end a moment; every panel has
# three moments. Columns:
#   1 panel  2 epoch  3 layer  4 label  5 run  6 ixt_bits  7 ity_bits  8 hx_bits  9 hy_bits  10 estimator
# Grey: what no layer can reach, for I(T;Y) is at most H(Y) and at most I(X;T).

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("snapshots.gp")]
load here.'style.gp'

stats data skip 1 using (max(or_zero(6), or_zero(8))) nooutput
highest_x = STATS_max > 0 ? 1.05 * STATS_max : 1
stats data skip 1 using (max(or_zero(7), or_zero(9))) nooutput
highest_y = STATS_max > 0 ? 1.08 * STATS_max : 1
stats data skip 1 using 2 nooutput
n_cells = STATS_blocks; n_quantities = 1
layer_column = 3; label_column = 4; estimator_column = 10; note_column = 12; title_extra = 16
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
  stats data skip 1 index cell using (title = strcol(1), epoch = column(2), hx = valid(8) ? $8 : NaN, hy = valid(9) ? $9 : NaN, 0) nooutput
  title = (title eq "" ? "" : title.", ").sprintf("epoch %d", epoch)
  load here.'panel.gp'
  if (is_text) {
    plot data skip 1 index cell using 6:7:3 with points pointtype variable
  } else {
    load here.'reach.gp'
    m = layers_of[cell + 1]
    plot for [k = 1:m] data skip 1 index cell every :::k-1::k-1 using 6:($11 == 0 ? $7 : NaN) \
           with points pt layer_point(place_of(k, cell)) ps 0.65 lc rgb (0x40 << 24 | layer_color(place_of(k, cell))) notitle, \
         for [k = 1:m] data skip 1 index cell every :::k-1::k-1 using 6:($11 == 1 ? $7 : NaN) \
           with points pt layer_ring(place_of(k, cell)) ps 0.65 lc rgb layer_color(place_of(k, cell)) notitle, \
         for [k = 1:n_layers] keyentry with points pt layer_point(k) ps 0.9 lc rgb layer_color(k) \
           title (cell == 0 ? layer_label[k] : "")
  }
}
unset multiplot
if (out ne "") { unset output }
