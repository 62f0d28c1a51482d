# labels.gp - how many layers there are, and their names for the key. Loaded by the other scripts, not run alone.
#
# Before: data, layer_column, label_column. After: n_layers, layer_label[1 .. n_layers].
stats data skip 1 using (column(layer_column)) nooutput
n_layers = int(STATS_max)
array layer_label[n_layers]
do for [k = 1:n_layers] { layer_label[k] = sprintf("%d", k) }
stats data skip 1 using (layer_label[int(column(layer_column))] = strcol(label_column), 1) nooutput
