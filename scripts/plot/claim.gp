# claim.gp - the numbers behind the verdict of a claim: a panel for each test, in it a line for each estimator and layer:
# the values of the seeds (small grey points), the effect with its interval, and where the test holds (shaded).
#
# usage: gnuplot -c claim.gp figure.tsv verdict.png [svg|png|pdf [MILLIMETRES [FONT]]]
#
# The table has a head line, one row a seed, and before them one without a value; two empty lines end a panel. Columns:
#   panel, estimator, layer, place (1, 2, ... from the top), value, effect, low, high, decision
#   holds_above, holds_below: ends of the region in which the test holds; nan: no end

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("claim.gp")]
load here.'style.gp'

columns = "panel estimator layer place value effect low high holds_above holds_below decision"
load here.'columns.gp'
title_column = c_panel

stats data skip 1 using c_place nooutput
n_cells = STATS_blocks; n_quantities = 1; n_places = int(STATS_max)
array estimator_at[n_places]
array layer_at[n_places]
stats data skip 1 using (estimator_at[int(column(c_place))] = strcol(c_estimator), \
  layer_at[int(column(c_place))] = strcol(c_layer), 1) nooutput

# The name of an estimator is written at the first of its layers.
is_new(k) = k == 1 ? 1 : estimator_at[k] ne estimator_at[k - 1]
layer_text(k) = layer_at[k] eq "-" ? "" : layer_at[k] eq "output" ? "output" : "layer ".layer_at[k]
join(a, b) = a eq "" || a eq "-" ? (b eq "" ? "networks" : b) : b eq "" ? a : a.", ".b
place_text(k) = is_new(k) ? join(estimator_at[k], layer_text(k)) : layer_text(k)
longest = 0
do for [k = 1:n_places] { longest = max(longest, strlen(place_text(k))) }

most_columns = n_cells == 4 ? 2 : min(n_cells, 3)
left = 24 + 6.2 * longest; right = 24; top = 34; bottom = 32; gap_x = 26; gap_y = 62
panel_width = max(180, min(480, (900 - left - right - (most_columns - 1) * gap_x) / most_columns))
panel_height = max(70, 14 + 18 * n_places)
first_note = "filled circle: the test holds; cross: it fails; open circle: undecided; bar: interval of the effect over seeds; " \
  ."shaded: region in which the test holds; small points: seeds"
load here.'grid.gp'
unset key

name_x = ""; name_y = ""
shifted(k) = k + 0.07 * (int(column(0)) % 7 - 3)
only(decision, x) = strcol(c_decision) eq decision ? x : NaN
lower(x, y) = x == x && !(y < x) ? x : y # NaN counts as nothing
upper(x, y) = x == x && !(y > x) ? x : y
# The next of 1, 2, 5, 10, ... times a power of ten, so that the numbers of tics have room.
decade(x) = 10.0 ** floor(log10(x))
tic_step(x) = decade(x) * (x <= decade(x) ? 1 : x <= 2 * decade(x) ? 2 : x <= 5 * decade(x) ? 5 : 10)
array decision_name[3] = ["holds", "fails", "undecided"]
array decision_rgb[3] = [0x1F5FA8, 0xC04A00, 0x333333]
array decision_shape[3] = [7, 2, 6]
shade_rgb_holds = 0xE8EFF7

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  set xrange [*:*]; set yrange [*:*]
  x_low = NaN; x_high = NaN
  stats data skip 1 index cell using (title = strcol(c_panel), above = or_nan(c_holds_above), below = or_nan(c_holds_below), \
    x_low = lower(lower(lower(x_low, or_nan(c_value)), or_nan(c_low)), or_nan(c_effect)), \
    x_high = upper(upper(upper(x_high, or_nan(c_value)), or_nan(c_high)), or_nan(c_effect)), 0) nooutput
  x_low = lower(lower(x_low, above), below); x_high = upper(upper(x_high, above), below)
  margin = x_high > x_low ? 0.05 * (x_high - x_low) : 0.5
  x_low = x_low - margin; x_high = x_high + margin
  load here.'panel.gp'
  set xrange [x_low:x_high]; set yrange [n_places + 0.7:0.3]
  set xtics format "%g" font small_font tic_step(34 * em * (x_high - x_low) / panel_width)
  set ytics ("" 0) scale 0 noenhanced font small_font
  do for [k = 1:(across == 0 ? n_places : 0)] { name = place_text(k); set ytics add (name k) }
  set object 1 rectangle from (above == above ? above : x_low), graph 0 to (below == below ? below : x_high), graph 1 behind \
    fillcolor rgb shade_rgb_holds fillstyle solid noborder
  do for [k = 2:n_places] {
    if (is_new(k)) { set arrow from graph 0, first k - 0.5 to graph 1, first k - 0.5 nohead lc rgb 0xD0D0D0 lw 0.7 back }
  }
  if (above == above) { set arrow from above, graph 0 to above, graph 1 nohead dt 2 lc rgb 0x333333 }
  if (below == below) { set arrow from below, graph 0 to below, graph 1 nohead dt 2 lc rgb 0x333333 }
  plot data skip 1 index cell using (column(c_value)):(shifted(column(c_place))) with points pt 7 ps 0.3 lc rgb 0xA0A0A0, \
    for [i = 1:3] data skip 1 index cell using (only(decision_name[i], or_nan(c_effect))):(column(c_place)):(column(c_low)):(column(c_high)) \
      with xerrorbars pt 0 lw 1.4 lc rgb decision_rgb[i], \
    data skip 1 index cell using (or_nan(c_effect)):(column(c_place)) with points pt 7 ps 0.8 lc rgb 0xFFFFFF, \
    for [i = 1:3] data skip 1 index cell using (only(decision_name[i], or_nan(c_effect))):(column(c_place)) \
      with points pt decision_shape[i] ps (i == 2 ? 0.9 : 0.8) lw (i == 2 ? 2.2 : 1.4) lc rgb decision_rgb[i], \
    data skip 1 index cell using (or_nan(c_low) == or_nan(c_low) ? NaN : x_high - margin):(column(c_place)):("no interval") \
      with labels right font small_font textcolor rgb 0x333333
}
unset multiplot
if (out ne "") { unset output }
