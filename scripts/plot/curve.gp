# curve.gp - the Information Bottleneck curve of a joint distribution: on the plane, against beta, and its clusters.
#
# usage: gnuplot -c curve.gp curve.tsv curve.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line, one row an optimum by rising beta, and after two empty lines one row a bifurcation. Columns:
#   title, kind (optimum, bifurcation), beta, ixt_bits, ity_bits, clusters, effective_clusters,
#   ixy_bits, hx_bits
# effective_clusters is 2^H(T). Dotted vertical lines are bifurcations.

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("curve.gp")]
load here.'style.gp'

columns = "title beta ixt_bits ity_bits clusters effective_clusters ixy_bits"
load here.'columns.gp'
title_column = c_title

title = ""; ixy = NaN; has_critical = 0
stats data skip 1 using (title = strcol(c_title), ixy = column(c_ixy_bits), column(c_beta)) nooutput
has_critical = STATS_blocks > 1
stats data skip 1 index 0 using c_beta nooutput
lowest_beta = STATS_min; highest_beta = max(STATS_max, 1.01 * STATS_min)
stats data skip 1 index 0 using c_ixt_bits nooutput
highest_x = max(1.06 * STATS_max, 1e-6)
stats data skip 1 index 0 using (max(column(c_clusters), column(c_effective_clusters))) nooutput
highest_clusters = 1.08 * STATS_max
highest_y = 1.1 * max(ixy, 1e-6)

n_cells = 3; n_quantities = 1
most_columns = 3
panel_width = 340; panel_height = 280
left = 75; right = 30; top = 50; bottom = 60; gap_x = 80; gap_y = 60
load here.'grid.gp'
name_x = ""; name_y = ""; quantity = 0
panel_title = title
set multiplot

cell = 0; title = is_text ? panel_title : ""
load here.'panel.gp'
if (!is_text) { set label 90 panel_title at screen 0.5,1 - 16.0 * em / height center noenhanced font large_font }
set xlabel "I(X;T)  [bits]"
if (!is_text) { set ylabel "I(T;Y)  [bits]" }
set xtics format "%g"
set ytics format "%g"
set xrange [0:highest_x]
set yrange [0:highest_y]
set arrow 1 from graph 0,first ixy to graph 1,first ixy nohead back lc rgb grey dt 3
set label 1 "I(X;Y)" at graph 0.995,first ixy right front offset 0,0.5 font small_font textcolor rgb grey
unset key
plot data skip 1 index 0 using c_ixt_bits:c_ity_bits \
  with filledcurves y1=highest_y fillcolor rgb pale fillstyle solid noborder, \
     data skip 1 index 0 using c_ixt_bits:c_ity_bits with lines lw 1.5 lc rgb layer_color(1), \
     data skip 1 index 0 using c_ixt_bits:c_ity_bits with points pt 7 ps 0.5 lc rgb layer_color(1)

cell = 1; title = ""
load here.'panel.gp'
set logscale x
set xrange [lowest_beta:highest_beta]
set yrange [0:1.06 * max(highest_x / 1.06, ixy)]
set xlabel "beta"
if (!is_text) { set ylabel "bits" }
set xtics format "%g"
set ytics format "%g"
bifurcations = 0
if (has_critical) {
  do for [i = 0:199] {
    beta = NaN
    stats data skip 1 index 1 every ::i::i using (beta = column(c_beta), 0) nooutput
    if (beta != beta) { break }
    set arrow 100 + i from beta,graph 0 to beta,graph 1 nohead back lc rgb grey dt 3
    bifurcations = i + 1
  }
}
set key at graph 0.03,0.97 left top Left reverse
plot data skip 1 index 0 using c_beta:c_ixt_bits \
  with linespoints pt 7 ps 0.4 lw 1.5 lc rgb layer_color(1) title "I(X;T)", \
     data skip 1 index 0 using c_beta:c_ity_bits \
       with linespoints pt 5 ps 0.4 lw 1.5 lc rgb layer_color(2) title "I(T;Y)"

cell = 2; title = ""
load here.'panel.gp'
set yrange [0:highest_clusters]
set xlabel "beta"
if (!is_text) { set ylabel "clusters" }
set xtics format "%g"
set ytics format "%g"
if (has_critical) {
  do for [i = 0:bifurcations - 1] {
    stats data skip 1 index 1 every ::i::i using (beta = column(c_beta), 0) nooutput
    set arrow 100 + i from beta,graph 0 to beta,graph 1 nohead back lc rgb grey dt 3
  }
}
plot data skip 1 index 0 using c_beta:c_clusters with steps lw 1.5 lc rgb layer_color(5) title "clusters", \
     data skip 1 index 0 using c_beta:c_effective_clusters \
       with linespoints pt 7 ps 0.4 lw 1.5 lc rgb layer_color(3) title "effective: 2^{H(T)}" enhanced
unset multiplot
if (out ne "") { unset output }
