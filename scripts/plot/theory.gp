# theory.gp - the layers on the plane under the curve that the Information Bottleneck allows, and their distances to it.
#
# usage: gnuplot -c theory.gp theory.tsv theory.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and two data sets a panel, each ended by two empty lines: the curve, and one row a layer and
# epoch with an empty line after each epoch. Columns:
#   panel, kind (curve, layer), epoch, layer, mark, beta, ixt_bits, ity_bits, distance_bits,
#   ity_gap_bits, ixy_bits, hx_bits, estimator, bound, note
# beta is that of the optimum, of a layer that of the nearest one. Values are means over the repeats. Nothing can be in
# the grey region: an estimate in it is wrong.

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("theory.gp")]
load here.'style.gp'

columns = "panel epoch layer mark beta ixt_bits ity_bits distance_bits ixy_bits estimator bound note"
load here.'columns.gp'

stats data skip 1 using (or_zero(c_ixt_bits)) nooutput
highest_x = STATS_max > 0 ? 1.05 * STATS_max : 1
stats data skip 1 using (max(or_zero(c_ity_bits), or_zero(c_ixy_bits))) nooutput
highest_y = STATS_max > 0 ? 1.08 * STATS_max : 1
stats data skip 1 using c_layer nooutput
n_cells = STATS_blocks / 2; n_quantities = 1
n_layers = int(STATS_max)

most_columns = n_cells == 4 ? 2 : 3
panel_width = n_cells == 1 ? 560 : 330; panel_height = n_cells == 1 ? 400 : 260
left = 75; right = n_cells == 1 ? 340 : 120; top = 40; bottom = 60; gap_x = 25; gap_y = 45
has_colorbox = 1; least_panel = 200; estimator_column = c_estimator; note_column = c_note
if (is_text) {
  sets_per_cell = 2; labels_at = 1
  load here.'numbers.gp'
}
load here.'grid.gp'

load here.'epochs.gp'
epochs_across = 0
unset logscale x
set xtics autofreq
set xrange [0:highest_x]
set yrange [0:highest_y]
set cbtics out
set cblabel "epoch" offset (is_narrow ? 0 : 0.5),0
unset key
if (is_text) { unset colorbox }
name_x = "I(X;T)  [bits]"
name_y = is_text ? "I(T;Y) in bits of layers A, B, ... under the curve *" : "I(T;Y)  [bits]"

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  ixy = NaN; top_beta = 0
  stats data skip 1 index 2*cell using (title = strcol(c_panel), ixy = column(c_ixy_bits), 0) nooutput
  load here.'panel.gp'
  if (is_text) {
    plot data skip 1 index 2*cell+1 using c_ixt_bits:c_ity_bits:c_layer with points pointtype variable, \
         data skip 1 index 2*cell using c_ixt_bits:c_ity_bits with lines
  } else {
    set label 2 "I(X;Y)" at graph 0.5,first ixy center front offset 0,0.5 font small_font textcolor rgb grey
    if (n_cells == 1 && !is_narrow) { # the table of distances
      x_text = (width - right + 110.0 * em) / width
      set label 10 "last epoch" at screen x_text,1 - (top + 8.0 * em) / height left
      set label 11 "layer" at screen x_text,1 - (top + 34.0 * em) / height left textcolor rgb grey
      set label 12 "distance" at screen x_text + 115.0 * em / width,1 - (top + 34.0 * em) / height right textcolor rgb grey
      set label 13 "nearest beta" at screen x_text + 210.0 * em / width,1 - (top + 34.0 * em) / height right textcolor rgb grey
      stats data skip 1 index 0 using (top_beta = valid(c_beta) && column(c_beta) < 1e300 \
        ? max(column(c_beta), top_beta) : top_beta, 0) nooutput
      do for [k = 1:n_layers] {
        distance = NaN; beta = NaN
        stats data skip 1 index 1 using (column(c_layer) == k ? (distance = or_nan(c_distance_bits), \
          beta = or_nan(c_beta), 0) : 0) nooutput
        y_text = 1 - (top + 34.0 * em + 20.0 * em * k) / height
        name = k == n_layers ? "output" : sprintf("%d", k)
        set label 20 + 3*k name at screen x_text,y_text left
        set label 21 + 3*k sprintf("%.3f bits", abs(distance) < 0.0005 ? 0 : distance) at screen x_text + 115.0 * em / width,y_text right
        set label 22 + 3*k sprintf(beta < top_beta ? "%.4g" : "at least %.4g", beta) at screen x_text + 210.0 * em / width,y_text right
      }
    }
    plot data skip 1 index 2*cell using c_ixt_bits:c_ity_bits \
      with filledcurves y1=highest_y fillcolor rgb pale fillstyle solid noborder, \
         data skip 1 index 2*cell using c_ixt_bits:c_ity_bits with lines lw 1.5 lc rgb "black", \
         data skip 1 index 2*cell+1 using c_ixt_bits:c_ity_bits:(0xC8 << 24 | shade(position_of(column(c_epoch)))) \
           with lines lw 0.4 lc rgb variable, \
         data skip 1 index 2*cell+1 \
           using c_ixt_bits:(column(c_bound) == 0 ? column(c_ity_bits) : NaN):(shade(position_of(column(c_epoch)))) \
           with points pt 7 ps 0.4 lc rgb variable, \
         data skip 1 index 2*cell+1 \
           using c_ixt_bits:(column(c_bound) == 1 ? column(c_ity_bits) : NaN):(shade(position_of(column(c_epoch)))) \
           with points pt 6 ps 0.5 lc rgb variable, \
         data skip 1 index 2*cell+1 \
           using c_ixt_bits:(strcol(c_mark) eq "" && column(c_epoch) < last_epoch ? NaN : column(c_ity_bits)) \
           with points pt 6 ps 1 lc rgb "black", \
         data skip 1 index 2*cell+1 every :::0::0 using c_ixt_bits:c_ity_bits:(at_epoch(column(c_epoch))) \
           with dots lc palette, \
         data skip 1 index 2*cell+1 using c_ixt_bits:(strcol(c_mark) eq "" ? NaN : column(c_ity_bits)):c_mark \
           with labels noenhanced offset 0.8,-0.8 font middle_font tc rgb "black"
    unset colorbox
  }
}
unset multiplot
if (out ne "") { unset output }
