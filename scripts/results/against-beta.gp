# against-beta.gp - quantities against beta, panels below each other; bars are one standard deviation over seeds.
#
# usage: gnuplot -c against-beta.gp TABLE.tsv FIGURE.svg [svg|png]
#
# The table has a head line; an empty line ends a series, two end a panel. Columns:
#   panel, logarithmic, low and high (ends of the axis; nan: by the data),
#   series (a name that begins with - is a horizontal line), beta, value, sd

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
here = ARG0[1:strlen(ARG0) - strlen("results/against-beta.gp")].'plot/'
load here.'style.gp'

columns = "panel logarithmic low high series beta value sd"
load here.'columns.gp'

stats data skip 1 using c_beta nooutput
n_cells = 1; n_quantities = STATS_blocks
least = STATS_min; most = STATS_max
most_columns = 1
panel_width = 480; panel_height = 190
left = 75; right = 235; top = 20; bottom = 60; gap_x = 25; gap_y = 26
load here.'grid.gp'

set logscale x
set xrange [least / 1.6:most * 1.6]
name_x = "beta"
title = ""
is_level(k) = substr(name[k], 1, 1) eq "-"
dash(k) = is_level(k) ? 2 + k % 2 : 1
color(k) = is_level(k) ? grey : layer_color(k)
set key samplen 2.5
set multiplot
cell = 0; names_above = ""
do for [quantity = 0:n_quantities - 1] {
  n_series = 0; is_log = 0; low = NaN; high = NaN
  stats data skip 1 index quantity using (name_y = strcol(c_panel), is_log = column(c_logarithmic), \
    low = or_nan(c_low), \
    high = or_nan(c_high), n_series = max(n_series, column(-1) + 1), 0) nooutput
  array name[n_series]
  stats data skip 1 index quantity using (name[int(column(-1)) + 1] = strcol(c_series), 0) nooutput
  load here.'panel.gp'
  set xtics format (is_bottom ? "10^{%L}" : "") enhanced
  if (is_log) { set logscale y } else { unset logscale y }
  set yrange [*:*]
  if (low == low) { set yrange [low:*] }
  if (high == high) { set yrange [low:high] }
  set ytics format "%g"
  names = ""
  do for [k = 1:n_series] { names = names."\t".name[k] }
  if (names eq names_above) { unset key } else { set key at screen (width - right + 12.0) / width, graph 1 }
  names_above = names
  plot for [k = 1:n_series] data skip 1 index quantity every :::k-1::k-1 \
    using c_beta:(is_level(k) ? NaN : column(c_value)):(or_zero(c_sd)) \
         with yerrorbars pt layer_point(k) ps 0.6 lc rgb layer_color(k) notitle, \
       for [k = 1:n_series] data skip 1 index quantity every :::k-1::k-1 using c_beta:c_value \
         with lines lw 1.2 dt dash(k) lc rgb color(k) title (is_level(k) ? substr(name[k], 2, strlen(name[k])) : name[k])
}
unset multiplot
unset output
