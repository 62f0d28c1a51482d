# axis.gp - the vertical axis of the series `number`, the same in all of its panels. Loaded by the other scripts, not run alone.
#
# Before: scale.gp. After: is_log, the range of y. The axis is logarithmic if values above 0 span two decades, unless they
# are fractions. No line is on the edge of the panel, where it could not be seen: of values from 0 on, the range begins
# a little below 0.
is_log = !is_fraction[number] && low[number] > 0 && high[number] > 100 * low[number]
if (is_log) {
  set logscale y
  set yrange [0.8 * low[number]:1.25 * high[number]]
} else {
  unset logscale y
  is_flat = !(high[number] > low[number])
  room = is_flat ? 0.5 : 0.04 * (high[number] - low[number])
  if (is_flat && low[number] == 0) {
    set yrange [-0.05:1]
  } else {
    set yrange [(low[number] >= 0 && !is_flat ? max(-0.25 * room, low[number] - room) : low[number] - room):high[number] + room]
  }
}
