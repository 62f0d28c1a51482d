# ticks.gp - ticks of logarithmic epochs, named where is_bottom is 1 (always in the colour bar). Not run alone.
set xtics ()
set cbtics ()
few = highest_epoch < 40 * lowest_epoch
do for [i = 0:9] {
  do for [m in few ? "1 2 5" : "1"] {
    tick = m * 10**i
    if (tick >= first_epoch && tick <= highest_epoch) {
      set xtics add ((is_bottom ? sprintf("%d", tick) : "") tick)
      set cbtics add (sprintf("%d", tick) tick)
    }
  }
}
if (lowest_epoch == epoch_zero) {
  set xtics add ((is_bottom ? "0" : "") epoch_zero)
  set cbtics add ("0" epoch_zero)
}
