#!/bin/sh
# Rounds: opened with assignments, looked at, changed, closed.
. "$(dirname "$0")/lib.sh"

begin
does "units" bukti unit add diskominfo --name "Dinas Kominfo"
does "units" bukti unit add bappeda --name "Bappeda"
member ani coordinator ""

ends 2 "status before there is a cycle" bukti status
warns "there is no cycle yet"
cat >assign.csv <<'CSV'
indicator,units,due
1,diskominfo,2026-11-30
I02,"diskominfo, bapeda",2026-11-31
48,bappeda,
I3,bappeda,
CSV
before=$(head_of kota.git)
ends 1 "bad assignments" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv
warns "assign.csv:3: unknown unit 'bapeda'" "did you mean 'bappeda'?" \
	"assign.csv:4: unknown indicator '48'" "nothing was written"
is "$(head_of kota.git)" "$before" "nothing is written"
ends 2 "an unknown rulebook" bukti cycle open 2026-2 --rulebook spbe-2021 \
	--cutoff 2026-12-31
warns "spbe-2020"
ends 2 "a date that is none" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-02-30
cat >assign.csv <<'CSV'
indicator,units,due
1,diskominfo,2026-11-30
I02,"diskominfo, bappeda",
I3,bappeda,2020-01-31
I3,diskominfo,
CSV
does "open" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv --due 2026-12-01 --target 2.6
says "3 of 47 indicators assigned"
ends 2 "open it again" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31
warns "--update"
does "show" bukti cycle show --json
is "$(json '.assignments | length')" 47 "every indicator is listed"
is "$(json '.assignments[2] | .due + " " + (.units | join(","))')" \
	"2020-01-31 bappeda,diskominfo" "rows for one indicator add up"
is "$(json '.assignments[3] | .due + " " + (.units | join(","))')" \
	"2026-12-01 " "the rest is unassigned"
json . | jq -S . | cmp -s - "$out"
does "the record is canonical in git" \
	git --git-dir=kota.git show main:cycles/2026-2/cycle.json
jq -S . "$out" | cmp -s - "$out"
result $? "as jq -S prints it"

does "status" bukti status
says "2026-2" "index 1.00 claimed, 1.00 supported, 1.00 verified: Kurang" \
	"target 2.6" "1 late"
awk 'length($0) > 200 { exit 1 }' "$out"
result $? "no line runs away"
does "status of one unit" bukti status --unit bappeda --json
is "$(json '.indicators | map(.indicator) | join(",")')" I02,I03 \
	"only what it is assigned"
is "$(json '.indicators[1].due_state + " " + .indicators[0].due_state')" \
	"late later" "late and later"
is "$(json '.indicators[0].supported.level')" 1 "the floor"
does "one indicator" bukti status -i 1
says "missing for the next level"
ends 2 "an unknown unit" bukti status --unit bapeda
warns "bappeda"
ends 2 "an unknown cycle" bukti status 2026-1
warns "did you mean '2026-2'?"

does "change" bukti cycle open 2026-2 --update --target 3.5
does "show" bukti cycle show 2026-2 --json
is "$(json '.target + " " + .assignments[0].units[0]')" "3.5 diskominfo" \
	"what is left out stays"
does "the coordinator may too" bukti cycle close 2026-2 --as ani
does "list" bukti cycle list --json
is "$(json '.cycles[0] | .cycle + " " + .state')" "2026-2 closed" "closed"

does "log of one record" bukti log cycles/2026-2/cycle.json --json
is "$(json '.entries | length')" 3 "three versions"
entry=$(json '.entries[2].index')
digest=$(json '.entries[2].record')
does "show by entry" bukti show "$entry" --json
is "$(json .record.target)" 2.6 "the first version, as it was"
is "$(json .current)" false "which is not current"
is "$(json '.signatures[0] | .member + " " + (.matches | tostring)')" \
	"admin true" "its signature matches"
does "show by digest" bukti show "$(echo "$digest" | cut -c 1-10)"
says "admin" "CN=admin" "replaced since" "versions"
does "show by id" bukti show bappeda
says "units/bappeda.json"
ends 2 "show what is not there" bukti show nosuch
does "log, newest first" bukti log -n 2 --json
is "$(json '.entries[0].index - .entries[1].index')" 1 "in order"
ends 2 "cat what is not a document" bukti cat nosuch

does "checkpoint" bukti checkpoint
says "spbe.kota-contoh.go.id"
git --git-dir=kota.git show main:log/checkpoint | cmp -s - "$out"
result $? "is the one in git"
rm -rf kota.git/bukti/index.sqlite*
does "the index comes back by itself" bukti log -n 1 --json
does "reindex" bukti reindex

healthy kota.git
finish
