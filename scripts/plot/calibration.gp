# calibration.gp - estimates against the number of samples on problems of known information: a panel a problem, mean and one
# standard deviation over repeats, the truth as a black line.
#
# usage: gnuplot -c calibration.gp calibration.tsv calibration.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row an estimator and number of samples; an empty line ends an estimator, two end a panel.
# Columns:
#   1 task  2 quantity  3 estimator  4 samples  5 repeats  6 truth_bits  7 mean_bits  8 bias_bits  9 sd_bits
#   10 low_bits  11 high_bits (documented bounds of the bias)  12 within  13 series (number of the estimator)

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("calibration.gp")]
load here.'style.gp'

stats data skip 1 using 13 nooutput
n_cells = STATS_blocks; n_quantities = 1; n_series = int(STATS_max)
array series_name[n_series]
stats data skip 1 using (series_name[int($13)] = strcol(3), 1) nooutput
stats data skip 1 using 4 nooutput
least = STATS_min; most = STATS_max

most_columns = 4
panel_width = 250; panel_height = 170
left = 60; right = 235; top = 40; bottom = 60; gap_x = 45; gap_y = 45
title_extra = 8
load here.'grid.gp'
unset key # too long for the height of a panel: drawn as labels below
array more_rgb[20] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0x882255, 0x999933, \
                      0x332288, 0x44AA99, 0xAA4499, 0x8C6D31, 0xFF6666, 0x6666FF, 0x888888, 0x2E8B57, 0xB8860B, 0x5F9EA0, 0xDC143C]
series_color(k) = more_rgb[1 + (int(k) - 1) % 20]

set xtics (1, 10, 100, 1000, 10000, 100000, 1000000)
name_x = "samples"
name_y = is_text ? "bits, one letter an estimator, truth *" : "[bits]"
shape(k) = is_text ? k : layer_point(k)

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  unset logscale x; set xrange [*:*]; set yrange [*:*] # `stats` counts only what is in range
  stats data skip 1 index cell using (title = strcol(1).": ".strcol(2), truth = $6, $7 - $9) nooutput
  lowest = min(STATS_min, truth); n_lines = STATS_blank + 1
  stats data skip 1 index cell using ($7 + $9) nooutput
  highest = max(STATS_max, truth)
  load here.'panel.gp'
  if (cell == 0 && !is_text) {
    do for [k = 1:n_series] {
      x_key = (width - right + 15.0) / width; y_key = (height - top - 17.0 * k) / height
      set arrow 100 + k from screen x_key, screen y_key to screen x_key + 20.0 / width, screen y_key nohead lw 2 lc rgb series_color(k)
      set label 100 + k series_name[k] at screen x_key + 26.0 / width, screen y_key left noenhanced font middle_font
    }
  }
  set ytics format "%g"
  set logscale x 10
  set xrange [least / 1.4:most * 1.4]
  set yrange [lowest - 0.08 * (highest - lowest + 0.02):highest + 0.08 * (highest - lowest + 0.02)]
  if (is_text) {
    plot data skip 1 index cell using 4:7:13 with points pointtype variable, truth with points pt 0
  } else {
    plot truth with lines lw 1 lc rgb "black" notitle, \
         data skip 1 index cell using 4:7:9:(series_color($13)) with yerrorlines pt 7 ps 0.35 lw 1 lc rgb variable notitle
  }
}
unset multiplot
if (out ne "") { unset output }
