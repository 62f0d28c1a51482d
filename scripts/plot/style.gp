# style.gp - what all figures share: colours of layers and epochs, axes. Loaded by the other scripts, not run alone.
#
# No text out of a table is evaluated: titles are string variables or `with labels`, and shown as they are.

set encoding utf8
set datafile separator "\t"
set minussign
is_text = format eq "dumb"

# Layers, told apart with any kind of colour blindness: Okabe & Ito (2008) without yellow, then some of Tol's muted (2021).
array layer_rgb[12] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0x882255, 0x999933, \
                       0x332288, 0x44AA99, 0xAA4499]
array layer_shape[12] = [7, 5, 9, 13, 11, 15, 6, 4, 8, 12, 10, 14]
layer_color(k) = layer_rgb[1 + (int(k) - 1) % 12]
layer_point(k) = is_text ? int(k) : layer_shape[1 + (int(k) - 1) % 12]
faint(rgb) = (0xC8 << 24) | rgb

# Epochs: viridis (Smith & van der Walt 2015) without its lightest end, on a logarithmic scale.
set palette defined (0 "#440154", 1 "#482878", 2 "#3E4989", 3 "#31688E", 4 "#26828E", 5 "#1F9E89", 6 "#35B779", \
                     7 "#6DCD59", 8 "#9FDA3A", 9 "#C5E021")
array shade_rgb[10] = [0x440154, 0x482878, 0x3E4989, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6DCD59, 0x9FDA3A, 0xC5E021]
channel(a, b, w, shift) = int((1 - w) * ((a >> shift) & 255) + w * ((b >> shift) & 255) + 0.5) << shift
mix(a, b, w) = channel(a, b, w, 16) | channel(a, b, w, 8) | channel(a, b, w, 0)
shade_at(u) = mix(shade_rgb[1 + int(u)], shade_rgb[2 + int(u)], u - int(u))
shade(u) = shade_at(8.9999 * (u < 0 ? 0 : u > 1 ? 1 : u)) # u from 0, the first epoch, to 1, the last

max(a, b) = a > b ? a : b
min(a, b) = a < b ? a : b
or_zero(c) = valid(c) ? column(c) : 0 # of a column that may hold nan
grey = 0x666666
pale = 0xF1F1F1

set border 3 lc rgb grey lw 1
set tics nomirror out textcolor rgb "#222222"
set title offset 0,-0.6
set key noenhanced samplen 1.5 spacing 1.1

# What scripts change where they need to.
epochs_across = 0 # 1: the x axis shows epochs
is_bottom = 1
key_shift = 0     # of the key to the right, in pixels
estimator = ""
