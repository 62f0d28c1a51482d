# scale.gp - the ranges of numbered series, for axis.gp. Loaded by the other scripts, not run alone.
#
# Before: data, c_number, c_unit, c_value. After: n_series; low, high [1 .. n_series] of the values; is_fraction.
stats data skip 1 using (column(c_number)) nooutput
n_series = int(STATS_max)
array low[n_series]; array high[n_series]; array is_fraction[n_series]
do for [q = 1:n_series] { low[q] = 1e300; high[q] = -1e300; is_fraction[q] = 0 }
number = 1
stats data skip 1 using (number = int(column(c_number)), is_fraction[number] = strcol(c_unit) eq "fraction", \
  valid(c_value) ? (low[number] = min(low[number], column(c_value)), high[number] = max(high[number], column(c_value))) : 0, 0) nooutput
