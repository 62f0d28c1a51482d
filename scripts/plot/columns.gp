# columns.gp - the columns of the table by name: c_NAME is the number of the column with that name. Not run alone.
#
# Before: data; columns, the names that the script uses, separated by blanks. A name that the table lacks ends the script.
# gnuplot's own column("NAME") does not work with `index`: it takes the first line of every data set for a head line.
# The names that are evaluated come from the script, never from the table.
head = ""
set datafile separator "\n"
stats data index 0 every ::0:0:0:0 using (head = strcol(1), 0) nooutput
set datafile separator "\t"
number_of(name, i) = i > words(head) ? 0 : word(head, i) eq name ? i : number_of(name, i + 1)
do for [name in columns] {
  if (number_of(name, 1) == 0) { exit error sprintf("%s: no column '%s'; expected the columns %s", data, name, columns) }
  eval sprintf("c_%s = number_of('%s', 1)", name, name)
}
title_column = number_of("panel", 1) # titles of panels; scripts change it where they are in another column
