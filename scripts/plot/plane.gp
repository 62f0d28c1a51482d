# plane.gp - the information plane: every layer's way through training, I(X;T) across and I(T;Y) up, coloured by epoch.
#
# usage: gnuplot -c plane.gp plane.tsv plane.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a layer and epoch; an empty line ends an epoch, two end a panel. Columns:
#   panel, epoch, layer, mark, ixt_bits, ity_bits, ixt_sd, ity_sd, repeats, hx_bits, hy_bits,
#   estimator, run, bound, flags, unit, ixt_low, ixt_high, ity_low, ity_high, side, usable_train, usable_test, note
# unit: bits; or fraction, where ixt_bits and ity_bits are divided by hx_bits and hy_bits.
# Rows of run 0 are means over the repeats, with lines that join the layers of an epoch; `mark` names the layers at their
# last epoch. Rows of other runs, an empty line before each layer of each, are thin lines. Hollow: bounds (bound is 1).
# Hollow too: test samples (side is 1), beside those of the training samples, where a panel shows both.
# Short lines on the left: usable_train and usable_test of the last epoch, H(Y) - cross-entropy of the output.
# Crossed: flags (s saturated, d data processing inequality, c clipped, b bins lose predictions).
# Bars: from ixt_low to ixt_high and from ity_low to ity_high, the band of an estimator whose result is one.
# Grey: what no layer can reach, for I(T;Y) is at most H(Y) and at most I(X;T).

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("plane.gp")]
load here.'style.gp'

columns = "panel epoch layer mark ixt_bits ity_bits hx_bits hy_bits estimator run bound flags unit " \
  ."ixt_low ixt_high ity_low ity_high side usable_train usable_test note"
load here.'columns.gp'

is_fraction = 0
stats data skip 1 using (is_fraction = strcol(c_unit) eq "fraction", 0) nooutput
stats data skip 1 using (max(max(or_zero(c_ixt_bits), or_zero(c_ixt_high)), is_fraction ? 1 : or_zero(c_hx_bits))) nooutput
highest_x = STATS_max > 0 ? 1.05 * STATS_max : 1
stats data skip 1 using (max(max(or_zero(c_ity_bits), or_zero(c_ity_high)), is_fraction ? 1 : or_zero(c_hy_bits))) nooutput
highest_y = STATS_max > 0 ? 1.08 * STATS_max : 1
stats data skip 1 using c_epoch nooutput
n_cells = STATS_blocks; n_quantities = 1

most_columns = n_cells == 4 ? 2 : 3
panel_width = n_cells == 1 ? 560 : 330; panel_height = n_cells == 1 ? 400 : 260
left = 75; right = 120; top = 40; bottom = 60; gap_x = 25; gap_y = 45
has_colorbox = 1; estimator_column = c_estimator; note_column = c_note
least_panel = 200
if (is_text) { load here.'numbers.gp' }
load here.'grid.gp'

load here.'epochs.gp'
epochs_across = 0
unset logscale x
set xtics autofreq
set xrange [0:highest_x]
set yrange [0:highest_y]
name_x = is_fraction ? "I(X;T) / H(X)" : "I(X;T)  [bits]"
name_y = is_fraction ? "I(T;Y) / H(Y)" : "I(T;Y)  [bits]"
if (is_text) { name_y = is_fraction ? "I(T;Y) / H(Y) of layers A, B, ..." : "I(T;Y) in bits of layers A, B, ..." }
set cblabel "epoch" offset (is_narrow ? 0 : 0.5),0
unset key
if (is_text) { unset colorbox }

array usable_color[2] = [0x332288, 0xD55E00]
array usable_name[2] = ["train", "test"]

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  hx = NaN; hy = NaN
  stats data skip 1 index cell using (title = strcol(c_panel), hx = or_nan(c_hx_bits), hy = or_nan(c_hy_bits), \
    0) nooutput
  if (is_fraction) { slope = hx > 0 && hy > 0 ? hx / hy : 1; hx = 1; hy = 1 }
  array usable[2]
  usable[1] = NaN; usable[2] = NaN
  stats data skip 1 index cell using (column(c_run) == 0 ? (usable[1] = or_nan(c_usable_train), \
    usable[2] = or_nan(c_usable_test)) : 0, 0) nooutput
  n_epochs = 1 # crosses at about 30 of them
  stats data skip 1 index cell using (n_epochs = column(c_run) == 0 && column(c_side) == 0 ? int(column(-1)) + 1 : n_epochs, 0) nooutput
  nth = max(1, n_epochs / 30)
  load here.'panel.gp'
  if (is_text) {
    plot data skip 1 index cell using c_ixt_bits:(column(c_run) == 0 ? column(c_ity_bits) : NaN):c_layer \
      with points pointtype variable
  } else {
    # clear of the lines at the left
    gap(at) = min(usable[1] > 0 ? abs(at * highest_y - usable[1]) : highest_y, \
      usable[2] > 0 ? abs(at * highest_y - usable[2]) : highest_y) / highest_y
    reach_at = gap(0.72) >= max(gap(0.5), gap(0.3)) || gap(0.72) > 0.25 ? 0.72 : gap(0.5) >= gap(0.3) ? 0.5 : 0.3
    load here.'reach.gp'
    do for [q = 1:2] {
      if (usable[q] > 0) {
        set arrow 60+q from graph 0,first usable[q] to graph 0.05,first usable[q] nohead front lc rgb usable_color[q] lw 1.6
        above = q == 1 ? !(usable[2] > usable[1]) : usable[2] > usable[1]
        set label 60+q usable_name[q] at graph 0.005,first usable[q] left offset 0,(above ? 0.45 : -0.5) \
          font small_font textcolor rgb usable_color[q] front
      }
    }
    plot data skip 1 index cell \
      using c_ixt_bits:(column(c_run) == 0 ? column(c_ity_bits) : NaN): \
        (0xB8 << 24 | shade(position_of(column(c_epoch)))) \
      with lines lw 0.5 lc rgb variable, \
         data skip 1 index cell \
           using c_ixt_bits:(column(c_run) == 0 && valid(c_ixt_low) ? column(c_ity_bits) : NaN): \
             c_ixt_low:c_ixt_high:c_ity_low:c_ity_high:(0xA0 << 24 | shade(position_of(column(c_epoch)))) \
           with xyerrorbars pt 0 lw 0.8 lc rgb variable, \
         data skip 1 index cell using c_ixt_bits:(column(c_run) > 0 ? column(c_ity_bits) : NaN) \
           with lines lw 0.6 lc rgb run_rgb, \
         data skip 1 index cell \
           using c_ixt_bits:(column(c_run) > 0 && column(c_epoch) == last_epoch ? column(c_ity_bits) : NaN) \
           with points pt 6 ps 0.5 lw 0.6 lc rgb run_rgb, \
         data skip 1 index cell \
           using c_ixt_bits:(column(c_run) == 0 && column(c_bound) == 0 && column(c_side) == 0 ? column(c_ity_bits) : NaN): \
             (shade(position_of(column(c_epoch)))) \
           with points pt 7 ps 0.45 lc rgb variable, \
         data skip 1 index cell \
           using c_ixt_bits:(column(c_run) == 0 && (column(c_bound) == 1 || column(c_side) == 1) ? column(c_ity_bits) : NaN): \
             (shade(position_of(column(c_epoch)))) \
           with points pt 6 ps 0.55 lc rgb variable, \
         data skip 1 index cell \
           using c_ixt_bits:(strcol(c_flags) eq "-" ? NaN : \
             cross_due(column(c_layer), column(-1), nth) ? column(c_ity_bits) : NaN) \
           with points pt 2 ps 0.35 lw 0.6 lc rgb "black", \
         data skip 1 index cell every :::0::0 using c_ixt_bits:c_ity_bits:(at_epoch(column(c_epoch))) \
           with dots lc palette, \
         data skip 1 index cell \
           using c_ixt_bits:(column(c_run) > 0 || strcol(c_mark) eq "" ? NaN : column(c_ity_bits)):c_mark \
           with labels noenhanced offset 0.8,-0.8 font middle_font tc rgb "black"
    unset colorbox
  }
}
unset multiplot
if (out ne "") { unset output }
