#!/bin/sh
# Accepting all at once: only what awaits this person, shown and confirmed.
. "$(dirname "$0")/lib.sh"

begin
does "unit" bukti unit add inspektorat --name Inspektorat
member opd uploader inspektorat
member ver verifier ""
member both "uploader verifier" inspektorat
member sekda coordinator ""
printf 'indicator,units\n30,inspektorat\n31,inspektorat\n' >assign.csv
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv --as sekda
add() { # name indicators member
	printf '%%PDF-1.4\n%s\n%%%%EOF\n' "$1" >"$1.pdf"
	does "add $1" bukti add "$1.pdf" -i "$2" --levels 2 \
		--type laporan_audit --date 2026-05-04 --number 1 \
		--signer Inspektur --as "$3"
}
add satu 30,31 opd
add dua 30 both
size_of() {
	git --git-dir=kota.git show main:log/checkpoint | sed -n 2p
}
size=$(size_of)
ends 5 "without the right" bukti review accept --all --as opd
warns "gives 'opd' no right to any review record; needed: verifier"
grep -vc '^hint' "$err" >got
is "$(cat got)" 1 "said once"
ends 2 "without a terminal" bukti review accept --all --as both
warns "satu" "1 is left to others" "nobody is here to confirm"
warns "left to others: I30  " "'both' handed in the document or its link"
! grep -q -e "dua" -e "nothing at" "$err"
result $? "their own is not in the list"
on_terminal n bukti review accept --all --as ver
is "$rc" 2 "no"
says "I30" "I31" "satu" "dua" "accept these 3? [y/N]"
is "$(size_of)" "$size" "nothing is written"
does "both" bukti review accept --all --as both --yes
says "2 decisions entered"
on_terminal y bukti review accept --all --as ver
is "$rc" 0 "yes"
says "accept these 1?" "1 decision entered"
size=$(size_of)
does "nothing more" bukti review accept --all --as ver --yes
warns "nothing awaits 'ver'"
is "$(size_of)" "$size" "nothing is written"

# ---- an accept is of what was there: content, link and record

doc=$(bukti check --indicator 31 --json | jq -r '.indicators[].waiting[].document')
is "$doc" "" "nothing waits at 31"
doc=$(git --git-dir=kota.git ls-tree --name-only main:cycles/2026-2/I31/reviews)
state() { # of the document at 31: waiting, and why
	bukti check -i 31 --all --json | jq -r '.indicators[].waiting[] |
		[.document, .state, .lapsed] | join(" ")'
}
is "$(state)" "" "it is accepted"
does "another date" bukti replace "$doc" --date 2026-05-05 --as opd
warns "has to be reviewed again"
is "$(state)" "$doc none document" "the date was not what was accepted"
run bukti check -i 31 --all
says "accepted before its record changed"
does "show the document" bukti show "$doc"
says "no longer counts: the document's record changed since"
does "show the decision" bukti show "cycles/2026-2/I31/reviews/$doc/both.json"
says "no longer: the document's record changed since"
run bukti show "$doc" --json
is "$(json '[.reviews[].lapsed] | unique | join(" ")')" document "as JSON"
does "the date it had" bukti replace "$doc" --date 2026-05-04 --as opd
is "$(state)" "$doc none document" "changed back is not what was accepted"

# changed between the question and the answer
mkfifo answer
timeout 60 python3 -c 'import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' \
	bukti review accept --all --as ver <answer >asked 2>&1 &
asking=$!
exec 3>answer
n=0
until grep -q "accept these 2?" asked || [ "$n" -gt 300 ]; do
	n=$((n + 1))
	sleep 0.1
done
[ "$n" -le 300 ]
result $? "both are asked about"
does "another number meanwhile" bukti replace "$doc" --number 2 --as opd
echo y >&3
exec 3>&-
wait "$asking"
rc=$?
cp asked "$out"
is "$rc" 7 "the decision is about what it was before"
says "changed while it was being reviewed" "look again" "bukti show $doc"
is "$(state)" "$doc none document" "and does not count"
does "look again and accept" bukti review accept "$doc" -i 31 --as ver
is "$(state)" "" "accepted again"
run bukti show "$doc" --json
is "$(json '.reviews[] | select(.path | contains("/I31/")) |
	[.by, .lapsed] | join(" ")' | paste -sd ,)" \
	"both document,ver " "the new one counts"

# ---- four eyes hold both ways

set -- bukti claim --level 2 --fact fakta --analysis analisis
size=$(size_of)
ends 5 "who accepted does not claim" "$@" 30 --as ver
warns "'ver' decided about evidence of the indicator"
ends 5 "nor in another role" "$@" 30 --as both
is "$(size_of)" "$size" "nothing is written"
member baru verifier ""
does "another verifier" "$@" 31 --as baru
does "the coordinator over it" bukti claim 31 3 --as sekda
ends 5 "who claimed once does not decide" \
	bukti review accept "$doc" -i 31 --as baru
warns "'baru' claimed the level of the indicator"
does "but elsewhere" bukti review accept "$doc" -i 30 --as baru
does "show the claim" bukti show cycles/2026-2/I31/claim.json
says "claimed by" "baru, sekda"

# ---- from level 4 on two have to accept

member two verifier ""
printf '%%PDF-1.4\nempat\n%%%%EOF\n' >empat.pdf
printf '%%PDF-1.4\nsemua\n%%%%EOF\n' >semua.pdf
does "for level 4" bukti add empat.pdf -i 30 --levels 4 --type laporan_audit \
	--date 2026-05-04 --number 2 --signer Inspektur --as opd
does "for any level" bukti add semua.pdf -i 31 --type laporan_audit \
	--date 2026-05-04 --number 3 --signer Inspektur --as opd
lists() { # of the round: file, state, accepts and by whom
	bukti review list --json | jq -r '.links[] | [.file, .state,
		(.accepts | tostring), .accepted_by] | join(" ")'
}
waits() { # as status has it
	bukti status --json | jq -r '[.totals.waiting,
		(.indicators[] | .waiting | select(. > 0))] |
		map(tostring) | join(" ")'
}
set -- bukti claim --fact fakta --analysis analisis --as sekda 31
does "level 4 is claimed" "$@" 4
does "the first" bukti review accept --all --as ver --yes
is "$(lists)" "empat.pdf second 1 ver
semua.pdf second 1 ver" "both wait for a second"
is "$(waits)" "2 1 1" "and are counted as waiting"
does "told" bukti review list
says "second" "needs a second accept, by another verifier"
does "status" bukti status
says "2 links wait for a decision"
run bukti check --all
says "empat.pdf: needs a second accept, by another verifier (ver)"
does "the first again" bukti review accept --all --as ver --yes
warns "nothing awaits 'ver'"
does "only level 2" "$@" 2
is "$(lists)" "empat.pdf second 1 ver" "what is for any level is enough for it"
does "the second" bukti review accept --all --as two --yes
says "1 decision entered"
is "$(lists) $(waits)" " 0" "nothing waits"
does "level 4 again" "$@" 4
is "$(lists)" "semua.pdf second 1 ver" "that needs another"
run bukti check -i 31 --all
says "semua.pdf: needs a second accept, by another verifier (ver)"
does "which is there to be given" bukti review accept --all --as two --yes
is "$(lists)" "" "nothing waits"

healthy kota.git
finish
