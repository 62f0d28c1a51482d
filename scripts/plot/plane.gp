# plane.gp - the information plane: every layer's way through training, I(X;T) across and I(T;Y) up, coloured by epoch.
#
# usage: gnuplot -c plane.gp plane.tsv plane.svg [svg|png|pdf|dumb] [COLUMNS LINES]
#
# The table has a head line and one row a layer and epoch; an empty line ends an epoch, two end a panel. Columns:
#   1 panel  2 epoch  3 layer  4 mark  5 ixt_bits  6 ity_bits  7 ixt_sd  8 ity_sd  9 repeats  10 hx_bits  11 hy_bits
#   12 estimator
# Values are means over the repeats. Lines join the layers of an epoch; `mark` names the layers at their last epoch.
# Grey: what no layer can reach, for I(T;Y) is at most H(Y) and at most I(X;T).

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
text_columns = ARGC > 3 ? int(ARG4) : 80; text_lines = ARGC > 4 ? int(ARG5) : 24
here = ARG0[1:strlen(ARG0) - strlen("plane.gp")]
load here.'style.gp'

stats data skip 1 using (max(or_zero(5), or_zero(10))) nooutput
highest_x = STATS_max > 0 ? 1.05 * STATS_max : 1
stats data skip 1 using (max(or_zero(6), or_zero(11))) nooutput
highest_y = STATS_max > 0 ? 1.08 * STATS_max : 1
stats data skip 1 using 2 nooutput
n_cells = STATS_blocks; n_quantities = 1

most_columns = n_cells == 4 ? 2 : 3
panel_width = n_cells == 1 ? 560 : 330; panel_height = n_cells == 1 ? 400 : 260
left = 75; right = 105; top = 40; bottom = 60; gap_x = 25; gap_y = 45
load here.'grid.gp'

epoch_column = 2
load here.'epochs.gp'
epochs_across = 0
unset logscale x
set xtics autofreq
set xrange [0:highest_x]
set yrange [0:highest_y]
name_x = "I(X;T)  [bits]"
name_y = is_text ? "I(T;Y) in bits of layers A, B, ..." : "I(T;Y)  [bits]"
set cblabel "epoch" offset 0.5,0
unset key
if (is_text) { unset colorbox }

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  hx = NaN; hy = NaN
  stats data skip 1 index cell using (title = strcol(1), hx = valid(10) ? $10 : NaN, hy = valid(11) ? $11 : NaN, estimator = strcol(12), 0) nooutput
  load here.'panel.gp'
  if (is_text) {
    plot data skip 1 index cell using 5:6:3 with points pointtype variable
  } else {
    load here.'reach.gp'
    plot data skip 1 index cell using 5:6:(0xB0 << 24 | shade(position_of($2))) with lines lw 0.5 lc rgb variable, \
         data skip 1 index cell using 5:6:(shade(position_of($2))) with points pt 7 ps 0.45 lc rgb variable, \
         data skip 1 index cell every :::0::0 using 5:6:(at_epoch($2)) with dots lc palette, \
         data skip 1 index cell using 5:6:4 with labels noenhanced offset 0.8,-0.8 font ",9" tc rgb "black"
    unset colorbox
  }
}
unset multiplot
if (out ne "") { unset output }
