#!/bin/sh
# infoplane claims as a user meets it: a claim of one's own from its file to its verdict, a table that is changed, run files
# of other programs, and the committed claims.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

cat >own.yaml <<'YAML'
claim: own
paper: Nobody 2026
statement: The loss decreases.
experiment: experiment.yaml
seeds: {first: 1, looks: [3, 5]}
estimators: [edges]
layers: hidden
parts:
  learns: mean(first(train_loss) - last(train_loss)) > 0
  informs: share_of_runs(last(ixt) > 0.5) > 0.4
also: {rises: mean(rise(ixt)) > 0}
verdict: learns and informs
YAML
cat >experiment.yaml <<'YAML'
dataset: {name: sphere}
network: {hidden: [4, 3, 2]}
training: {epochs: 40, batch_size: 512}
log: {count: 12, final: true}
YAML

expect 0 "usage: infoplane claims" "$infoplane" claims --help
expect 0 "cross-fitted peak" "$infoplane" claims --help-rules
expect 1 "no directory of claims" "$infoplane" claims
expect 2 "no claim '99'" "$infoplane" claims show 99 --rules "$INFOPLANE_SOURCE/experiments/claims"
expect 2 "expected claims" "$infoplane" claims run
expect 2 "give one of" "$infoplane" claims --check --json own.yaml
expect 0 "not run" "$infoplane" claims own.yaml -o out
expect 0 "3 seeds: 3 runs, about" "$infoplane" claims run own.yaml --dry-run -o out
absent out

expect 0 "own                                holds" "$infoplane" claims run own.yaml -o out -j1
"$infoplane" claims run own.yaml -o out -j1 2>&1 | grep -c "^own  *holds" | grep -qx 1 || fail "the verdict is printed more than once"
for f in table.tsv.gz verdict.tsv verdict.png; do [ -e "out/own/$f" ] || fail "$f was not written"; done
expect 0 "verdict: holds" "$infoplane" claims show own.yaml -o out
if command -v h5dump >/dev/null; then
  h5dump -n "$(ls out/own/main/runs/*.h5 | head -1)" | grep -q activation && fail "the runs of a claim keep their activations"
fi
expect 0 "1 verdict computed again" "$infoplane" claims --check own.yaml -o out
expect 1 "nowhere has no table of this claim" "$infoplane" claims --check own.yaml -o nowhere
mv out/own/table.tsv.gz kept.gz
expect 1 "its table, table.tsv.gz, is missing" "$infoplane" claims --check own.yaml -o out
mv kept.gz out/own/table.tsv.gz
expect 0 '"verdict": "holds"' "$infoplane" claims --json own.yaml -o out
expect 0 "| **holds** |" "$infoplane" claims --markdown own.yaml -o out
expect 0 "1 of 1 claims have been run, and 1 decided" "$infoplane" claims --markdown own.yaml -o out
# its row in the table of claims: the part that decides, its effect, what it needs, the layers; in JSON without quotes
row=$("$infoplane" claims --markdown own.yaml -o out | grep '^| \[own\].*Nobody')
echo "$row" | grep -qE '^\| \[own\]\(#claim-own\) \| The loss decreases\. \| Nobody 2026 \| \*\*holds\*\* \| `(learns|informs)` holds most narrowly: [0-9.]+ in layer [1-3] by `edges`, needs > 0(\.4)? \| 1 to 3 \| 5 \| (yes|no) \|$' ||
  fail "the row of the claim: $row"
"$infoplane" claims --json own.yaml -o out | grep -qF "\"why\": \"$(echo "$row" | cut -d '|' -f 6 | tr -d '\140' | sed 's/^ //; s/ $//')\"" || fail "JSON has another reason than $row"
expect 0 '"tested_layers": "1 to 3"' "$infoplane" claims --json own.yaml -o out
absent out/own/plane.svg # its rule does not read I(T;Y)
expect 0 "The test that holds most narrowly: by \`edges\` in layer" "$infoplane" claims --markdown own.yaml -o out
expect 0 "- [szt2017.yaml](../experiments/szt2017.yaml) with" "$infoplane" claims --markdown 1 --rules "$INFOPLANE_SOURCE/experiments/claims" -o out
printf 'What others saw.\n\nAnd why.\n\n\n' >out/own/text.md # the paragraphs written by hand: after the verdict, before the tests
"$infoplane" claims --markdown own.yaml -o out | awk '
  /Verdict: holds/ { verdict = NR } /^What others saw/ { text = NR } /^And why/ { more = NR } /^\| test / { tests = NR }
  END { exit !(verdict && verdict < text && text + 2 == more && more + 2 == tests) }' || fail "text.md is not in its place"
rm out/own/text.md
"$infoplane" claims --json own.yaml -o out | grep -q nan && fail "JSON with nan"

for words in show list; do
  "$infoplane" claims $words own.yaml -o out | awk 'length > 80 { print; bad = 1 } END { exit bad }' || fail "claims $words prints wide lines"
done

# the same table, read again, gives the same file
cp out/own/table.tsv.gz before.gz
expect 0 "holds" "$infoplane" claims run own.yaml --gather -o out
[ "$(gzip -dc before.gz | grep -v ^made | cksum)" = "$(gzip -dc out/own/table.tsv.gz | grep -v ^made | cksum)" ] || fail "another table of the same runs"

# an undecided claim: the runs of its second look do not exist, so --gather stays at the first one
sed 's/informs: .*/informs: corr(pearson, last(ixt), last(ity)) > 0/; s/^claim: own/claim: open/; s/3, 5/3, 9/' own.yaml >open.yaml # needs four seeds
mkdir -p out/open && cp -r out/own/main out/open/
"$infoplane" claims run open.yaml --gather -o out >/dev/null 2>&1 || fail "an undecided claim is no failure"
n=$(gzip -dc out/open/table.tsv.gz | awk '$1 == "seeds" { print NF - 1 }')
expect 0 "cannot be told: edges undecided" "$infoplane" claims show open.yaml -o out
expect 0 "An undecided test: by \`edges\` in layer" "$infoplane" claims --markdown open.yaml -o out
row=$("$infoplane" claims --markdown open.yaml -o out | grep '^| \[open\].*Nobody')
echo "$row" | grep -qE '`learns` is open: [-0-9.]+ \(-[0-9.]+ to [0-9.]+\) in layer [1-3] by `edges`, needs > 0 \| 1 to 3 \| 3 \| - \|' || fail "the row of an undecided claim: $row"
[ -s out/open/plane.svg ] || fail "no information plane of a claim that reads I(X;T) and I(T;Y)"
expect 0 "(claims/open/plane.svg)" "$infoplane" claims --markdown open.yaml -o out
[ "$n" = 3 ] || fail "--gather counts seeds that were not trained: $n"

rm -r out/open/main
expect 1 "no run of its conditions exists" "$infoplane" claims run open.yaml --gather -o out

# a table with other numbers has another verdict, which --check finds
gzip -dc out/own/table.tsv.gz | awk -F '\t' -v OFS='\t' '
  $1 == "series" { loss = $2 == "train_loss" }
  $1 == "=" && loss { for (i = 2; i <= NF; i++) $i = 0.7 + 0.001 * i }
  { print }' | gzip -n >changed.gz
cp changed.gz out/own/table.tsv.gz
expect 1 "decision is 'fails' when it is computed again" "$infoplane" claims --check own.yaml -o out
expect 0 "fails" "$infoplane" claims own.yaml -o out
expect 1 "1 of 1 verdicts differ" "$infoplane" claims check own.yaml -o out
expect 0 "fails" "$infoplane" claims decide own.yaml -o out
expect 0 "as stored" "$infoplane" claims --check own.yaml -o out
gzip -dc before.gz | sed '/^seeds/s/2/7/' | gzip -n >out/own/table.tsv.gz
expect 1 "not those of a look" "$infoplane" claims --check own.yaml -o out
head -c 200 before.gz >out/own/table.tsv.gz
expect 1 "table.tsv.gz" "$infoplane" claims --check own.yaml -o out
cp before.gz out/own/table.tsv.gz

# a rule that was changed after its run
sed 's/> 0.5/> 0.4/' own.yaml >other.yaml
expect 1 "rule was changed after the table was made" "$infoplane" claims --check other.yaml -o out

expect 0 "rule changed, run it again" "$infoplane" claims other.yaml -o out
expect 0 "The rule was changed after its run" "$infoplane" claims --markdown other.yaml -o out
expect 0 '"rule_changed": true' "$infoplane" claims --json other.yaml -o out

# an experiment that was changed after its run: its verdict remains, and --check says so
expect 0 "holds" "$infoplane" claims decide own.yaml -o out
mv experiment.yaml kept.yaml
sed 's/epochs: 40/epochs: 80/' kept.yaml >experiment.yaml
expect 0 "another configuration than experiment.yaml now has" "$infoplane" claims --check own.yaml -o out
expect 1 "on experiments that have changed" "$infoplane" claims --check --strict own.yaml -o out
expect 1 "was trained with another configuration" "$infoplane" claims run own.yaml --gather -o out
echo 'nonsense: 1' >experiment.yaml
expect 0 "its experiment cannot be compared" "$infoplane" claims --check own.yaml -o out
mv kept.yaml experiment.yaml
expect 0 "as stored" "$infoplane" claims --check --strict own.yaml -o out

# a rule with `not` shows the test that it turns round
sed 's/^verdict:.*/verdict: not learns/; s/^claim: own/claim: turned/' own.yaml >turned.yaml
mkdir -p out/turned && cp -r out/own/main out/turned/
expect 0 "turned                             fails" "$infoplane" claims run turned.yaml --gather -o out
expect 0 "The test that holds most clearly" "$infoplane" claims --markdown turned.yaml -o out
expect 0 ", needs not > 0 | 1 to 3 |" "$infoplane" claims --markdown turned.yaml -o out

# run files of one's own, in two conditions
mkdir files
cp out/own/main/runs/*.h5 files/
sed 's|^experiment:.*|conditions: {main: {files: [files]}, again: {files: [files]}}|; s|^also:.*|also: {same: mean(last(ixt) - last(ixt) @ again) within 0.1}|; s/^claim: own/claim: files/' own.yaml >files.yaml
expect 0 "holds" "$infoplane" claims run files.yaml -o out
"$infoplane" train experiment.yaml --set seed=9 --set training.epochs=80 -o files/longer.h5 >/dev/null 2>&1 || fail "train"
"$infoplane" estimate files/longer.h5 --estimator edges >/dev/null 2>&1 || fail "estimate"
expect 1 "logs other epochs than the runs before it" "$infoplane" claims run files.yaml -o out
rm files/longer.h5

# a first run that diverged at once does not determine the epochs of the others
"$infoplane" train experiment.yaml --set seed=0 --set network.activation=relu --set training.optimizer=sgd --set training.learning_rate=1e30 -o files/a.h5 >/dev/null 2>&1
"$infoplane" estimate files/a.h5 --estimator edges >/dev/null 2>&1 || fail "estimate"
expect 0 "holds" "$infoplane" claims run files.yaml -o out
[ "$(gzip -dc out/files/table.tsv.gz | awk '$1 == "states" { print $2 $3; exit }')" = fd ] || fail "the run did not diverge"
rm files/a.h5
expect 0 "mean(last(ixt) - last(ixt) @ again) within 0.1" "$infoplane" claims show files.yaml -o out
mv files/*seed=1.h5 first.h5
cp first.h5 files/copy.h5
cp first.h5 files/another.h5
expect 1 "a second run with seed 1" "$infoplane" claims run files.yaml -o out
rm files/copy.h5 files/another.h5
sed 's/\[edges\]/[ebab]/' files.yaml >ebab.yaml
expect 1 "ebab" "$infoplane" claims run ebab.yaml -o out

# all committed claims can be read, and all committed verdicts are those of their tables
expect 0 "01-szt2017-compression" "$infoplane" claims --rules "$INFOPLANE_SOURCE/experiments/claims" -o "$INFOPLANE_SOURCE/results/claims"
expect 0 "as stored" "$infoplane" claims --check --rules "$INFOPLANE_SOURCE/experiments/claims" -o "$INFOPLANE_SOURCE/results/claims"
"$infoplane" claims --markdown --rules "$INFOPLANE_SOURCE/experiments/claims" -o "$INFOPLANE_SOURCE/results/claims" >page.md
cmp -s page.md "$INFOPLANE_SOURCE/results/claims.md" || fail "results/claims.md is not what infoplane claims --markdown prints: $(diff page.md "$INFOPLANE_SOURCE/results/claims.md" | head -5)"
exit $failures
