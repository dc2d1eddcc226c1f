#!/bin/sh
# Whoever runs the server has the store's key and can sign any history with it:
# here one without a decision that was made. The store alone can not show it;
# what others keep of the first history does.
. "$(dirname "$0")/lib.sh"

sample=$BUKTI_SOURCE/tests/sample
begin
does "unit" bukti unit add inspektorat --name "Inspektorat"
member opd uploader inspektorat
member ver verifier ""
printf 'indicator,units\n30,inspektorat\n' >assign.csv
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv
does "a document" bukti add \
	"$sample/inspektorat/Laporan Audit Aplikasi SPBE 2026.pdf" --as opd \
	-i 30 --levels "2 3" --type laporan_audit --title "Laporan" \
	--date 2026-05-04

# the same store, key and all, before the decision
cp -a kota.git other.git
does "the decision" bukti review accept --all --yes --as ver
does "and what came after" bukti unit add bappeda --name "Bappeda"
does "the auditor's pin" bukti verify kota.git --pin audit.pin
does "a checkpoint that somebody kept" cp audit.pin later.pin
size=$(bukti verify kota.git --json | jq .checkpoint.size)

# the other history: no decision, as many entries, all signatures good
does "the same without it" bukti unit add bappeda --name "Bappeda" -C other.git
does "one to fill the gap" bukti unit add bkpsdm --name "BKPSDM" -C other.git
does "alone it is as good as any" bukti verify other.git --cold --json
is "$(json '.verdict, .complete, .checkpoint.size' | tr '\n' ' ')" \
	"INTACT true $size " "INTACT, and just as long"
does "stock git thinks so too" git --git-dir=other.git fsck --strict
ends 4 "against the auditor's pin" bukti verify other.git --pin audit.pin \
	--json
is "$(json '.verdict')" TAMPERED "it is TAMPERED"
is "$(json '[.items[] | select(.reason | contains("forked"))] | length')" 1 \
	"and named a fork"
does "the pin is left as it was" cmp audit.pin later.pin
ends 4 "also from the first entry" bukti verify other.git --pin audit.pin --cold
does "longer than the pinned one" bukti unit add bpkad --name "BPKAD" \
	-C other.git
ends 4 "it is still a fork" bukti verify other.git --pin audit.pin
says "TAMPERED" "forked"

# put in the place of the first one, whose index and memory stay
cp -a kota.git swapped.git
rm -rf swapped.git/objects swapped.git/refs swapped.git/packed-refs
cp -a other.git/objects other.git/refs swapped.git
cp -a other.git/packed-refs swapped.git 2>/dev/null
ends 4 "the store itself remembers" bukti verify swapped.git
ends 4 "cold as well" bukti verify swapped.git --cold
says "bukti/verified"
ends 4 "and nothing is written on it" bukti unit add x --name X -C swapped.git
warns "rolled back or replaced"

healthy kota.git
healthy other.git
finish
