#!/bin/sh
# Rulebooks as their authors and auditors use them, and plain arithmetic.
. "$(dirname "$0")/lib.sh"

rules=$BUKTI_SOURCE/policies/spbe-2020.yaml

# ---- sound or not, and where

does "the rulebook that comes with the program" bukti rulebook lint "$rules"
says "good; spbe-2020-r1" "4 domains, 8 aspects, 47 indicators, 5 bands"
does "its own tests" bukti rulebook test "$rules"
[ "$(grep -c '^ok ' "$out")" -ge 20 ]
result $? "twenty and more"
is "$(head -n 1 "$out")" "1..$(grep -c '^ok ' "$out")" "and all of them"

broken() { # sed-script description line:column word...
	sed "$1" "$rules" >kota.yaml
	what=$2
	where=$3
	shift 3
	ends 3 "$what" bukti rulebook lint kota.yaml
	says "kota.yaml:$where" "$@"
	grep -q '^ *\^$' "$out"
	result $? "$what: with a mark below it"
}
line() { # pattern: of its first line in the rulebook
	grep -n -m 1 -- "$1" "$rules" | cut -d: -f1
}
n=$(line 'kind: levels')
broken "${n}s/levels/levles/" "a misspelt word" "$n:" 'unknown' '"levels"?'
n=$(line '^edition:')
broken "${n}s/.*/&\\n&/" "a key twice" "$((n + 1)):" "a second time"
n=$(line 'weight_total')
broken "${n}s/\"100\"/1x/" "no number" "$n:" "1x"
n=$(line '^status:')
broken "${n}s/status: active/status: \\&a active/" "an anchor" "$n:" anchor
n=$(line 'weight: ')
broken "${n}s/weight: .*/weight: \"99\"/" "weights that do not sum up" "$n:" \
	"weight 99, but its indicators add up to"
sed '1,/weight_total/s/weight_total.*/weight_total: 1x/
	1,/^status:/s/^status:.*/status: aktif/' "$rules" >kota.yaml
ends 3 "two faults" bukti rulebook lint kota.yaml
[ "$(grep -c '^kota.yaml:' "$out")" -ge 2 ]
result $? "both are told"
{
	cat "$rules"
	head -c 2097152 /dev/zero | tr '\0' '#'
} >long.yaml
ends 3 "two megabytes" timeout 10 bukti rulebook lint long.yaml
warns "longer than a rulebook may be"
ends 3 "and a good one with a bad one" bukti rulebook lint "$rules" kota.yaml
says "good; spbe-2020-r1" "kota.yaml:"
ends 2 "a file that is not there" bukti rulebook lint tidak/ada.yaml
warns "tidak/ada.yaml"

# ---- tests that fail, or are not there

n=$(grep -n '^tests:' "$rules" | cut -d: -f1)
head -n "$((n - 1))" "$rules" >none.yaml
ends 3 "a rulebook without tests" bukti rulebook test none.yaml
says 'key "tests" is missing'
echo 'tests: []' >>none.yaml
ends 1 "a rulebook with none of them" bukti rulebook test none.yaml
warns "has no tests"
first=$(sed -n "$n,\$s/.*index: *\"\([0-9.]*\)\".*/\1/p" "$rules" | head -n 1)
sed "$n,\$s/index: *\"$first\"/index: \"4.99\"/" "$rules" >wrong.yaml
ends 1 "a test that does not hold" bukti rulebook test wrong.yaml
says "not ok" "expected 4.99, got $first"

# ---- reading

does "by name, without a store" bukti rulebook show spbe-2020
says "I47" "45.5" "Memuaskan from 4.2"
ends 2 "a name misspelt" bukti rulebook show spbe-2002
warns "did you mean 'spbe-2020'?"
does "an indicator" bukti rulebook show spbe-2020 30
says "I30" "level 5, Optimum" "I30.L4.a" "1.5 of 100"
ends 2 "no indicator" bukti rulebook show spbe-2020 48
does "as JSON" bukti rulebook show spbe-2020 30 --json
is "$(json '.indicators | length')" 1 "that one"
is "$(json '.indicators[0].levels | map(.level) | join(" ")')" "1 2 3 4 5" \
	"its levels"
is "$(json '[.domains[].weight | tonumber] | add')" 100 "weights"
does "all of it" bukti rulebook show "$rules" --json
is "$(json '[.indicators[].levels[].requirements[].id] | length ==
	(unique | length)')" true "every requirement has an id of its own"
is "$(json '[.indicators[].levels[].requirements[].say |
	select(.id == "" or .en == "")] | length')" 0 "and words in both languages"

begin
does "of the store" bukti rulebook show spbe-2020
does "by stem" bukti rulebook show spbe-2020-r1 1
ends 2 "one it has not" bukti rulebook show spbe-2018
does "tests of the store's" bukti rulebook test spbe-2020

# ---- plain arithmetic

{
	echo 'indicator,level'
	for i in $(seq 47); do echo "$i,$((i % 3 + 3))"; done
} >levels.csv
does "an index" bukti score --levels levels.csv --rulebook "$rules" --json
is "$(json '.not_given | length')" 0 "all are given"
is "$(json .index)" "$(python3 -c '
from fractions import Fraction as F
w = lambda i: F(130 if i <= 10 else 250 if i <= 20 else 150 if i <= 31
                else 275 if i <= 41 else 300, 100)
x = sum(w(i) * (i % 3 + 3) for i in range(1, 48)) / 100
print(str(float(x)))')" "as counted otherwise"
is "$(json '.domains | map(.domain) | length')" 4 "domains"
does "for people" bukti score --levels levels.csv --rulebook spbe-2020
says "index 4.0" "D4" "45.5"
printf 'level;indicator\n5;30\n' >one.csv
does "one only" bukti score --levels one.csv --rulebook spbe-2020
says "index 1.06, Kurang" "exactly 1.06"
warns "no level is given for I01"
printf 'indicator,level\n30,6\n48,1\n30,2.5\n30,x\n30,\n7,3\nI07,3\n' >bad.csv
ends 1 "bad rows" bukti score --levels bad.csv --rulebook spbe-2020
warns "bad.csv:2: '6' is not a level from 1 to 5" \
	"bad.csv:3: there is no indicator '48'" "bad.csv:4: '2.5'" \
	"bad.csv:5: 'x'" "bad.csv:6: ''" "bad.csv:8: I07 is there twice"
ends 2 "no such column" bukti score --levels one.csv --rulebook
printf 'indikator,level\n' >head.csv
ends 2 "no such column" bukti score --levels head.csv --rulebook spbe-2020
warns "no column 'indicator'"
ends 2 "options left out" bukti score --levels one.csv
warns "--rulebook"
ends 2 "an institution of no kind" bukti score --levels one.csv \
	--rulebook spbe-2020 --institution desa
finish
