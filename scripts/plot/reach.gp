# reach.gp - what no layer can reach on the plane, in grey: above H(Y), left of I(T;Y) = I(X;T); and H(X). Not run alone.
#
# Before: hx, hy (NaN or 0: not known), highest_x, highest_y, panel_width, panel_height; slope, that of the line I(T;Y) =
# I(X;T) if the axes have different units (H(X)/H(Y) of fractions); default 1; reach_at, the height of
# the name of that line in H(Y), default 0.72.
if (!exists("slope")) { slope = 1 }
if (!exists("reach_at")) { reach_at = 0.72 }
roof = hy > 0 ? hy : highest_y
angle = 180 / pi * atan2(slope * panel_height / highest_y, panel_width / highest_x)
set object 1 polygon from 0,0 to roof/slope,roof to highest_x,roof to highest_x,highest_y to 0,highest_y to 0,0 \
  fillcolor rgb pale fillstyle solid noborder behind
set label 1 "I(T;Y) = I(X;T)" at 0.5*reach_at*roof/slope,reach_at*roof rotate by angle center font small_font textcolor rgb grey
if (hy > 0) { set label 2 "H(Y)" at graph 0.995,first hy right offset 0,0.5 font small_font textcolor rgb grey }
if (hx == hx) {
  set arrow 3 from hx,0 to hx,roof nohead lc rgb grey dt 3
  set label 3 "H(X)" at hx,0 left rotate by 90 offset -0.7,0.3 font small_font textcolor rgb grey
}
