# data.gp - where the layers end on the plane, coloured by the number of training samples.
#
# usage: gnuplot -c data.gp data.tsv data.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a layer; an empty line ends a number of samples, two end a panel. Columns:
#   panel, training_samples, layer, label, epoch, ixt_bits, ixt_sd, ity_bits, ity_sd, repeats,
#   hx_bits, hy_bits, estimator, axis, bound, flags, note
# Values are means over the repeats at their last epoch. Lines join the layers of networks with equally much data.

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("data.gp")]
load here.'style.gp'

columns = "panel training_samples layer label ixt_bits ity_bits hx_bits hy_bits estimator axis bound flags note"
load here.'columns.gp'

stats data skip 1 using (max(or_zero(c_ixt_bits), or_zero(c_hx_bits))) nooutput
highest_x = STATS_max > 0 ? 1.05 * STATS_max : 1
stats data skip 1 using (max(or_zero(c_ity_bits), or_zero(c_hy_bits))) nooutput
highest_y = STATS_max > 0 ? 1.08 * STATS_max : 1
axis = ""
stats data skip 1 using (axis = strcol(c_axis), column(c_training_samples)) nooutput
n_cells = STATS_blocks; n_quantities = 1
least = STATS_min; most = max(STATS_max, 1.001 * STATS_min)
load here.'labels.gp'

most_columns = n_cells == 4 ? 2 : 3
panel_width = n_cells == 1 ? 560 : 330; panel_height = n_cells == 1 ? 400 : 260
left = 75; right = 225; top = 40; bottom = 60; gap_x = 25; gap_y = 45
key_shift = 85; has_colorbox = 1; least_panel = 200; estimator_column = c_estimator; note_column = c_note
key_point(k) = layer_point(k); key_color(k) = grey
load here.'grid.gp'

set logscale cb
set cbrange [least:most]
set cbtics () out textcolor rgb "#222222"
taken = 0.0; value = 0.0 # ticks at the values, where they do not overlap
do for [i = 0:199] {
  next_value = most * 2
  stats data skip 1 using (n = column(c_training_samples), next_value = n > value && n < next_value ? n : next_value, 0) nooutput
  if (next_value > most) { break }
  value = next_value
  if (taken == 0 || log(value / taken) > 0.045 * log(most / least)) {
    set cbtics add (sprintf("%g", value) value)
    taken = value
  }
}
set cblabel axis noenhanced offset (is_narrow ? 0 : 1),0
ity_if(k, is_bound) = place_of(column(c_layer), cell) == k && column(c_bound) == is_bound ? column(c_ity_bits) : NaN
shade_of(v) = shade(log(v / least) / log(most / least))

set xrange [0:highest_x]
set yrange [0:highest_y]
name_x = "I(X;T)  [bits]"
name_y = is_text ? "I(T;Y) in bits of layers A, B, ..." : "I(T;Y)  [bits]"
if (is_text) { unset colorbox }

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  hx = NaN; hy = NaN
  stats data skip 1 index cell using (title = strcol(c_panel), hx = or_nan(c_hx_bits), hy = or_nan(c_hy_bits), \
    0) nooutput
  load here.'panel.gp'
  if (is_text) {
    plot data skip 1 index cell using c_ixt_bits:c_ity_bits:c_layer with points pointtype variable
  } else {
    load here.'reach.gp'
    plot data skip 1 index cell using c_ixt_bits:c_ity_bits:(shade_of(column(c_training_samples))) \
      with lines lw 1 lc rgb variable notitle, \
         for [k = 1:n_layers] data skip 1 index cell \
           using c_ixt_bits:(ity_if(k, 0)):(shade_of(column(c_training_samples))) \
           with points pt layer_point(k) ps 1 lc rgb variable notitle, \
         for [k = 1:n_layers] data skip 1 index cell \
           using c_ixt_bits:(ity_if(k, 1)):(shade_of(column(c_training_samples))) \
           with points pt layer_ring(k) ps 1 lc rgb variable notitle, \
         data skip 1 index cell using c_ixt_bits:(strcol(c_flags) eq "-" ? NaN : column(c_ity_bits)) \
           with points pt 2 ps 0.6 lw 0.7 lc rgb "black" notitle, \
         data skip 1 index cell every :::0::0 using c_ixt_bits:c_ity_bits:c_training_samples \
           with dots lc palette notitle, \
         for [k = 1:n_layers] keyentry with points pt layer_point(k) ps 1 lc rgb grey \
           title (cell == 0 ? layer_label[k] : "")
    unset colorbox
  }
}
unset multiplot
if (out ne "") { unset output }
