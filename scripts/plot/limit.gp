# limit.gp - a dotted line at `limit`, named limit_name to the right of the last panel; nothing for NaN or 0. Not run alone.
if (limit > 0 && !is_text) {
  set arrow 1 from graph 0,first limit to graph 1,first limit nohead back lc rgb grey dt 3
  if (is_narrow) {
    set label 1 limit_name at graph 0.995,first limit right offset 0,0.45 font small_font textcolor rgb grey
  } else {
    if (across == n_columns - 1 || cell == n_cells - 1) {
      set label 1 limit_name at graph 1,first limit left offset 0.3,0 font small_font textcolor rgb grey
    }
  }
}
