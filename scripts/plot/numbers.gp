# numbers.gp - names of layers where the table has only their numbers. Loaded by the other scripts, not run alone.
#
# Before and after: as labels.gp, without c_label.
c_label = c_layer
load here.'labels.gp'
do for [k = 1:n_layers] { layer_label[k] = sprintf("layer %d", k) }
do for [i = 1:n_cells] {
  if (layers_of[i] != n_layers) {
    do for [k = 1:n_layers - 1] { layer_label[k] = sprintf("output - %d", n_layers - k) }
  }
}
layer_label[n_layers] = "output"
