# under-curve.gp - bounds of trained networks on the information plane under the Information Bottleneck curve.
#
# usage: gnuplot -c under-curve.gp TABLE.tsv FIGURE.svg [svg|png] [BITS ACROSS]
#
# The table has a head line; two empty lines end a series, the first of which is the curve. Columns:
#   series, beta, ixt_bits, ity_bits
# Nothing can be in the grey region.

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
across_bits = ARGC > 3 ? ARG4 + 0 : 5
here = ARG0[1:strlen(ARG0) - strlen("results/under-curve.gp")].'plot/'
load here.'style.gp'

columns = "series ixt_bits ity_bits"
load here.'columns.gp'
title_column = c_series

stats data skip 1 using c_ity_bits nooutput
n_series = STATS_blocks; highest = 1.06 * STATS_max
n_cells = 1; n_quantities = 1; most_columns = 1
panel_width = 520; panel_height = 380
left = 75; right = 210; top = 20; bottom = 60; gap_x = 25; gap_y = 30
load here.'grid.gp'

array name[n_series]
do for [k = 1:n_series] { stats data skip 1 index k-1 using (name[k] = strcol(c_series), 0) nooutput }
name_x = "I(X;T)  [bits]"; name_y = "I(T;Y)  [bits]"; title = ""
cell = 0; quantity = 0
load here.'panel.gp'
set key at screen (width - right + 12.0) / width, graph 1 samplen 2
set xrange [0:across_bits]
set yrange [0:highest]
plot data skip 1 index 0 using c_ixt_bits:c_ity_bits \
  with filledcurves y1=highest fillcolor rgb pale fillstyle solid noborder notitle, \
     data skip 1 index 0 using c_ixt_bits:c_ity_bits with lines lw 1.5 lc rgb "black" title name[1], \
     for [k = 2:n_series] data skip 1 index k-1 using c_ixt_bits:c_ity_bits with points pt layer_point(k - 1) ps 0.7 \
       lc rgb layer_color(k - 1) title name[k]
unset output
