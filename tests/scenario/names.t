#!/bin/sh
# What is called by a word: entries, folders, documents known only in part.
. "$(dirname "$0")/lib.sh"

small_package

# ---- nothing is called by an empty word
for v in show log cat; do
	ends 2 "$v of an empty word" bukti $v ''
done
ends 2 "link of it" bukti link '' -i 30 --as opd
ends 2 "replace of it" bukti replace '' --number 1 --as opd
ends 2 "review of it" bukti review accept '' -i 30 --as ver

# ---- log
ends 2 "log of nothing" bukti log nada
warns "nothing here is called 'nada'"
ends 2 "as JSON too" bukti log nada --json
ends 2 "an empty folder" bukti log members/nobody/ --json
does "a folder without its slash" bukti log documents --json
is "$(json '.entries | length')" 3 "all below it"
does "as with it" bukti log documents/ --json
is "$(json '.entries | length')" 3 "the same"
does "a document by its file" bukti log 'Screenshot e-Wasin.jpg' --json
doc=$(json '.entries[0].path')
is "$(json '.entries | length')" 1 "its one version"
does "by the number of an entry" bukti log "$(json '.entries[0].index')" --json
is "$(json '.entries[0].path')" "$doc" "the same record"
does "a member" bukti log opd --json
is "$(json '.entries[0].path')" members/opd.json "their record"

# ---- part of a name
ends 2 "part of a name" bukti show wasin
warns "did you mean 'Screenshot e-Wasin.jpg'?"
ends 2 "words in another order" bukti cat 'spbe infrastruktur.pdf'
warns "did you mean 'Laporan Audit Infrastruktur SPBE 2025.pdf'?"
ends 2 "a slip" bukti link 'Screenshoot e-Wasim.jpg' -i 30 --as opd
warns "did you mean 'Screenshot e-Wasin.jpg'?"
ends 2 "several" bukti review accept 'laporan audit' -i 30 --as ver
warns "'Laporan Audit Aplikasi SPBE 2026.pdf', 'Laporan Audit Infra" \
	"bukti show documents/ lists all"
ends 2 "none is like it" bukti cat 'nada sama sekali'
warns "bukti show documents/ lists them"
does "all of them" bukti show documents/
is "$(sed -n '2,$p' "$out" | wc -l)" 3 "each once"
does "as JSON" bukti show documents/ --json
is "$(json '.documents | map(.file) | join("|")')" "Laporan Audit Aplikasi SPBE \
2026.pdf|Laporan Audit Infrastruktur SPBE 2025.pdf|Screenshot e-Wasin.jpg" \
	"by the names of the files"

# ---- what waits, as a person looks for it
does "a new version" bukti replace 'Laporan Audit Aplikasi SPBE 2026.pdf' \
	--title 'Zaman Baru' --as opd
does "another" bukti replace 'Screenshot e-Wasin.jpg' --number 9 --as opd
does "what waits" bukti review list
says "Laporan Audit Aplikasi SPBE 2026.pdf"
does "as JSON" bukti review list --json
is "$(json '.links | map(.indicator + " " + .title) | join("|")')" \
	"I30 Zaman Baru|I31 Tangkapan Layar|I31 Zaman Baru" \
	"by indicator, then title"

healthy kota.git
finish
