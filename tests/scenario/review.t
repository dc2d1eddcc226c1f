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
! grep -q "dua" "$err"
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

healthy kota.git
finish
