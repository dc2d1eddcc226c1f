#!/bin/sh
# Which steps raise the index most: told, and true when they are taken.
. "$(dirname "$0")/lib.sh"

begin
small_round
member ver verifier ""
sample=$BUKTI_SOURCE/tests/sample
head -n 1 "$sample/evidence.csv" >small.csv
cat >>small.csv <<'CSV'
inspektorat/Laporan Audit Aplikasi SPBE 2026.pdf,30 31,2 3,inspektorat,laporan_audit,700.1,2026-05-04,Inspektur,Laporan Audit Aplikasi,halaman 2,,,,,,,
CSV
does "before anything" bukti what-if --json
is "$(json '.index')" 1 "the lowest index"
is "$(json '.single | length')" 47 "each indicator has a step"
is "$(json '[.single[].gain | tonumber] | . == (sort | reverse)')" true \
	"the most effective first"
is "$(json '.single[0] | .from + " " + .to + " " + .gain')" "1 2 0.03" \
	"of the heaviest"
is "$(json '.best.steps | length') $(json .best.gain)" "3 0.09" "three of them"
is "$(json '.next_band | .name + " " + .distance')" "Cukup 0.8" "the next band"
n=$(json '.next_band.steps | length')
is "$(json '[.next_band.steps[].gain | tonumber] | add >= 0.8')" true \
	"is reached"
is "$(json '[.next_band.steps[].gain | tonumber] | (add - min) < 0.8')" true \
	"by no step too many"
does "as many steps" bukti what-if --steps "$n" --json
is "$(json '.best.index | tonumber >= 1.8')" true "are enough"
does "one less" bukti what-if --steps "$((n - 1))" --json
is "$(json '.best.index | tonumber < 1.8')" true "are not"

does "evidence" bukti import small.csv --dir "$sample" --as opd
does "of a unit" bukti what-if --unit inspektorat --json
is "$(json '[.single[] | .indicator] | sort | join(" ")')" "I30 I31" \
	"only what it is assigned"
is "$(json '.single[] | select(.indicator == "I30") |
	[.decide, .from, .to, .gain] | map(tostring) | join(" ")')" \
	"true 1 2 0.015" "a decision is wanting"
does "for people" bukti what-if -u inspektorat --steps 2
says "verifiers decide: 1 link waits" "best 2 steps together: +0.03, to 1.03" \
	"is not reached by these steps"
does "they are taken" bukti review accept --all --yes --as ver
does "the index" bukti status --json
is "$(json '.index.verified')" "1.03" "is what was told"
does "then" bukti what-if -u inspektorat
says "Link" "2" "3"

ends 2 "no number" bukti what-if --steps x
ends 2 "none" bukti what-if --steps 0
ends 2 "another unit" bukti what-if --unit dinas
ends 2 "another round" bukti what-if 2031-1
finish
