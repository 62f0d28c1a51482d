# loss.gp - loss and accuracy on training and test samples against the epoch: means over repeats; one standard deviation
# is a band of the training samples, and dotted lines of the test samples.
#
# usage: gnuplot -c loss.gp loss.tsv loss.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row an epoch and set of samples; an empty line ends a set (train, test), two end a
# panel. Columns:
#   panel, set, epoch, loss_nats, loss_sd, accuracy, accuracy_sd, repeats

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("loss.gp")]
load here.'style.gp'

columns = "panel epoch loss_nats loss_sd accuracy accuracy_sd"
load here.'columns.gp'
array mean_of[2] = [c_loss_nats, c_accuracy]
array sd_of[2] = [c_loss_sd, c_accuracy_sd]

array low[2] = [1e300, 1e300]
array high[2] = [-1e300, -1e300]
do for [q = 1:2] {
  c = mean_of[q]; sd = sd_of[q]
  stats data skip 1 using (valid(c) ? (low[q] = min(low[q], column(c)), \
    high[q] = max(high[q], column(c) + or_zero(sd))) : 0, 0) nooutput
}
has_accuracy = high[2] > -1e300 # networks without classes have none
if (high[1] <= 0) { high[1] = 1 } # of one class there is nothing to lose
if (!has_accuracy) { low[2] = 0 }
low[1] = 0; high[1] = 1.04 * high[1]
low[2] = min(0.9, 0.1 * floor(10 * low[2])); high[2] = 1 + 0.02 * (1 - low[2])
stats data skip 1 using c_epoch nooutput
n_cells = STATS_blocks; n_quantities = has_accuracy ? 2 : 1

most_columns = 4
panel_width = n_cells == 1 ? 480 : 300; panel_height = 190
left = 75; right = 95; top = 40; bottom = 60; gap_x = 25; gap_y = 30
array set_color[2] = [0x332288, 0xD55E00]
array set_name[2] = ["train", "test"]
key_entries = 2; key_longest = 5; key_name(k) = set_name[k]; key_color(k) = set_color[k]
load here.'grid.gp'

load here.'epochs.gp'
array names[2] = ["loss  [nats]", "accuracy"]
if (is_text) { names[1] = "loss in nats, A train, B test"; names[2] = "accuracy, A train, B test" }
name_x = "epoch"

set multiplot
do for [cell = 0:n_cells - 1] {
  stats data skip 1 index cell using (title = strcol(c_panel), 1) nooutput
  do for [quantity = 0:n_quantities - 1] {
    name_y = names[quantity + 1]
    load here.'panel.gp'
    set yrange [low[quantity + 1]:high[quantity + 1]]
    c = mean_of[quantity + 1]; sd = sd_of[quantity + 1]
    if (is_text) {
      plot for [k = 1:2] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c)) \
        with points pt k
    } else {
      plot data skip 1 index cell every :::0::0 \
             using (at_epoch(column(c_epoch))):(max(low[quantity + 1], column(c) - or_zero(sd))): \
               (min(high[quantity + 1], column(c) + or_zero(sd))) \
             with filledcurves lc rgb faint(set_color[1]) notitle, \
           for [side = -1:1:2] data skip 1 index cell every :::1::1 \
             using (at_epoch(column(c_epoch))):(column(c) + side * column(sd)) \
             with lines lw 1 dt 3 lc rgb set_color[2] notitle, \
           for [k = 1:2] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c)) \
             with lines lw 1.7 lc rgb set_color[k] title (cell == 0 && quantity == 0 ? set_name[k] : "")
    }
  }
}
unset multiplot
if (out ne "") { unset output }
