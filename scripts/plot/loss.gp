# loss.gp - loss, accuracy and usable information, H(Y) - cross-entropy, on training and test samples against the epoch:
# means over repeats; one standard deviation is a band of the training samples, and dotted lines of the test samples.
#
# usage: gnuplot -c loss.gp loss.tsv loss.svg [svg|png|pdf [MILLIMETRES [FONT]] | dumb [COLUMNS LINES]]
#
# The table has a head line and one row an epoch and set of samples; an empty line ends a set (train, test), two end a
# panel. Columns:
#   panel, set, epoch, loss_nats, loss_sd, accuracy, accuracy_sd, repeats, usable_bits, usable_sd, hy_bits,
#   label_entropy_nats, least_test_loss_epoch, unit
# unit: nats, or squared error: what the loss is, of which loss_nats then has the values.
# Dashed below the loss: H(p), its least possible value, where p(y|x) is known; what is above is KL(p||q).

data = ARG1; out = ARG2; format = ARGC > 2 ? ARG3 : "svg"
option_1 = ARGC > 3 ? ARG4 : ""; option_2 = ARGC > 4 ? ARG5 : ""
here = ARG0[1:strlen(ARG0) - strlen("loss.gp")]
load here.'style.gp'

columns = "panel epoch loss_nats loss_sd accuracy accuracy_sd usable_bits usable_sd hy_bits label_entropy_nats" \
  ." least_test_loss_epoch unit"
load here.'columns.gp'
array mean_of[3] = [c_loss_nats, c_accuracy, c_usable_bits]
array sd_of[3] = [c_loss_sd, c_accuracy_sd, c_usable_sd]

array low[3] = [1e300, 1e300, 1e300]
array high[3] = [-1e300, -1e300, -1e300]
do for [q = 1:3] {
  c = mean_of[q]; sd = sd_of[q]
  stats data skip 1 using (valid(c) ? (low[q] = min(low[q], column(c)), \
    high[q] = max(high[q], column(c) + or_zero(sd))) : 0, 0) nooutput
}
has_accuracy = high[2] > -1e300 # networks without classes have none
has_usable = high[3] > -1e300
stats data skip 1 using (high[3] = max(high[3], or_zero(c_hy_bits)), 0) nooutput
has_label_entropy = 0
stats data skip 1 using (has_label_entropy = has_label_entropy || valid(c_label_entropy_nats), 0) nooutput
if (high[1] <= 0) { high[1] = 1 } # of one class there is nothing to lose
if (!has_accuracy) { low[2] = 0 }
low[1] = 0; high[1] = 1.04 * high[1]
low[2] = min(0.9, 0.1 * floor(10 * low[2])); high[2] = 1 + 0.02 * (1 - low[2])
high[3] = high[3] > 0 ? 1.04 * high[3] : 1
low[3] = low[3] < 0 ? max(-0.5 * high[3], low[3]) : 0 # a network may be wrong by any number of bits
stats data skip 1 using c_epoch nooutput
n_cells = STATS_blocks; array shown[3]; n_quantities = 0
do for [q = 1:3] {
  if (q == 1 || (q == 2 && has_accuracy) || (q == 3 && has_usable)) { n_quantities = n_quantities + 1; shown[n_quantities] = q }
}

most_columns = 4
panel_width = n_cells == 1 ? 480 : 300; panel_height = 190
left = 75; top = 40; bottom = 60; gap_x = 25; gap_y = 30
array set_color[2] = [0x332288, 0xD55E00]
array set_name[2] = ["train", "test"]
least_name = "H(p), least loss"
key_entries = has_label_entropy ? 3 : 2; key_longest = has_label_entropy ? strlen(least_name) : 5
key_name(k) = k == 3 ? least_name : set_name[int(k)]; key_color(k) = k == 3 ? grey : set_color[int(k)]
right = has_label_entropy ? 150 : 95
load here.'grid.gp'

load here.'epochs.gp'
loss_unit = ""
stats data skip 1 using (loss_unit = loss_unit eq "" || loss_unit eq strcol(c_unit) ? strcol(c_unit) : "-", 0) nooutput
loss_name = loss_unit eq "nats" ? (is_text ? "loss in nats" : "loss  [nats]") : loss_unit eq "-" ? "loss" : "loss, ".loss_unit
array names[3] = [loss_name, "accuracy", "H(Y) - loss  [bits]"]
if (is_text) {
  names[1] = loss_name.", A train, B test"; names[2] = "accuracy, A train, B test"
  names[3] = "H(Y) - loss in bits, A train, B test"
}
name_x = "epoch"

set multiplot
do for [cell = 0:n_cells - 1] {
  stats data skip 1 index cell using (title = strcol(c_panel), hy = or_nan(c_hy_bits), \
    best_epoch = or_nan(c_least_test_loss_epoch), 1) nooutput
  do for [quantity = 0:n_quantities - 1] {
    q = shown[quantity + 1]
    name_y = names[q]
    load here.'panel.gp'
    load here.'best.gp'
    set yrange [low[q]:high[q]]
    if (q == 3) {
      limit = hy; limit_name = "H(Y)"
      load here.'limit.gp'
      if (low[3] < 0 && !is_text) { set arrow 2 from graph 0,first 0 to graph 1,first 0 nohead back lc rgb grey lw 0.7 }
    }
    c = mean_of[q]; sd = sd_of[q]
    if (is_text) {
      plot for [k = 1:2] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c)) \
        with points pt k
    } else {
      plot data skip 1 index cell every :::0::0 \
             using (at_epoch(column(c_epoch))):(max(low[q], column(c) - or_zero(sd))): \
               (min(high[q], column(c) + or_zero(sd))) \
             with filledcurves lc rgb faint(set_color[1]) notitle, \
           for [side = -1:1:2] data skip 1 index cell every :::1::1 \
             using (at_epoch(column(c_epoch))):(column(c) + side * column(sd)) \
             with lines lw 1 dt 3 lc rgb set_color[2] notitle, \
           for [k = 1:2] data skip 1 index cell every :::k-1::k-1 using (at_epoch(column(c_epoch))):(column(c)) \
             with lines lw 1.7 lc rgb set_color[k] title (cell == 0 && quantity == 0 ? set_name[k] : ""), \
           for [k = 1:(q == 1 ? 2 : 0)] data skip 1 index cell every :::k-1::k-1 \
             using (at_epoch(column(c_epoch))):c_label_entropy_nats with lines lw 1 dt 2 lc rgb set_color[k] notitle, \
           for [k = 1:(cell == 0 && quantity == 0 && has_label_entropy ? 1 : 0)] keyentry with lines lw 1 dt 2 lc rgb grey \
             title least_name
    }
  }
}
unset multiplot
if (out ne "") { unset output }
