# movie.gp - the information plane epoch by epoch, as an animated GIF.
#
# usage: gnuplot -c movie.gp movie.tsv movie.gif
#
# The table is that of plane.gp. Dots are the layers, a line joins those of one epoch; faint dots are where they were.

data = ARG1; out = ARG2; format = "movie"
here = ARG0[1:strlen(ARG0) - strlen("movie.gp")]
load here.'style.gp'

columns = "panel epoch layer ixt_bits ity_bits hx_bits hy_bits estimator run bound flags note"
load here.'columns.gp'

stats data skip 1 using (max(or_zero(c_ixt_bits), or_zero(c_hx_bits))) nooutput
highest_x = STATS_max > 0 ? 1.05 * STATS_max : 1
stats data skip 1 using (max(or_zero(c_ity_bits), or_zero(c_hy_bits))) nooutput
highest_y = STATS_max > 0 ? 1.08 * STATS_max : 1
stats data skip 1 using c_epoch nooutput
n_cells = STATS_blocks; n_quantities = 1
n_frames = 0
stats data skip 1 using (n_frames = column(c_run) == 0 ? max(n_frames, int(column(-1)) + 1) : n_frames, 0) nooutput
load here.'numbers.gp'

most_columns = n_cells == 4 ? 2 : 3
panel_width = n_cells == 1 ? 460 : 330; panel_height = n_cells == 1 ? 330 : 250
left = 70; right = 100; top = 60; estimator_column = c_estimator; note_column = c_note; bottom = 60; gap_x = 25; gap_y = 45
load here.'grid.gp'
set terminal gif animate delay 8 loop 0 size width,height font "DejaVuSans,9" background rgb "white"
set output out

set xrange [0:highest_x]
set yrange [0:highest_y]
name_x = "I(X;T)  [bits]"
name_y = "I(T;Y)  [bits]"
quantity = 0
do for [frame = 0:n_frames + 11] {
  epoch = 0
  last = min(frame, n_frames - 1) # the last frame stands still for a second
  set multiplot
  do for [cell = 0:n_cells - 1] {
    hx = NaN; hy = NaN
    stats data skip 1 index cell using (title = strcol(c_panel), hx = or_nan(c_hx_bits), hy = or_nan(c_hy_bits), \
      0) nooutput
    stats data skip 1 index cell every :::last::last using (epoch = column(c_epoch), 0) nooutput
    load here.'panel.gp'
    load here.'reach.gp'
    if (cell == 0) { set label 98 sprintf("epoch %d", epoch) at screen 8.0 / width,1 - 14.0 / height left font large_font }
    plot data skip 1 index cell every :::0::last \
      using c_ixt_bits:c_ity_bits:(mix(layer_color(place_of(column(c_layer), cell)), 0xFFFFFF, 0.6)) \
           with points pt 7 ps 0.2 lc rgb variable notitle, \
         data skip 1 index cell every :::last::last using c_ixt_bits:c_ity_bits with lines lw 1 lc rgb grey notitle, \
         data skip 1 index cell every :::last::last \
           using c_ixt_bits:(column(c_bound) == 0 ? column(c_ity_bits) : NaN):(layer_color(place_of(column(c_layer), cell))) \
           with points pt 7 ps 1.1 lc rgb variable notitle, \
         data skip 1 index cell every :::last::last \
           using c_ixt_bits:(column(c_bound) == 1 ? column(c_ity_bits) : NaN):(layer_color(place_of(column(c_layer), cell))) \
           with points pt 6 ps 1.1 lc rgb variable notitle, \
         data skip 1 index cell every :::last::last \
           using c_ixt_bits:(strcol(c_flags) eq "-" ? NaN : column(c_ity_bits)) \
           with points pt 2 ps 0.7 lc rgb "black" notitle, \
         for [k = 1:n_layers] keyentry with points pt 7 ps 1.1 lc rgb layer_color(k) \
           title (cell == 0 ? layer_label[k] : "")
  }
  unset multiplot
}
unset output
