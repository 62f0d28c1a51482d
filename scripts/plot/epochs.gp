# epochs.gp - logarithmic epochs on the x axis and in the colour bar. Loaded by the other scripts, not run alone.
#
# Before: data and c_epoch. After: first_epoch and last_epoch (of those above 0), epoch_zero, lowest_epoch and
# highest_epoch (ends of the axis), position_of(e) from 0 to 1 along it; the ranges and ticks of x and cb are set
# (epochs_across = 0 after this: another x axis, only the colour bar shows epochs).
# Epoch 0 has no place on a logarithmic axis: it stands at half of the first epoch after it, under the tick "0".

first_epoch = 1e300; last_epoch = 0.0; earliest = 1e300
stats data skip 1 using (e = column(c_epoch), earliest = min(earliest, e), last_epoch = max(last_epoch, e), \
  first_epoch = e > 0 ? min(first_epoch, e) : first_epoch, 0) nooutput
if (last_epoch <= 0) { first_epoch = 1.0; last_epoch = 1.0 }
epoch_zero = first_epoch / 2.0
at_epoch(e) = e > 0 ? e : epoch_zero
lowest_epoch = earliest > 0 ? first_epoch : epoch_zero
highest_epoch = max(last_epoch, 2 * lowest_epoch)
position_of(e) = log(at_epoch(e) / lowest_epoch) / log(highest_epoch / lowest_epoch)

set logscale x
set logscale cb
set xrange [lowest_epoch:highest_epoch]
set cbrange [lowest_epoch:highest_epoch]
epochs_across = 1
load here.'ticks.gp'
