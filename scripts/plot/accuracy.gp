# accuracy.gp - mean absolute errors of estimators against the mutual information, a panel for each family of problems;
# errors that other packages have published are dashed.
#
# usage: gnuplot -c accuracy.gp accuracy.tsv accuracy.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row an estimator and amount of information; an empty line ends an estimator, two end a
# panel. Columns:
#   family, nats, estimator, samples, repeats, members, mae_nats, source (of a published error, else -), series (number of
#   the estimator)
# Grey: the error of an estimate that is always 0. The axis ends at 0.6 of the largest information; larger errors are cut.

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("accuracy.gp")]
load here.'style.gp'

columns = "family nats estimator mae_nats source series"
load here.'columns.gp'
title_column = c_family

stats data skip 1 using c_series nooutput
n_cells = STATS_blocks; n_quantities = 1; n_series = int(STATS_max)
array series_name[n_series]
array series_dash[n_series]
stats data skip 1 using (series_name[int(column(c_series))] = strcol(c_estimator), \
  series_dash[int(column(c_series))] = strcol(c_source) eq "-" ? 1 : 2, 1) nooutput
stats data skip 1 using c_nats nooutput
least = STATS_min; most = STATS_max > STATS_min ? STATS_max : STATS_min + 1
stats data skip 1 using c_mae_nats nooutput
highest = STATS_max > 0 ? min(1.04 * STATS_max, max(0.6 * most, 0.1)) : 1
key_entries = n_series; key_longest = 0
do for [k = 1:n_series] { key_longest = max(key_longest, strlen(series_name[k])) }

# Ours and published ones have the same six colours, and are told apart by the dashes.
array series_rgb[6] = [0x332288, 0xD55E00, 0x009E73, 0xB4538A, 0x3D8FC4, 0x7A5C00]
n_ours = 0
do for [k = 1:n_series] { n_ours = series_dash[k] == 1 ? k : n_ours }
series_color(k) = series_rgb[1 + (int(k) - (int(k) > n_ours ? n_ours : 0) - 1) % 6]
key_name(k) = series_name[k]
key_color(k) = series_color(k)

most_columns = 4
panel_width = 250; panel_height = 180
left = 75; right = max(190, 7.2 * key_longest + 70); top = 40; bottom = 60; gap_x = 25; gap_y = 45
load here.'grid.gp'
set xrange [least:most]
set yrange [0:highest]
name_x = "I(X;T)  [nats]"
name_y = is_text ? "error in nats, one letter an estimator" : "mean absolute error  [nats]"

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  unset logscale x; set xrange [*:*]; set yrange [*:*] # `stats` counts only what is in range
  stats data skip 1 index cell using (title = strcol(c_family), 0) nooutput
  load here.'panel.gp'
  set xrange [least:most]
  set yrange [0:highest]
  if (is_text) {
    plot data skip 1 index cell using c_nats:c_mae_nats:c_series with points pointtype variable
  } else {
    plot x with lines lw 0.7 lc rgb grey dt 3 notitle, \
         for [k = 1:n_series] data skip 1 index cell \
           using (column(c_series) == k ? column(c_nats) : NaN):c_mae_nats \
           with linespoints lw 1.3 dt series_dash[k] pt (series_dash[k] == 1 ? 7 : 6) ps 0.35 lc rgb series_color(k) notitle, \
         for [k = 1:n_series] keyentry with linespoints lw 1.3 dt series_dash[k] pt (series_dash[k] == 1 ? 7 : 6) ps 0.35 \
           lc rgb series_color(k) title (cell == 0 ? series_name[k] : "")
  }
}
unset multiplot
if (out ne "") { unset output }
