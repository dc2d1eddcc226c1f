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

# ---- other shapes: levels from 0, a shared weight; scores, some given by others

for r in spbe-2018 pemdi-2026; do
	does "$r" bukti rulebook lint "$BUKTI_SOURCE/policies/$r.yaml"
	does "tests of $r" bukti rulebook test "$BUKTI_SOURCE/policies/$r.yaml"
	[ "$(grep -c '^ok ' "$out")" -ge 30 ]
	result $? "thirty and more"
	does "all of $r" bukti rulebook show "$r" --json
	is "$(json '[.domains[].weight | tonumber] | add')" 100 "weights of $r"
	is "$(json '.aspects | length')" 7 "aspects of $r"
	is "$(json '[.indicators[] | .levels[].requirements[], .score.requirements[]? |
		.say | select(.id == "" or .en == "")] | length')" 0 \
		"words in both languages"
done
does "what an external score takes" bukti rulebook show pemdi-2026 10
says "1 to 5 (secondary)" "I10.L1.a" "BSSN" "4 of 100"
does "as JSON" bukti rulebook show pemdi-2026 18 --json
is "$(json '.indicators[0].score.basis')" unconfirmed "what was inferred"
is "$(json '.indicators[0].levels | length')" 0 "a score has no levels"
does "a further sector" bukti rulebook show spbe-2018 35-2
says "an equal part of 20, where it is assessed" "level 0, Belum ada"
does "the whole" bukti rulebook show spbe-2018
says "shared" "optional"

begin
does "of the store" bukti rulebook show spbe-2020
does "by stem" bukti rulebook show spbe-2020-r1 1
ends 2 "one it has not" bukti rulebook show spbe-2018
does "the successor" bukti rulebook show pemdi-2026
does "a store of old" bukti init lama.git --origin lama.go.id --name Lama \
	--no-passphrase --keys "$PWD/lama" \
	--rulebook "$BUKTI_SOURCE/policies/spbe-2018.yaml"
says "spbe-2018-r1"
does "which has what was named" bukti rulebook show -C lama.git spbe-2018
ends 2 "and no other" bukti rulebook show -C lama.git spbe-2020
mkdir kosong && cp "$BUKTI_SOURCE/policies/access.yaml" \
	"$BUKTI_SOURCE/policies/spbe-2018.yaml" kosong
ends 3 "nothing in force" bukti init x.git --origin x.go.id --name X \
	--no-passphrase --keys "$PWD/x" --policies kosong
warns "no active rulebook" "--rulebook FILE"
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
{
	echo 'indicator,level'
	for i in $(seq 35); do echo "$i,$((i % 4 + 2))"; done
	printf '35-2,1\n35-3,0\n'
} >sectors.csv
old=$BUKTI_SOURCE/policies/spbe-2018.yaml
does "three sectors" bukti score --levels sectors.csv --rulebook "$old" --json
is "$(json .index)" "$(python3 -c '
from fractions import Fraction as F
w = lambda i: F(1 if i <= 17 else 4 if i <= 24 else 5 if i <= 31 else F(20, 6))
x = (sum(w(i) * (i % 4 + 2) for i in range(1, 36)) + w(35)) / 100
print(x if x.denominator % 3 == 0 else float(x))')" "as counted otherwise"
is "$(json '.not_given | length')" 0 "all are given"
sed -i '/^35-/d' sectors.csv
does "one sector" bukti score --levels sectors.csv --rulebook "$old" --json
is "$(json .index)" "$(python3 -c '
from fractions import Fraction as F
w = lambda i: 1 if i <= 17 else 4 if i <= 24 else 5
print(float(sum(F(w(i) * (i % 4 + 2), 100) for i in range(1, 36))))')" \
	"as counted otherwise"
is "$(json '.not_given | length')" 0 "sectors that are not there lack nothing"
{
	echo 'indicator,level'
	for i in $(seq 20); do echo "$i,3.$((i % 10))5"; done
} >scores.csv
does "scores" bukti score --levels scores.csv \
	--rulebook "$BUKTI_SOURCE/policies/pemdi-2026.yaml" --json
is "$(json .index)" "$(python3 -c '
w = [5, 5, 5, 5, 5, 3, 3, 4, 4, 4, 3, 4, 5, 5, 4, 4, 4, 3, 10, 15]
x = sum(v * (305 + i % 10 * 10) for i, v in enumerate(w, 1))
print(x / 10000)')" "as counted otherwise"
ends 2 "an institution of no kind" bukti score --levels one.csv \
	--rulebook spbe-2020 --institution desa
finish
