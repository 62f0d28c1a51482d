# series.gp - chosen series above each other over the same epochs: means over repeats, and a band of one standard deviation.
#
# usage: gnuplot -c series.gp series.tsv series.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row a layer and epoch; an empty line ends a line of points, two end a series of a
# configuration. Columns:
#   panel, number, series, unit, layer, label, epoch, value, sd, repeats, estimator, least_test_loss_epoch, note
# `number` counts the series from 1; all configurations have all of them, and the same vertical axis. Layer 0 is the
# whole network: a line of the training samples with a band, and a dashed line of the test samples.

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("series.gp")]
load here.'style.gp'

columns = "panel number series unit layer label epoch value sd estimator least_test_loss_epoch note"
load here.'columns.gp'
load here.'scale.gp'

n_quantities = n_series; n_cells = STATS_blocks / n_series
array names[n_series]
labels_at = -1 # the first series that has layers
stats data skip 1 using (number = int(column(c_number)), names[number] = strcol(c_series), \
  labels_at = labels_at < 0 && column(c_layer) > 0 ? number - 1 : labels_at, 0) nooutput
has_layers = labels_at >= 0
sets_per_cell = n_series
n_layers = 0; array layer_label[1]
if (has_layers) { load here.'labels.gp' }

most_columns = min(n_cells, 4)
panel_width = n_cells == 1 ? 480 : 300; panel_height = 95
left = 75; right = has_layers ? 175 : 30; top = 55; bottom = 60; gap_x = 25; gap_y = 27
estimator_column = c_estimator; note_column = c_note
key_dash(k) = layer_dash(k)
load here.'grid.gp'
load here.'epochs.gp'
unset key # it would have a column for every three layers, as many as a low panel has lines
name_x = "epoch"

set multiplot
do for [cell = 0:n_cells - 1] {
  do for [quantity = 0:n_series - 1] {
    at = cell * n_series + quantity
    number = quantity + 1
    layer = 0
    stats data skip 1 index at using (title = strcol(c_panel), best_epoch = or_nan(c_least_test_loss_epoch), \
      layer = max(layer, column(c_layer)), 0) nooutput
    name_y = names[number]
    load here.'panel.gp'
    load here.'best.gp'
    if (is_text) { set title title.", ".names[number] } else {
      set ylabel ""
      set title shown_title offset 0,0.7
      set label 1 names[number] at graph 0,1 left offset 0,0.55 noenhanced font small_font
    }
    if (at == 0 && !is_text && !is_narrow) {
      x_key = width - right + 25.0 * em
      do for [k = 1:n_layers] {
        y_key = (height - top - (20.0 * k - 12) * em) / height
        set arrow 200 + k from screen x_key / width,y_key to screen (x_key + 18 * em) / width,y_key nohead lw 1.5 dt layer_dash(k) lc rgb layer_color(k)
        set label 200 + k layer_label[k] at screen (x_key + 26 * em) / width,y_key left noenhanced
      }
    }
    load here.'axis.gp'
    m = int(layer) == 0 ? 0 : layers_of[cell + 1]
    n_lines = m > 0 ? m : 2
    color(k) = m > 0 ? layer_color(place_of(k, cell)) : 0x111111
    dash(k) = m > 0 ? layer_dash(place_of(k, cell)) : 1
    if (is_text) {
      plot for [k = 1:n_lines] data skip 1 index at every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c_value)) \
        with points pt k
    } else {
      plot for [k = (m > 0 ? m : 1):1:-1] data skip 1 index at every :::k-1::k-1 \
             using (at_epoch(column(c_epoch))):(band_low(column(c_value), or_zero(c_sd), is_log)):(column(c_value) + or_zero(c_sd)) \
             with filledcurves lc rgb faint(color(k)) notitle, \
           for [k = (m > 0 ? m : 1):1:-1] data skip 1 index at every :::k-1::k-1 \
             using (at_epoch(column(c_epoch))):(column(c_value)) with lines lw 1.5 dt dash(k) lc rgb color(k) notitle, \
           for [k = 2:(m > 0 ? 1 : 2)] data skip 1 index at every :::k-1::k-1 \
             using (at_epoch(column(c_epoch))):(column(c_value)) with lines lw 1.5 dt 2 lc rgb color(k) notitle
    }
  }
}
unset multiplot
if (out ne "") { unset output }
