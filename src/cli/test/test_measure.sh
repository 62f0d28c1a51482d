#!/bin/sh
# infoplane measure: shown cases, all forms of output, and files that are no distributions.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

echo 1,0,0 >onehot.csv
echo 0.7,0.2,0.1 >fair.csv
echo 0.9,0.05,0.05 >good.csv
printf '0.25 0.25\n0.5 0\n' >joint.txt
printf '0.5,0.5\n1,0\n' >two.csv
printf '0.5\n0.25\n0.25\n' >column.csv

# -ln 0.7 and -ln 0.9
expect 0 "H(P,Q)    0.356675 nat" "$infoplane" measure onehot.csv fair.csv --nats
expect 0 "KL(P||Q)  0.356675 nat" "$infoplane" measure onehot.csv fair.csv --nats
expect 0 "H(P,Q)    0.105361 nat" "$infoplane" measure --nats onehot.csv good.csv
expect 0 "KL(P||Q)  0.105361 nat" "$infoplane" measure --nats onehot.csv good.csv
expect 0 "KL(P||Q)  0.514573 bit" "$infoplane" measure onehot.csv fair.csv
expect 0 "KL(Q||P)  inf bit" "$infoplane" measure onehot.csv fair.csv
expect 0 '"kl_qp":"inf"' "$infoplane" measure onehot.csv fair.csv --json
expect 0 '"unit":"bit"' "$infoplane" measure onehot.csv fair.csv --json

# p(x,y) = 1/4, 1/4; 1/2, 0: H(X) = 1, H(X,Y) = 1.5, H(Y) = h(1/4)
expect 0 "H(X)      1.000000 bit" "$infoplane" measure joint.txt --joint
expect 0 "H(X,Y)    1.500000 bit" "$infoplane" measure joint.txt --joint
expect 0 "H(Y|X)    0.500000 bit" "$infoplane" measure joint.txt --joint
expect 0 "I(X;Y)    0.311278 bit" "$infoplane" measure joint.txt --joint
expect 0 "H(X|Y)    0.688722 bit" "$infoplane" measure joint.txt --joint

expect 0 "H(P)      1.500000 bit" "$infoplane" measure column.csv
expect 0 "line 2
  H(P)      0.000000 bit" "$infoplane" measure two.csv
expect 0 "H(P)      1.500000 bit" sh -c "cat column.csv | '$infoplane' measure -"

# a header of numbers, decimal commas, and options that override what was found out
printf '0,1\n0.5,0.5\n' >numbered.csv
expect 0 "H(P)      1.000000 bit" "$infoplane" measure numbered.csv
expect 0 "numbered.csv: read as: a first line of names, some of them numbers" "$infoplane" measure numbered.csv
expect 0 "H(P)      0.000000 bit" "$infoplane" measure numbered.csv --header no
printf '0,5;0,25;0,25\n' >comma.csv
expect 0 "H(P)      1.500000 bit" "$infoplane" measure comma.csv
expect 0 "comma.csv: read as: semicolons between cells, decimal commas" "$infoplane" measure comma.csv
expect 1 "comma.csv:1:1: expected a number, got '0,5'; for decimal commas, set decimal to comma" "$infoplane" measure comma.csv --decimal point
expect 2 "did you mean 'blank'?" "$infoplane" measure comma.csv --separator blanks

printf '0.5,0.6\n' >sum.csv
printf '0.5,0.5\n1.5,-0.5\n' >negative.csv
printf '0.5,nan\n' >nan.csv
: >empty.csv
expect 1 "sum.csv:1:1: the 2 cells from here sum to 1.1" "$infoplane" measure sum.csv
expect 1 "sum to 100; a distribution sums to 1 (within 1e-06); if these are counts, divide them by their sum" sh -c "echo 40,60 | '$infoplane' measure - --joint"
[ -z "$("$infoplane" measure sum.csv 2>&1 | grep counts)" ] || fail "advice on counts for fractions"
expect 1 "negative.csv:2:5: -0.5 is not a probability" "$infoplane" measure negative.csv
expect 1 "nan.csv:1:5: a missing value, 'nan'; expected a finite number" "$infoplane" measure nan.csv
expect 1 "empty.csv: contains no numbers" "$infoplane" measure empty.csv
expect 1 "joint.txt:1:1: all lines together sum to 1" "$infoplane" measure joint.txt
expect 1 "sum to 2" "$infoplane" measure two.csv --joint
expect 1 "fair.csv:1:1: got 3 cells per line, expected 2 as in two.csv" "$infoplane" measure two.csv fair.csv
expect 1 "two.csv:1:1: got 2 lines, expected 1 as in sumless.csv" sh -c "echo 0.5,0.5 >sumless.csv; '$infoplane' measure sumless.csv two.csv"
expect 1 "missing.csv: cannot be opened" "$infoplane" measure missing.csv
expect 2 "got 0 files, expected one or two" "$infoplane" measure
expect 2 "unknown option '-q'" "$infoplane" measure fair.csv -q
expect 2 "unknown option '--nat'; did you mean '--nats'?" "$infoplane" measure fair.csv --nat
[ -z "$("$infoplane" measure negative.csv 2>/dev/null)" ] || fail "printed before all was checked"
exit $failures
