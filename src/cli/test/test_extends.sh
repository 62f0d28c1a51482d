#!/bin/sh
# An experiment that inherits is the experiment written out in full; tags are kept, shown and select.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

cat >base.yaml <<'END'
description: Base
repeats: 2
tags: [small]
network: {hidden: [4, 3], activation: relu}
training: {epochs: 20, learning_rate: 0.01}
log: {count: 5}
figures: []
END
cat >child.yaml <<'END'
extends: base.yaml
tags: [small, draft]
network.activation: tanh
training: {learning_rate: ~}
END
cat >full.yaml <<'END'
tags: [small, draft]
repeats: 2
network: {hidden: [4, 3]}
training: {epochs: 20}
log: {count: 5}
figures: []
END
expect 0 "2 runs: 2 done now" "$infoplane" run child.yaml
expect 0 "2 runs: 0 done now, 2 kept" "$infoplane" run full.yaml -o results/child
grep -q extends results/child/experiment.yaml && fail "experiment.yaml is not written out"
h5dump -d /config results/child/runs/seed=1.h5 2>/dev/null | grep -q extends && fail "the run file is not written out"

expect 0 "2 runs: 2 done now" "$infoplane" run base.yaml
expect 0 "tags: small, draft" "$infoplane" status results/child
expect 0 "2 runs 2 done  [small]" "$infoplane" status results/base results/child
"$infoplane" status results/* --tag draft --tag small >listed.txt || fail "status --tag failed"
[ "$(cut -d' ' -f1 listed.txt)" = results/child ] || fail "--tag selected: $(cat listed.txt)"
expect 0 "no results directory has these tags" "$infoplane" status results/* --tag smal
mkdir results/none results/other
cp results/base/runs/*.h5 results/other
echo text >results/notes.md
expect 0 "left out: results/none: no run files" "$infoplane" status results/*
expect 0 "results/other                       2 runs 2 done" "$infoplane" status results/*
"$infoplane" report results/child >report.txt 2>&1 || fail "report: $(cat report.txt)"
grep -q "<p>Tags: small, draft</p>" results/child/report.html || fail "the report does not show the tags"

echo "extends: base.yml" >wrong.yaml
expect 2 "wrong.yaml:1:10: error: extends: 'base.yml' is neither a file" "$infoplane" run wrong.yaml
expect 2 "szt207: cannot read the configuration: No such file or directory; did you mean 'szt2017'?" "$infoplane" run szt207
expect 0 "49	seed=50" "$infoplane" run szt2017 --dry-run
exit $failures
