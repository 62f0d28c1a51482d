# roofline.gp - rate against arithmetic intensity of the hot loops, below the roofs of arithmetic and of memory.
#
# usage: gnuplot -c roofline.gp roofline.tsv roofline.svg
#
# Columns: kind (roof, memory, kernel), name, intensity (flop/byte), rate (Gflop/s; of memory GB/s), share of the roof.

data = ARG1; out = ARG2
set terminal svg size 960,520 font "sans,13" background "#ffffff"
set output out
set datafile separator "\t"
set datafile missing ""
set logscale xy
low = 0.1; high = 30000; least = 3; most = 400
set xrange [low:high]
set yrange [least:most]
set xlabel "arithmetic intensity, flop/byte"
set ylabel "rate, Gflop/s"
set format x "%g"
set format y "%g"
set tics nomirror out
set border 3
set grid lc rgb "#e4e4e4"
set key outside right bottom Left reverse samplen 1 spacing 1.25 noenhanced font ",12"

n_rows = 0
array kind[99]
array name[99]
array px[99]
array py[99]
set table "/dev/null"
plot data skip 1 using (n_rows = n_rows + 1, kind[n_rows] = strcol(1), name[n_rows] = strcol(2), \
  px[n_rows] = strlen(strcol(3)) ? real(strcol(3)) : 0, py[n_rows] = real(strcol(4)), 1):(1) with points
unset table

array colour[12] = ["#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377", "#bb5500", "#000000", "#7755aa", "#117755", "#996633", "#555555"]
peak = py[1]
number = 0
entries = ""
do for [i = 1:n_rows] {
  if (kind[i] eq "roof") {
    if (i == 1) { set arrow from low,py[i] to high,py[i] nohead lw 2 lc rgb "#333333" back } \
      else { set arrow from low,py[i] to high,py[i] nohead lw 1.2 lc rgb "#333333" dt 2 back }
    set label sprintf("%s %.0f", name[i] eq "fma" ? "peak of fma" : name[i], py[i]) at high,py[i] left offset 0.5,(i == 1 ? 0.5 : i == 2 ? -0.5 : 0) font ",11" noenhanced
  }
  if (kind[i] eq "memory") {
    start = least / py[i] > low ? least / py[i] : low
    set arrow from start,start * py[i] to peak / py[i],peak nohead lw 1.2 lc rgb "#888888" back
    set label name[i] at start * 1.08,start * py[i] * 1.02 left offset 0.8,-0.1 font ",11" tc rgb "#555555" noenhanced
  }
  if (kind[i] eq "kernel") {
    number = number + 1
    entries = entries.sprintf(" %d", i)
    set label sprintf("%d", number) at px[i],py[i] center offset (px[i] < 0.3 ? 1.5 : 0),(px[i] < 0.3 ? 0 : number % 2 ? 0.9 : -0.9) font ",11" tc rgb colour[number]
  }
}
plot for [k = 1:number] "+" every ::0::0 using (px[int(word(entries, k))]):(py[int(word(entries, k))]) \
  with points pt 7 ps 0.9 lc rgb colour[k] title sprintf("%d  %s", k, name[int(word(entries, k))])
