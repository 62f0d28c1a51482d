# growth.gp - time against size in logarithms, one panel per size, with the slope of each series.
#
# usage: gnuplot -c growth.gp growth.tsv growth.svg
#
# Columns: panel, series, size, time_s, slope. Two empty lines end a series.

data = ARG1; out = ARG2
set terminal svg size 960,600 font "sans,13" background "#ffffff"
set output out
set datafile separator "\t"
set logscale xy
set format y "10^{%L}"
set grid lc rgb "#dddddd"
set key left top reverse Left samplen 2 spacing 1.2 noenhanced font ',12'
set tics nomirror out
set border 3
array colour[4] = ["#4477aa", "#cc6677", "#228833", "#aa7744"]

stats data skip 1 using 3 nooutput
n = STATS_blocks
array panel[n]
array label[n]
do for [i = 1:n] {
  stats data skip 1 index i-1 using (panel[i] = strcol(1), label[i] = sprintf("%s, slope %.2f", strcol(2), column(5)), $3) nooutput
}
panels = "samples width depth runs threads"
names = "'samples' 'units of a layer' 'hidden layers' 'runs' 'threads'"
times = "'time of a layer, s' 'time of an epoch, s' 'time of an epoch, s' 'processor time, s' 'time of an epoch, s'"

set multiplot layout 2,3 margins 0.08,0.985,0.12,0.98 spacing 0.09,0.16
do for [p = 1:words(panels)] {
  set xrange [*:*]; set yrange [*:*]
  low = 1e30; high = 0; least = 1e30; most = 0; own = ""
  do for [i = 1:n] {
    if (panel[i] eq word(panels, p)) {
      stats data skip 1 index i-1 using 3 name "X" nooutput
      stats data skip 1 index i-1 using 4 name "Y" nooutput
      low = X_min < low ? X_min : low
      high = X_max > high ? X_max : high
      least = Y_min < least ? Y_min : least
      most = Y_max > most ? Y_max : most
      own = own.sprintf(" %d", i)
    }
  }
  lines = words(own)
  set xrange [low / 1.3:high * 1.3]
  set yrange [least / 1.5:most * (most / least) ** (0.14 * lines + 0.12)]
  set xlabel word(names, p) offset 0,0.4
  set ylabel word(times, p) offset 0.5,0
  if (high > 5000) { set format x "10^{%L}"; set xtics auto; set mxtics default } \
    else { set format x "%g"; set xtics 1,(high > 60 ? 4 : 2); unset mxtics }
  plot for [k = 1:lines] data skip 1 index (word(own, k) - 1) using 3:4 \
    with linespoints pt 7 ps 0.6 lw 2 lc rgb colour[k] title label[word(own, k) + 0]
}
unset multiplot
