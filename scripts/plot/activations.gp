# activations.gp - how the activations of each layer are spread, against the epoch: the share of them in every field.
#
# usage: gnuplot -c activations.gp activations.tsv activations.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a field that is not empty; an empty line ends an epoch, two end a layer. Columns:
#   run, layer, label, epoch, next_epoch, from, to, share
# A field reaches from its epoch to the next one. All samples and units of the layer count alike.

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("activations.gp")]
load here.'style.gp'

columns = "run layer label epoch next_epoch from to share"
load here.'columns.gp'

run = ""
stats data skip 1 using (run = strcol(c_run), column(c_layer)) nooutput
n_cells = STATS_blocks; n_quantities = 1
array low[n_cells]
array high[n_cells]
do for [i = 1:n_cells] {
  stats data skip 1 index i-1 using c_from:c_to nooutput
  low[i] = STATS_min_x; high[i] = STATS_max_y
}

most_columns = 3
panel_width = 280; panel_height = 190
left = 70; right = 110; top = 60; bottom = 60; gap_x = 50; gap_y = 45
has_colorbox = 1; title_column = c_label
load here.'grid.gp'

load here.'epochs.gp'
set palette defined (0 "#FDE725", 1 "#B5DE2B", 2 "#6ECE58", 3 "#35B779", 4 "#1F9E89", 5 "#26828E", 6 "#31688E", 7 "#3E4989", \
                     8 "#482878", 9 "#440154") # cells, not points on white: all of viridis
set cbtics auto
set logscale cb
set cbrange [0.0001:1]
set cbtics format "10^{%L}" out
set cblabel "share of the activations" offset 1,0
unset key
name_x = "epoch"
name_y = "activation"
right_end(e, next) = next > e ? next * 1.01 : e * 1.02 # fields overlap a little: no gaps between them

set multiplot
quantity = 0
do for [cell = 0:n_cells - 1] {
  stats data skip 1 index cell using (title = strcol(c_label), 1) nooutput
  load here.'panel.gp'
  set cbtics auto
  set yrange [low[cell + 1]:high[cell + 1]]
  set ytics format "%g" # every layer has its own range
  if (cell == 0 && !is_text) { set label 98 run at screen 0.5,1 - 16.0 * em / height center noenhanced font large_font }
  if (is_text) {
    plot data skip 1 index cell \
      using (at_epoch(column(c_epoch))):(column(c_share) > 0.01 ? (column(c_from) + column(c_to)) / 2 : NaN) \
      with points pt 1
  } else {
    plot data skip 1 index cell \
      using (at_epoch(column(c_epoch))):c_from:(at_epoch(column(c_epoch))): \
        (right_end(at_epoch(column(c_epoch)), column(c_next_epoch))):c_from: \
        (column(c_to) + 0.06 * (column(c_to) - column(c_from))):c_share \
      with boxxyerror fillstyle solid noborder lc palette
    unset colorbox
  }
}
unset multiplot
if (out ne "") { unset output }
