# beta.gp - I(X;T), I(T;Y) and the error against beta, at the last epoch: means over repeats, bars of one standard deviation.
#
# usage: gnuplot -c beta.gp beta.tsv beta.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a layer and beta; an empty line ends a layer, two end a panel. Columns:
#   panel, layer, label, beta, ixt_bits, ixt_sd, ity_bits, ity_sd, train_error, train_error_sd,
#   test_error, test_error_sd, repeats, hx_bits, hy_bits, estimator, ity_test_bits, bound
#   flags, note
# Hollow: bounds (bound is 1), of I(T;Y) those of the training samples, and dashed those of the test samples
# (ity_test_bits). Crossed: flags.
# beta = 0 stands at a third of the smallest beta above it, under the tick "0".

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("beta.gp")]
load here.'style.gp'

columns = "panel layer label beta ixt_bits ixt_sd ity_bits ity_sd train_error train_error_sd test_error" \
  ." test_error_sd hy_bits estimator ity_test_bits bound flags note"
load here.'columns.gp'

array highest[3]
stats data skip 1 using (or_zero(c_ixt_bits) + or_zero(c_ixt_sd)) nooutput
highest[1] = STATS_max > 0 ? 1.05 * STATS_max : 1
stats data skip 1 using (max(or_zero(c_ity_bits) + or_zero(c_ity_sd), or_zero(c_hy_bits))) nooutput
highest[2] = STATS_max > 0 ? 1.05 * STATS_max : 1
stats data skip 1 using (max(or_zero(c_train_error) + or_zero(c_train_error_sd), \
  or_zero(c_test_error) + or_zero(c_test_error_sd))) nooutput
highest[3] = STATS_max > 0 ? 1.05 * STATS_max : 1
least = 1e300
stats data skip 1 using (least = column(c_beta) > 0 ? min(column(c_beta), least) : least, column(c_beta)) nooutput
n_cells = STATS_blocks; n_quantities = 3
has_zero = STATS_min <= 0; most = STATS_max
if (least > most) { least = 1; most = 1 }
at_beta(b) = b > 0 ? b : least / 3.0
load here.'labels.gp'

most_columns = 4
panel_width = n_cells == 1 ? 480 : 300; panel_height = 180
left = 75; right = 175; top = 40; bottom = 60; gap_x = 25; gap_y = 30
key_shift = 35; estimator_column = c_estimator; note_column = c_note
key_dash(k) = layer_dash(k)
load here.'grid.gp'

set logscale x
set xrange [(has_zero ? least / 4.0 : least / 1.3):max(1.3 * most, 2 * least)]
array names[3] = ["I(X;T)  [bits]", "I(T;Y)  [bits]", "error"]
if (is_text) { names[1] = "I(X;T) in bits of A, B, ..."; names[2] = "I(T;Y) in bits of A, B, ..."; names[3] = "error, A train, B test" }
array set_color[2] = [0x332288, 0xD55E00]
array set_name[2] = ["error, train", "error, test"]
array error[2] = [c_train_error, c_test_error]
array error_sd[2] = [c_train_error_sd, c_test_error_sd]
name_x = "beta"

set multiplot
do for [cell = 0:n_cells - 1] {
  do for [quantity = 0:2] {
    hy = NaN
    stats data skip 1 index cell using (title = strcol(c_panel), hy = or_nan(c_hy_bits), 0) nooutput
    name_y = names[quantity + 1]
    load here.'panel.gp'
    if (is_narrow && most > 1e3 * least) { set xtics (1e-14); do for [d = -12:12:2] { set xtics add (10.0**d) } } # every other decade
    if (is_bottom) { set xtics format (is_text ? "%g" : "10^{%L}") enhanced }
    if (has_zero) { set xtics add ((is_bottom ? "0" : "") least / 3.0) }
    set yrange [0:highest[quantity + 1]]
    limit = quantity == 1 ? hy : NaN
    limit_name = "H(Y)"
    load here.'limit.gp'
    if (quantity < 2) {
      c = quantity == 0 ? c_ixt_bits : c_ity_bits
      sd = quantity == 0 ? c_ixt_sd : c_ity_sd
      if (is_text) {
        plot for [k = 1:n_layers] data skip 1 index cell every :::k-1::k-1 using (at_beta(column(c_beta))):(column(c)) \
          with points pt k
      } else {
        m = layers_of[cell + 1]
        plot for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 \
               using (at_beta(column(c_beta))):(column(c_bound) == 0 ? column(c) : NaN):(or_zero(sd)) with yerrorbars \
               pt layer_point(place_of(k, cell)) ps 0.6 lc rgb layer_color(place_of(k, cell)) notitle, \
             for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 \
               using (at_beta(column(c_beta))):(column(c_bound) == 1 ? column(c) : NaN):(or_zero(sd)) with yerrorbars \
               pt layer_ring(place_of(k, cell)) ps 0.7 lc rgb layer_color(place_of(k, cell)) notitle, \
             for [k = m:1:-1] data skip 1 index cell every :::k-1::k-1 using (at_beta(column(c_beta))):(column(c)) \
               with lines lw 1.2 dt layer_dash(place_of(k, cell)) lc rgb layer_color(place_of(k, cell)) notitle, \
             for [k = 1:quantity*m] data skip 1 index cell every :::k-1::k-1 \
               using (at_beta(column(c_beta))):c_ity_test_bits \
               with lines lw 1.2 dt 2 lc rgb layer_color(place_of(k, cell)) notitle, \
             data skip 1 index cell using (at_beta(column(c_beta))):(strcol(c_flags) eq "-" ? NaN : column(c)) \
               with points pt 2 ps 0.5 lw 0.7 lc rgb "black" notitle, \
           for [k = 1:n_layers] keyentry with lines lw 1.2 dt layer_dash(k) lc rgb layer_color(k) \
             title (cell == 0 && quantity == 0 ? layer_label[k] : "")
      }
    } else {
      if (is_text) {
        plot for [k = 1:2] data skip 1 index cell every :::0::0 using (at_beta(column(c_beta))):(column(error[k])) \
          with points pt k
      } else {
        set key at graph 0.03,0.97 left top vertical Left reverse maxcols 1
        plot for [k = 1:2] data skip 1 index cell every :::0::0 \
               using (at_beta(column(c_beta))):(column(error[k])):(or_zero(error_sd[k])) with yerrorbars pt 7 ps 0.6 \
               lc rgb set_color[k] notitle, \
             for [k = 1:2] data skip 1 index cell every :::0::0 using (at_beta(column(c_beta))):(column(error[k])) \
               with lines lw 1.2 dt k lc rgb set_color[k] title (cell == 0 ? set_name[k] : "")
      }
    }
  }
}
unset multiplot
if (out ne "") { unset output }
