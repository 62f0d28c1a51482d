# repeats.gp - I(X;T) and I(T;Y) of every layer against the epoch: every run a faint line, their mean in front.
#
# usage: gnuplot -c repeats.gp repeats.tsv repeats.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row an epoch; an empty line ends a layer of a run; two end the runs of a panel, and
# again its means, which are run 0. Columns:
#   1 panel  2 layer  3 label  4 run  5 epoch  6 ixt_bits  7 ity_bits  8 hx_bits  9 hy_bits  10 estimator  11 bound  12 note

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("repeats.gp")]
load here.'style.gp'

array highest[2]
stats data skip 1 using (max(or_zero(6), or_zero(8))) nooutput
highest[1] = STATS_max > 0 ? 1.04 * STATS_max : 1
stats data skip 1 using (max(or_zero(7), or_zero(9))) nooutput
highest[2] = STATS_max > 0 ? 1.04 * STATS_max : 1
stats data skip 1 using 2 nooutput
n_cells = STATS_blocks / 2; n_quantities = 2
layer_column = 2; label_column = 3; sets_per_cell = 2
load here.'labels.gp'

most_columns = 4
panel_width = n_cells == 1 ? 480 : 300; panel_height = 210
left = 75; right = 175; top = 40; bottom = 60; gap_x = 25; gap_y = 30
key_shift = 35; estimator_column = 10; note_column = 12
load here.'grid.gp'

epoch_column = 5
load here.'epochs.gp'
array names[2] = ["I(X;T)  [bits]", "I(T;Y)  [bits]"]
if (is_text) { names[1] = "I(X;T) in bits of layers A, B, ..."; names[2] = "I(T;Y) in bits of layers A, B, ..." }
name_x = "epoch"

set multiplot
do for [cell = 0:n_cells - 1] {
  do for [quantity = 0:1] {
    hx = NaN; hy = NaN
    stats data skip 1 index 2*cell using (title = strcol(1), hx = valid(8) ? $8 : NaN, hy = valid(9) ? $9 : NaN, 0) nooutput
    name_y = names[quantity + 1]
    load here.'panel.gp'
    set yrange [0:highest[quantity + 1]]
    limit = quantity == 0 ? hx : hy
    limit_name = quantity == 0 ? "H(X)" : "H(Y)"
    load here.'limit.gp'
    c = 6 + quantity
    if (is_text) {
      plot data skip 1 index 2*cell using (at_epoch($5)):(column(c)):2 with points pt variable
    } else {
      plot data skip 1 index 2*cell using (at_epoch($5)):(column(c)):(0x90 << 24 | layer_color(place_of($2, cell))) \
             with lines lw 0.4 lc rgb variable notitle, \
           for [k = 1:layers_of[cell + 1]] data skip 1 index 2*cell+1 every :::k-1::k-1 using (at_epoch($5)):(column(c)) \
             with lines lw 2.2 lc rgb layer_color(place_of(k, cell)) notitle, \
           for [k = 1:n_layers] keyentry with lines lw 2.2 lc rgb layer_color(k) \
             title (cell == 0 && quantity == 0 ? layer_label[k] : "")
    }
  }
}
unset multiplot
if (out ne "") { unset output }
