#!/bin/sh
# infoplane data: describing, making and converting datasets, and mistakes a user makes.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

# describing: numbers of the sphere as the reference has them
expect 0 "samples     4096 (3276 train, 820 test)" "$infoplane" data sphere
expect 0 "H(Y)        0.9991571209 bit" "$infoplane" data sphere --info
expect 0 "H(X)        12 bit" "$infoplane" data sphere
expect 0 "1 (2118)" "$infoplane" data sphere
expect 0 "labels      soft" "$infoplane" data sphere --labels soft
expect 0 "H(Y|X)      0.10051" "$infoplane" data sphere --labels=soft
expect 0 '"ixy_bits": 0.8994' "$infoplane" data sphere --labels soft --json
expect 0 "(50 train, 7 test)" "$infoplane" data sphere --max-train 50 --max-test 7 --split stratified
expect 0 "from -1 to 1" "$infoplane" data sphere --scale symmetric
expect 0 "of the model that generated the targets" "$infoplane" data linear_gaussian --samples 100 --targets 2

# converting: the digest survives, through every format
sphere=$("$infoplane" data sphere | grep sha256)
for ending in h5 csv tsv; do
  expect 0 "wrote sphere.$ending" "$infoplane" data sphere -o "sphere.$ending"
  expect 0 "$sphere" "$infoplane" data "sphere.$ending"
  absent "sphere.$ending.part"
done
printf 'kind,u,v\nb,1,2\na,3,4.5\n' >small.csv
expect 0 "classes     2: a (1), b (1)" "$infoplane" data small.csv --label-column kind -o small.h5 --info --train-fraction 0.5
expect 0 "classes     2: a (1), b (1)" "$infoplane" data small.h5

# CSV as others write it: what was guessed is reported, and an option overrides it
printf '0,1,label\n5.5,3,A\n4,1,B\n' >numbered.csv
expect 0 "numbered.csv: read as: a first line of names, some of them numbers, labels in column label" "$infoplane" data numbered.csv
expect 0 "classes     3: A (1), B (1), label (1)" "$infoplane" data numbered.csv --header no
printf ';u;v\n0;1,5;a\n1;2;b\n' >german.CSV
expect 0 "semicolons between cells, decimal commas, a first line of names, labels in column v, column 1 left out" "$infoplane" data german.CSV
expect 0 "inputs      2, from 0 to 2" "$infoplane" data german.CSV --index-column none
expect 1 "got '1,5'; for decimal commas, set decimal to comma" "$infoplane" data german.CSV --decimal point
printf 'u,split,target1,label\n1,2,3,a\n4,5,6,b\n' >plain.csv
expect 0 "inputs      3," "$infoplane" data plain.csv --plain-columns
expect 0 "targets     2" "$infoplane" data plain.csv --plain-columns --target-columns u,3
printf '1700000000,0\n1700000001,1\n1700000002,0\n' >times.csv
expect 0 "warning: 3 distinct inputs become 1 as float32" "$infoplane" data times.csv
expect 2 "did you mean 'semicolon'?" "$infoplane" data plain.csv --separator semicolons

# mistakes
expect 2 "got 0 datasets, expected one" "$infoplane" data
expect 2 "did you mean 'stratified'?" "$infoplane" data sphere --split stratifid
expect 2 "unknown value 'smooth'" "$infoplane" data sphere --labels smooth
expect 2 "train_fraction: expected a number in (0, 1], got 0" "$infoplane" data sphere --train-fraction 0
expect 2 "expected an integer, got 'many'" "$infoplane" data sphere --max-train many
expect 1 "did you mean 'sphere'?" "$infoplane" data spere
expect 1 "unknown dataset 'none.csv'" "$infoplane" data none.csv
expect 1 "small.csv:2:1: column kind: expected a number, got 'b'" "$infoplane" data small.csv
expect 2 "unknown extension" "$infoplane" data sphere -o sphere.xlsx
expect 1 "nowhere/x.h5" "$infoplane" data sphere -o nowhere/x.h5
: >empty.mat
expect 1 "empty.mat: is empty" "$infoplane" data empty.mat

# a folder that cannot be written, a limit of file sizes: one error, nothing half-written
if [ "$(id -u)" != 0 ]; then
  mkdir locked && chmod a-w locked
  expect 1 "locked/x.csv" "$infoplane" data sphere -o locked/x.csv
  absent locked/x.csv locked/x.csv.part
fi
for name in x.csv x.h5; do
  # shellcheck disable=SC2016 # for the inner shell
  expect 1 "$name.part" sh -c 'ulimit -f 20; exec "$0" data sphere -o "$1"' "$infoplane" $name
  absent $name $name.part
done
exit $failures
