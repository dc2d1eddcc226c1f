#!/bin/sh
# The next thing to do, what ends too soon, and what came back.
. "$(dirname "$0")/lib.sh"

begin
small_round
member ver verifier ""
sample=$BUKTI_SOURCE/tests/sample
printf '%%PDF-1.4\nlaporan\n%%%%EOF\n' >lama.pdf
printf '%%PDF-1.4\nsertifikat\n%%%%EOF\n' >sertifikat.pdf
does "nothing yet" bukti gap -i 30
says "I30" "verified 1, supported 1; inspektorat" "level 2 asks: Link" \
	"(I30.L2.a)"
does "a report" bukti add "$sample/inspektorat/Laporan Audit Aplikasi SPBE 2026.pdf" \
	-i 30 --type laporan_audit --number 1 --date 2026-05-04 \
	--signer Inspektur --as opd
does "an old one" bukti add lama.pdf -i 30 --type laporan_audit --number 2 \
	--date 2024-12-31 --signer Inspektur --as opd
does "one that says how long" bukti add sertifikat.pdf -i 30 \
	--type sertifikat --number 3 --date 2026-01-02 --signer Lembaga \
	--valid-until 2026-12-30 --as opd
does "for the unit" bukti gap --unit inspektorat
says "waiting for review: 3" "not in force on the cut-off day" "2026-12-30" \
	"I31"
does "as JSON" bukti gap -i 30 --json
is "$(json '.indicators[0].ending[] | .file + " " + .until' | paste -sd,)" \
	"sertifikat.pdf 2026-12-30" "what ends before the cut-off"
is "$(json '.indicators[0] | [.verified, .supported] | join(" ")')" "1 2" \
	"levels"
is "$(json '.indicators[0].next | [.level, .id] | map(tostring) | join(" ")')" \
	"3 I30.L3.a" "what is next"
doc=$(json '.indicators[0].ending[0].document')
does "it is sent back" bukti review return "$doc" -i 30 --cause expired \
	--reason "bawa yang baru" --as ver
does "what came back" bukti gap -i 30 --lang id
says "dikembalikan" "tidak berlaku lagi: bawa yang baru" "tingkat 3 meminta" \
	"terverifikasi 1"
does "as JSON" bukti gap -i 30 --json
is "$(json '.indicators[0] | [(.ending | length), (.returned[0] | .cause, .by)]
	| map(tostring) | join(" ")')" "0 expired ver" "and no longer ends"
does "all of them" bukti gap --json
is "$(json '.indicators | length')" 47 "each has a line"
ends 2 "another language" bukti gap --lang jv
ends 2 "another unit" bukti gap -u dinas
ends 2 "another indicator" bukti gap -i 99
ends 2 "another round" bukti gap 2031-1
finish
