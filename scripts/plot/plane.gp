# plane.gp - the information plane: every layer's way through training, I(X;T) across and I(T;Y) up, coloured by epoch.
#
# usage: gnuplot -c plane.gp plane.tsv plane.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a layer and epoch; an empty line ends an epoch, two end a panel. Columns:
#   1 panel  2 epoch  3 layer  4 mark  5 ixt_bits  6 ity_bits  7 ixt_sd  8 ity_sd  9 repeats  10 hx_bits  11 hy_bits
#   12 estimator  13 run  14 bound  15 flags  16 note
# Rows of run 0 are means over the repeats, with lines that join the layers of an epoch; `mark` names the layers at their
# last epoch. Rows of other runs, an empty line before each layer of each, are thin lines. Hollow: bounds (14 is 1).
# Crossed: flags (15: s saturated, d data processing inequality, c clipped).
# Grey: what no layer can reach, for I(T;Y) is at most H(Y) and at most I(X;T).

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
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
left = 75; right = 120; top = 40; bottom = 60; gap_x = 25; gap_y = 45
has_colorbox = 1; estimator_column = 12; note_column = 16
least_panel = 200
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
set cblabel "epoch" offset (is_narrow ? 0 : 0.5),0
unset key
if (is_text) { unset colorbox }

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  hx = NaN; hy = NaN
  stats data skip 1 index cell using (title = strcol(1), hx = valid(10) ? $10 : NaN, hy = valid(11) ? $11 : NaN, 0) nooutput
  n_epochs = 1 # crosses at about 30 of them
  stats data skip 1 index cell using (n_epochs = $13 == 0 ? int(column(-1)) + 1 : n_epochs, 0) nooutput
  nth = max(1, n_epochs / 30)
  load here.'panel.gp'
  if (is_text) {
    plot data skip 1 index cell using 5:($13 == 0 ? $6 : NaN):3 with points pointtype variable
  } else {
    load here.'reach.gp'
    plot data skip 1 index cell using 5:($13 == 0 ? $6 : NaN):(0xB8 << 24 | shade(position_of($2))) with lines lw 0.5 lc rgb variable, \
         data skip 1 index cell using 5:($13 > 0 ? $6 : NaN) with lines lw 0.6 lc rgb run_rgb, \
         data skip 1 index cell using 5:($13 > 0 && $2 == last_epoch ? $6 : NaN) with points pt 6 ps 0.5 lw 0.6 lc rgb run_rgb, \
         data skip 1 index cell using 5:($13 == 0 && $14 == 0 ? $6 : NaN):(shade(position_of($2))) with points pt 7 ps 0.45 lc rgb variable, \
         data skip 1 index cell using 5:($13 == 0 && $14 == 1 ? $6 : NaN):(shade(position_of($2))) with points pt 6 ps 0.55 lc rgb variable, \
         data skip 1 index cell using 5:(strcol(15) eq "-" || int(column(-1)) % nth ? NaN : $6) with points pt 2 ps 0.35 lw 0.6 lc rgb "black", \
         data skip 1 index cell every :::0::0 using 5:6:(at_epoch($2)) with dots lc palette, \
         data skip 1 index cell using 5:($13 > 0 || strcol(4) eq "" ? NaN : $6):4 with labels noenhanced offset 0.8,-0.8 font middle_font tc rgb "black"
    unset colorbox
  }
}
unset multiplot
if (out ne "") { unset output }
