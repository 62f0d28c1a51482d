# calibration.gp - estimates against the number of samples on problems of known information: a panel a problem, mean and one
# standard deviation over repeats, the true value as a black line.
#
# usage: gnuplot -c calibration.gp calibration.tsv calibration.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row an estimator and number of samples; an empty line ends an estimator, two end a panel.
# Columns:
#   task, quantity, estimator, samples, repeats, true_bits, mean_bits, bias_bits, sd_bits,
#   low_bits, high_bits (documented bounds of the bias), within, series (number of the estimator)

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("calibration.gp")]
load here.'style.gp'

columns = "task quantity estimator samples true_bits mean_bits sd_bits series"
load here.'columns.gp'
title_column = c_task

stats data skip 1 using c_series nooutput
n_cells = STATS_blocks; n_quantities = 1; n_series = int(STATS_max)
array series_name[n_series]
stats data skip 1 using (series_name[int(column(c_series))] = strcol(c_estimator), 1) nooutput
stats data skip 1 using c_samples nooutput
least = STATS_min; most = STATS_max

most_columns = 4
panel_width = 250; panel_height = 170
left = 80; right = 265; top = 40; bottom = 60; gap_x = 50; gap_y = 45
title_extra = 8
load here.'grid.gp'
unset key # too long for the height of a panel: drawn as labels below
# Six colours that can be told apart with any kind of colour blindness, in six shapes; beside each other, and not on top.
array series_rgb[6] = [0x332288, 0xD55E00, 0x009E73, 0xB4538A, 0x3D8FC4, 0x7A5C00]
array series_shape[6] = [7, 8, 5, 12, 10, 2]
series_color(k) = series_rgb[1 + (int(k) - 1) % 6]
series_point(k) = series_shape[1 + (int(k) - 1) / 6 % 6]
beside(x, k) = x * 10**(0.24 * ((k - 0.5) / n_series - 0.5))

set xtics (1, 10, 100, 1000, 10000, 100000, 1000000)
name_x = "samples"
name_y = is_text ? "bits, one letter an estimator, truth *" : "[bits]"

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  unset logscale x; set xrange [*:*]; set yrange [*:*] # `stats` counts only what is in range
  stats data skip 1 index cell using (title = strcol(c_task).": ".strcol(c_quantity), truth = column(c_true_bits), \
    column(c_mean_bits) - column(c_sd_bits)) nooutput
  lowest = min(STATS_min, truth); n_lines = STATS_blank + 1
  stats data skip 1 index cell using (column(c_mean_bits) + column(c_sd_bits)) nooutput
  highest = max(STATS_max, truth)
  load here.'panel.gp'
  if (cell == 0 && !is_text) {
    do for [k = 1:n_series] {
      x_key = (width - right + 15.0) / width; y_key = (height - top - 17.0 * k) / height
      set arrow 100 + k from screen x_key, screen y_key to screen x_key + 20.0 / width, screen y_key nohead lw 2 lc rgb series_color(k)
      set label 100 + k series_name[k] at screen x_key + 26.0 / width, screen y_key left noenhanced font middle_font
      set label 200 + k "" at screen x_key + 10.0 / width, screen y_key point pt series_point(k) ps 0.7 lc rgb series_color(k)
    }
    y_key = (height - top - 17.0 * (n_series + 1)) / height
    set arrow 100 from screen x_key, screen y_key to screen x_key + 20.0 / width, screen y_key nohead lw 2 lc rgb "black"
    set label 100 "true value" at screen x_key + 26.0 / width, screen y_key left font middle_font
  }
  set ytics format "%g"
  set logscale x 10
  set xrange [least / 1.5:most * 1.5]
  set yrange [lowest - 0.08 * (highest - lowest + 0.02):highest + 0.08 * (highest - lowest + 0.02)]
  if (is_text) {
    plot data skip 1 index cell using c_samples:c_mean_bits:c_series with points pointtype variable, truth \
      with points pt 0
  } else {
    plot truth with lines lw 1 lc rgb "black" notitle, \
         for [k = 1:n_series] data skip 1 index cell \
           using (beside(column(c_samples), k)):(column(c_series) == k ? column(c_mean_bits) : NaN):c_sd_bits \
           with yerrorlines pt series_point(k) ps 0.6 lw 1 lc rgb series_color(k) notitle
  }
}
unset multiplot
if (out ne "") { unset output }
