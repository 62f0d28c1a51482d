#!/bin/sh
# Figures for papers: EPS, and LaTeX with the fonts of the document. A document with them compiles, and shows names with
# signs that mean something to TeX as they are.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

command -v gnuplot >/dev/null || exit 77
cat >small.yaml <<'END'
network: {hidden: [6, 5, 4, 4, 4, 3, 3]}
training: {epochs: 20}
log: {count: 5}
figures: []
END
expect 0 "1 done now" "$infoplane" run small.yaml -o small
for format in eps tex pdf; do
  expect 0 "figures/layers.$format" "$infoplane" plot small -f layers -f plane -f loss --format $format --width 85mm
done
head -c 10 small/figures/plane.eps | grep -q '^%!PS-Adobe' || fail "plane.eps is no PostScript"
for figure in plane layers loss; do
  [ "$(head -c 4 small/figures/$figure-graphics.pdf)" = "%PDF" ] || fail "$figure-graphics.pdf is no PDF"
done
absent small/figures/*.part* small/figures/plane-graphics.tex
grep -q '{plane-graphics}' small/figures/plane.tex || fail "plane.tex does not name its graphics"
# shellcheck disable=SC2016
grep -q '\\strut{}\$I(X;T)\$  \[bits\]' small/figures/plane.tex || fail "I(X;T) is no formula"
expect 2 "unknown figure format 'ps'" "$infoplane" plot small --format ps
expect 2 "the width of a figure is '85'" "$infoplane" curve bsc:0.1 --width 85
expect 2 "expected svg, png, pdf, eps or tex" "$infoplane" curve bsc:0.1 --format gif

# Layers with one colour have other dashes.
expect 0 "layers.svg" "$infoplane" plot small -f layers
lines=$(grep -o "stroke='rgb( 51,  34, 136)'[^>]*" small/figures/layers.svg | grep -c dasharray)
[ "$lines" -ge 2 ] || fail "layer 6 has no dashes"

# The loss of a linear output is no information.
cat >linear.yaml <<'END'
dataset: {name: linear_gaussian, n_samples: 100}
network: {hidden: [3], output: linear}
training: {epochs: 4, batch_size: 20}
log: {count: 3}
estimators: [gaussian]
figures: []
END
expect 0 "1 done now" "$infoplane" run linear.yaml -o linear
expect 0 "loss.svg" "$infoplane" plot linear -f loss
grep -q 'loss, squared error' linear/figures/loss.svg || fail "the squared error is not called so"
expect 0 "series.svg" "$infoplane" plot linear -f series --series loss
grep -q 'loss  \[squared error\]' linear/figures/series.svg || fail "the squared error of a series is not called so"
expect 0 "loss.svg" "$infoplane" plot small -f loss
grep -q 'loss  \[nats\]' small/figures/loss.svg || fail "the cross-entropy is not in nats"

command -v pdflatex >/dev/null || exit $((failures ? 1 : 77))
name='a_b $x^2$ #1 50% {c} ~ \input{y} &.csv'
printf '0.4,0.1\n0.1,0.4\n' >"$name"
expect 0 "curve.tex" "$infoplane" curve "$name" --beta 1:9:lin3 --format tex --width 120mm -o curve
cat >paper.tex <<'END'
\documentclass{article}
\usepackage{graphicx,color}
\graphicspath{{small/figures/}{curve/figures/}}
\begin{document}
\begin{figure}
\input{small/figures/plane.tex}
\caption{The information plane.}
\end{figure}
\input{small/figures/layers.tex}

\input{curve/figures/curve.tex}
\end{document}
END
pdflatex -interaction=nonstopmode -halt-on-error paper.tex >log.txt 2>&1 || fail "pdflatex: $(grep -A3 '^!' log.txt)"
if command -v pdftotext >/dev/null; then
  pdftotext paper.pdf - | grep -qF '#1 50% {c}' || fail "the title is another: $(pdftotext paper.pdf - | grep '50')"
fi
exit $failures
