# claim.gp - the numbers behind the verdict of a claim: a panel for each test, in it for each estimator and layer the
# values of the seeds (grey), the effect with its interval (black; red if the test fails, open if it is undecided), and the
# threshold (dashed).
#
# usage: gnuplot -c claim.gp figure.tsv verdict.png [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line, one row a seed, and before them one without a value; two empty lines end a panel. Columns:
#   panel, label, place, value, effect, low, high, threshold, threshold_2, decision

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("claim.gp")]
load here.'style.gp'

columns = "panel label place value effect low high threshold threshold_2 decision"
load here.'columns.gp'
title_column = c_panel

stats data skip 1 using c_place nooutput
n_cells = STATS_blocks; n_quantities = 1; n_places = int(STATS_max)
array place_name[n_places]
longest = 0
stats data skip 1 using (place_name[int(column(c_place))] = strcol(c_label), longest = max(longest, strlen(strcol(c_label))), 1) nooutput

most_columns = 1
panel_width = 90 + 22 * n_places; panel_width = panel_width < 420 ? 420 : panel_width; panel_height = 150
left = 75; right = 30; top = 40; bottom = 30 + 6 * longest; gap_x = 20; gap_y = 35
load here.'grid.gp'
unset key

name_x = ""; name_y = ""
shifted(k) = k + 0.06 * (int(column(0)) % 7 - 3)
only(decision, x) = strcol(c_decision) eq decision ? x : NaN

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  set xrange [*:*]; set yrange [*:*]
  t1 = NaN; t2 = NaN
  stats data skip 1 index cell using (title = strcol(c_panel), t1 = column(c_threshold), t2 = or_nan(c_threshold_2), 0) nooutput
  load here.'panel.gp'
  set xrange [0.4:n_places + 0.6]
  set xtics ("" 0) scale 0 rotate by 60 right noenhanced font small_font
  do for [k = 1:(cell == n_cells - 1 ? n_places : 0)] { name = place_name[k]; set xtics add (name k) }
  plot data skip 1 index cell using (shifted(column(c_place))):(column(c_value)) with points pt 7 ps 0.3 lc rgb 0xA0A0A0, \
    t1 with lines dt 2 lc rgb 0xD55E00, \
    t2 with lines dt 2 lc rgb 0xD55E00, \
    data skip 1 index cell using (column(c_place)):(only("holds", column(c_effect))):(column(c_low)):(column(c_high)) \
      with yerrorbars pt 7 ps 0.6 lc rgb 0x111111, \
    data skip 1 index cell using (column(c_place)):(only("fails", column(c_effect))):(column(c_low)):(column(c_high)) \
      with yerrorbars pt 7 ps 0.6 lc rgb 0xC00000, \
    data skip 1 index cell using (column(c_place)):(only("undecided", column(c_effect))):(column(c_low)):(column(c_high)) \
      with yerrorbars pt 6 ps 0.6 lc rgb 0x111111
}
unset multiplot
if (out ne "") { unset output }
