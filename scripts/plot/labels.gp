# labels.gp - how many layers there are, and their names for the key. Loaded by the other scripts, not run alone.
#
# Before: data, n_cells, c_layer, c_label, and sets_per_cell where a cell has more than one data set in the table.
# After: n_layers, layer_label[1 .. n_layers], key_entries, key_longest; layers_of[1 .. n_cells], the layers of a cell.
# place_of(k, cell) is where layer k of a cell stands among all: cells with fewer layers are aligned at the output, which
# so has one colour everywhere.
stats data skip 1 using (column(c_layer)) nooutput
n_layers = int(STATS_max)
array layer_label[n_layers]
array layers_of[n_cells]
if (!exists("sets_per_cell")) { sets_per_cell = 1 }
if (!exists("labels_at")) { labels_at = 0 } # which of them has the layers
do for [k = 1:n_layers] { layer_label[k] = sprintf("%d", k) }
do for [i = 1:n_cells] {
  stats data skip 1 index sets_per_cell*(i-1)+labels_at using (column(c_layer)) nooutput
  layers_of[i] = int(STATS_max)
}
place_of(k, cell) = int(k) + n_layers - layers_of[cell + 1]
do for [i = 1:n_cells] {
  stats data skip 1 index sets_per_cell*(i-1)+labels_at \
    using (layer_label[place_of(column(c_layer), i - 1)] = strcol(c_label), 1) nooutput
}
key_entries = n_layers; key_longest = 0
do for [k = 1:n_layers] { key_longest = max(key_longest, strlen(layer_label[k])) }
