# style.gp - what all figures share: colours of layers and epochs, axes. Loaded by the other scripts, not run alone.
#
# No text out of a table is evaluated: titles are string variables or `with labels`, and shown as they are.

set encoding utf8
set datafile separator "\t"
set minussign
is_text = format eq "dumb"
is_latex = format eq "tex"
max(a, b) = a > b ? a : b
min(a, b) = a < b ? a : b

# What follows the format: in a terminal its columns and lines; else the width in millimetres and the font ("Times,8", points).
if (!exists("option_1")) { option_1 = ""; option_2 = "" }
text_columns = is_text && option_1 ne "" ? int(option_1) : 80
text_lines = is_text && option_2 ne "" ? int(option_2) : 24
paper = is_text || option_1 eq "" ? 0 : (option_1 + 0) * 96 / 25.4 # pixels; 0: as wide as the panels need
comma = is_text ? 0 : strstrt(option_2, ",")
font_name = is_text || option_2 eq "" || comma == 1 ? "DejaVu Sans" : comma ? substr(option_2, 1, comma - 1) : option_2
font_size = comma ? substr(option_2, comma + 1, strlen(option_2)) + 0 : paper > 0 ? 7.5 : 9 # points
em = font_size / 9.0 # lengths are for a font of 9 points = 12 pixels
unit = format eq "svg" ? 96 / 72.0 : 1 # SVG counts fonts in pixels
small_font = sprintf(",%g", 7.5 * em * unit)
middle_font = sprintf(",%g", 8 * em * unit)
large_font = sprintf(",%g", 9.5 * em * unit)
is_narrow = paper > 0 && paper < 480 * em # key and colour bar go below the panels

# Layers: colours that can be told apart with any kind of colour blindness, all with a contrast of at least 3.4 on white;
# the output is black. Scripts that count layers set n_layers, the largest number. Every five layers the colours begin
# again, with other shapes of points and dashes of lines.
array layer_rgb[5] = [0x332288, 0xD55E00, 0x009E73, 0xB4538A, 0x3D8FC4]
array layer_shape[6] = [7, 5, 9, 13, 11, 15]
array hollow_shape[6] = [6, 4, 8, 12, 10, 14]
n_layers = 0
slot_of(k) = int(k) == n_layers ? 6 : 1 + (int(k) - 1 + (int(k) - 1) / 5) % 5
layer_color(k) = int(k) == n_layers ? 0x111111 : layer_rgb[1 + (int(k) - 1) % 5]
set dashtype 6 (9, 2.5)
set dashtype 7 (9, 2.5, 2, 2.5)
set dashtype 8 (2.5, 2.5)
array layer_dashes[4] = [1, 6, 7, 8]
layer_dash(k) = int(k) == n_layers ? 1 : layer_dashes[1 + (int(k) - 1) / 5 % 4]
layer_point(k) = is_text ? int(k) : layer_shape[slot_of(k)]
layer_ring(k) = is_text ? int(k) : hollow_shape[slot_of(k)]
faint(rgb) = (0xC8 << 24) | rgb

# Epochs: viridis (Smith & van der Walt 2015) turned round, so that the last epochs are the darkest, and without its
# lighter half: every colour has a contrast of at least 3 on white. On a logarithmic scale.
set palette defined (0 "#22A087", 1 "#26828E", 2 "#31688E", 3 "#3E4989", 4 "#482878", 5 "#440154")
array shade_rgb[6] = [0x22A087, 0x26828E, 0x31688E, 0x3E4989, 0x482878, 0x440154]
channel(a, b, w, shift) = int((1 - w) * ((a >> shift) & 255) + w * ((b >> shift) & 255) + 0.5) << shift
mix(a, b, w) = channel(a, b, w, 16) | channel(a, b, w, 8) | channel(a, b, w, 0)
shade_at(u) = mix(shade_rgb[1 + int(u)], shade_rgb[2 + int(u)], u - int(u))
shade(u) = shade_at(4.9999 * (u < 0 ? 0 : u > 1 ? 1 : u)) # u from 0, the first epoch, to 1, the last

# Text in lines of at most n characters, broken at blanks where it has some.
blank_before(s, i) = i < 2 ? 0 : substr(s, i, i) eq " " ? i : blank_before(s, i - 1)
broken(s, n, b) = b ? substr(s, 1, b - 1)."\n".wrap(substr(s, b + 1, strlen(s)), n) : substr(s, 1, n)."\n".wrap(substr(s, n + 1, strlen(s)), n)
wrap(s, n) = strlen(s) <= n ? s : broken(s, n, blank_before(s, n + 1))
# Text in a small font: LaTeX is told so at the beginning of each line (figure/latex.c), where fonts of labels are ignored.
small_text(s) = is_latex ? "\356\200\200".(strstrt(s, "\n") ? substr(s, 1, strstrt(s, "\n"))."".small_text(substr(s, strstrt(s, "\n") + 1, strlen(s))) : s) : s
lines_of(s) = strstrt(s, "\n") ? 1 + lines_of(substr(s, strstrt(s, "\n") + 1, strlen(s))) : 1

or_zero(c) = valid(c) ? column(c) : 0 # of a column that may hold nan
or_nan(c) = valid(c) ? column(c) : NaN
# Lower end of a band of one standard deviation; on a logarithmic axis it is as far from the mean as the upper end looks.
band_low(mean, sd, is_log) = is_log ? mean / (1 + sd / mean) : mean - sd
grey = 0x666666
run_rgb = 0x8A8A8A # single networks beside their mean
pale = 0xF1F1F1

set border 3 lc rgb grey lw 1
set tics nomirror out textcolor rgb "#222222"
set title offset 0,-0.6
set key noautotitle noenhanced samplen 1.5 spacing 1.1

# What scripts change where they need to.
# Crosses on flagged points, at least n rows apart in series k, so that a flag at few epochs is drawn, too. panel.gp forgets
# the ones before.
array crossed_at[512]
cross_due(k, row, n) = row < crossed_at[1 + int(k) % 512] || row - crossed_at[1 + int(k) % 512] >= n \
  ? (crossed_at[1 + int(k) % 512] = row, 1) : 0

epochs_across = 0 # 1: the x axis shows epochs
is_bottom = 1
key_shift = 0     # of the key to the right, in pixels
estimator = ""
estimator_column = 0; note_column = 0 # of the table; 0: it has none
title_extra = 0   # characters that are added to the titles of panels
key_entries = 0; key_longest = 0 # of the key: how many, and characters of the longest
key_name(k) = layer_label[k] # the key below a narrow figure: texts, colours, symbols
key_color(k) = layer_color(k)
key_point(k) = 5
key_dash(k) = 1 # above 1, a line in the place of the symbol
has_colorbox = 0
least_panel = 120 # pixels, the width of a panel below which a figure for a paper has fewer in a row
keeps_right = 0   # 1: what is right of the panels stays there in a narrow figure
