# best.gp - a thin dashed line at the epoch of the least test loss, which the line under the figure explains. Not run alone.
#
# Before: best_epoch (NaN: no line), epochs.gp and panel.gp.
if (best_epoch >= 0 && !is_text) {
  set arrow 50 from first at_epoch(best_epoch),graph 0 to first at_epoch(best_epoch),graph 1 nohead back lc rgb grey lw 0.8 dt 2
}
