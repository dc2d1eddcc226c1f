#!/bin/sh
# New versions, links and claims: nothing enters without need, and what is
# replaced is told.
. "$(dirname "$0")/lib.sh"

begin
does "unit" bukti unit add inspektorat --name Inspektorat
member opd uploader inspektorat
member lain uploader inspektorat
member ver verifier ""
member sekda coordinator ""
printf 'indicator,units\n30,inspektorat\n31,inspektorat\n' >assign.csv
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv --as sekda
pdf() { # text file
	printf '%%PDF-1.4\n%s\n%%%%EOF\n' "$1" >"$2"
}
size_of() {
	git --git-dir=kota.git show main:log/checkpoint | sed -n 2p
}
same_size() { # description
	is "$(size_of)" "$size" "$1 writes nothing"
}
pdf satu satu.pdf
pdf dua dua.pdf
does "add" bukti add satu.pdf -i 30,31 --levels 2 --type laporan_audit \
	--date 2026-05-04 --number 1 --signer Inspektur --as opd
doc=$(sed -n 's/^document \([a-z0-9]*\) .*/\1/p' "$out")

# ---- add
size=$(size_of)
again="add satu.pdf --type laporan_audit --as opd"
for o in "-i 30" "-i 30,31" "-i 31 --levels 2"; do
	# shellcheck disable=SC2086
	ends 2 "the same again $o" bukti $again $o
	warns "this content is document $doc already: satu" \
		"hint: nothing is to be done: it is linked to I3"
done
for o in "-i 1,30" "-i 1 --levels 2"; do
	# shellcheck disable=SC2086
	ends 2 "for another indicator $o" bukti $again $o
	warns "bukti link $doc --indicator I01"
	[ "$(grep -c 'indicator I01,' "$err")" -eq 0 ]
	result $? "and for no other"
done
ends 2 "other levels" bukti $again -i 30,31 --levels 3
warns "bukti link $doc --indicator I30,I31"
same_size "what is there"
mkdir folder
ends 2 "a folder" bukti add folder/ -i 30 --type laporan_audit --as opd
warns "'folder/' is a folder" "bukti import TABLE.csv --dir 'folder/'"
: >kosong.pdf
ends 5 "an empty file" bukti add kosong.pdf -i 30 --type laporan_audit --as opd
warns "is empty" "hint: "
for f in stau.pdf ./stau.pdf folder/laporn.pdf; do
	: >folder/laporan.pdf
	ends 2 "a name misspelt" bukti add $f -i 30 --type laporan_audit \
		--as opd
	warns "there is no file '$f'" "hint: did you mean '$(echo $f |
		sed 's/stau/satu/; s/laporn/laporan/')'?"
done
ends 2 "a name like no other" bukti add zzzzzz.pdf -i 30 \
	--type laporan_audit --as opd
warns "hint: check the name"
ends 5 "who may not add" bukti add dua.pdf -i 30,31 --type laporan_audit \
	--unit inspektorat --date 2026-05-04 --as ver
warns "bukti: document 'dua.pdf' refused: " "; nothing was written"
is "$(grep -c refused "$err")" 1 "told once"
ends 5 "as whom was not said" bukti replace "$doc" --number 9
warns "'admin' signed, since --as was not given: say --as MEMBER"
ends 2 "a class that is none" bukti replace "$doc" --class rahasi --as opd
warns "did you mean 'rahasia'? there are umum, terbatas, rahasia"
ends 2 "personal data in other words" bukti replace "$doc" --personal maybe \
	--as opd
warns "there are yes, no"
ends 2 "an option before the verb" bukti --as opd add satu.pdf
warns "before the verb may stand -C DIR"
same_size "all of it"
mkdir a b
pdf 'notulen a' a/Notulen.pdf
pdf 'notulen b' b/Notulen.pdf
for d in a b; do
	does "without its date" bukti add $d/Notulen.pdf -i 30 --levels 2 \
		--type notulen --title "Rapat $d" --as opd
	warns "warning: a document of type notulen needs: date" \
		"bukti help replace"
done
for v in "show Notulen.pdf" "cat Notulen.pdf" \
	"link Notulen.pdf -i 31 --as opd"; do
	# shellcheck disable=SC2086
	ends 2 "two of that name" bukti $v
	warns "2 documents are called 'Notulen.pdf'" "Rapat a" "Rapat b"
done
for d in $(bukti log documents/ -n 500 --json |
	jq -r '.entries[].path | split("/")[2]'); do
	[ "$d" = "$doc" ] || run bukti replace "$d" --withdraw --as opd
done

# ---- replace
size=$(size_of)
does "nothing said" bukti replace "$doc" --as opd
warns "nothing changed: document $doc is just so already"
same_size "it"
does "the same file" bukti replace "$doc" satu.pdf --as opd
warns "nothing changed"
[ "$(grep -c 'no longer count' "$err")" -eq 0 ]
result $? "and decisions count as they did"
does "the same words" bukti replace satu.pdf --number 1 --date 2026-05-04 \
	--as opd
same_size "they"
ends 2 "no such file" bukti replace "$doc" tiga.pdf --as opd
ends 2 "no such document" bukti replace tiga.pdf --number 2 --as opd
ends 2 "a type that nobody knows" bukti replace "$doc" --type laporan_audti \
	--as opd
warns "did you mean 'laporan_audit'?"
ends 5 "who may not" bukti replace "$doc" --number 2 --as ver
same_size "a refusal"
does "other words" bukti replace "$doc" --number 2 --covers \
	cakupan=lengkap --as opd
says "document $doc has a new version" "changed: number, covers"
does "a word taken away" bukti replace "$doc" --signer "" --as opd
says "changed: signer"
does "other content" bukti replace "$doc" dua.pdf --as opd
says "changed: content, file name"
warns "it has to be reviewed again"
warns "its title stays '" "--title TEXT says another"
does "accept it" bukti review accept "$doc" -i 30 --as ver
does "the link says something else" bukti link "$doc" -i 30 --levels '2 3' \
	--locator 'halaman 9' --as opd
warns "decisions about the link to I30 before no longer count"
does "accept it" bukti review accept "$doc" -i 30 --as ver
does "another number" bukti replace "$doc" --number 3 --as opd
warns "it has to be reviewed again"
does "show" bukti show "$doc"
says "accept 2026-2 I30 $doc by ver, 20" \
	"no longer counts: the document's record changed since"
does "what waits" bukti review list -i 30
says "waiting*" "* accepted before it changed"
does "its versions" bukti show "$doc" --json
is "$(json '.versions | length')" 5 "all are kept"
is "$(json .record.file)" dua.pdf "with the name of the new one"
does "the old one" bukti cat "$doc" --version 1 -o old.pdf
cmp -s old.pdf satu.pdf
result $? "stays readable"
does "by the name it had" bukti show satu.pdf
says "document      $doc"
warns "'satu.pdf' is called 'dua.pdf' since it was replaced"
does "every document" bukti log documents/
says "(dua.pdf)" "(satu.pdf)"
pdf tiga tiga.pdf
does "another document" bukti add tiga.pdf -i 30 --levels 2 \
	--type laporan_audit --date 2026-05-04 --as opd
tiga=$(sed -n 's/^document \([a-z0-9]*\) .*/\1/p' "$out")
size=$(size_of)
ends 2 "content of another document" bukti replace "$doc" tiga.pdf --as opd
warns "this content is another document already, $tiga"
same_size "it"

# ---- link and unlink
does "link again" bukti link "$tiga" -i 30 --levels 2 --as opd
warns "1 link is just so already"
same_size "it"
ends 2 "unlink what is not linked" bukti unlink "$tiga" -i 31 --as opd
warns "document $tiga is not linked to I31"
ends 2 "one of two is not" bukti unlink "$tiga" -i 30,31 --as opd
ends 2 "unlink from nothing" bukti unlink "$tiga" --as opd
ends 2 "an unknown indicator" bukti unlink "$tiga" -i 99 --as opd
ends 2 "an unknown document" bukti unlink empat.pdf -i 30 --as opd
ends 5 "unlink without the right" bukti unlink "$tiga" -i 30 --as ver
same_size "a refusal"
does "unlink" bukti unlink "$tiga" -i 30 --note 'salah indikator' --as opd
says "document $tiga no longer linked to I30 in 2026-2; its history stays"
does "its link" bukti show "cycles/2026-2/I30/evidence/$tiga.json" --json
is "$(json '.record | .state + ": " + .note')" "withdrawn: salah indikator" \
	"says why"
does "how many" bukti status -i 30 --json
is "$(json '.indicators[0].evidence')" 1 "it no longer counts"
size=$(size_of)
ends 2 "unlink twice" bukti unlink "$tiga" -i 30 --as opd
ends 2 "a decision about it" bukti review accept "$tiga" -i 30 --as ver
warns "document $tiga is not linked to I30"
same_size "a refusal"
does "link it once more" bukti link "$tiga" -i 30,31 --as opd
does "how many" bukti status -i 30 --json
is "$(json '.indicators[0].evidence')" 2 "it counts again"

# ---- withdrawn
does "withdraw" bukti replace "$tiga" --withdraw --as opd
says "document $tiga is withdrawn" "changed: state"
does "by its name" bukti show tiga.pdf
says "state         withdrawn"
ends 2 "a link to it" bukti link tiga.pdf -i 31 --levels 2 --as opd
warns "document $tiga was withdrawn" "bukti replace $tiga"
does "how many" bukti status -i 30 --json
is "$(json '.indicators[0].evidence')" 1 "its links count no more"
size=$(size_of)
does "withdraw twice" bukti replace "$tiga" --withdraw --as opd
warns "nothing changed"
ends 2 "link what is withdrawn" bukti link "$tiga" -i 31 --levels 3 --as opd
warns "document $tiga was withdrawn" "bukti replace $tiga"
ends 2 "decide about it" bukti review accept "$tiga" -i 30 --as ver
same_size "all of it"
does "its content as another" bukti add tiga.pdf -i 31 --type laporan_audit \
	--date 2026-05-04 --as opd
heir=$(sed -n 's/^document \([a-z0-9]*\) .*/\1/p' "$out")
size=$(size_of)
for f in "" tiga.pdf; do
	# shellcheck disable=SC2086
	ends 2 "bring it back beside that $f" bukti replace "$tiga" $f --as opd
	warns "this content is another document already, $heir" \
		"bukti link $heir"
done
same_size "all of it"
does "take that back" bukti replace "$heir" --withdraw --as opd
does "bring it back" bukti replace "$tiga" --as opd
says "changed: state"
does "how many" bukti status -i 30 --json
is "$(json '.indicators[0].evidence')" 2 "its links count again"

# ---- claims
does "claim" bukti claim 30 2 --fact fakta --analysis analisis --as opd
size=$(size_of)
does "claim the same" bukti claim 30 2 --as opd
warns "1 claim is just so already"
does "by its option" bukti claim 30 --level 2 --as opd
same_size "that"
ends 2 "the level twice" bukti claim 30 2 --level 3 --as opd
does "claim over another's" bukti claim 30 --level 3 --as lain
warns "I30: replaces the claim of level 2 by opd"
says "1 claim entered"
does "withdraw it" bukti claim 30 --withdraw --as sekda
warns "I30: withdraws the claim of level 3 by lain"
says "1 claim withdrawn in 2026-2"
size=$(size_of)
does "twice" bukti claim 30 --withdraw --as sekda
warns "just so already"
ends 2 "where there is none" bukti claim 31 --withdraw --as opd
warns "there is no claim for I31 to withdraw"
ends 2 "an indicator that is not" bukti claim 48 2 --as opd
warns "unknown indicator '48'" "hint: "
same_size "all of it"
does "claim anew" bukti claim 30 2 --as opd
[ "$(grep -c replaces "$err")" -eq 0 ]
result $? "which replaces nothing"

# ---- errors of the indicators that are asked for
does "a claim that nothing supports" bukti claim 31 5 --fact fakta \
	--analysis analisis --as opd
does "all errors" bukti status --json
[ "$(json .errors)" -gt 0 ]
result $? "there are some"
for i in I30 I31 I01; do
	n=$(bukti check --json | jq "[.findings[] | select(.severity ==
		\"error\" and .indicator == \"$i\")] | length")
	does "those of $i" bukti status -i $i --json
	is "$(json .totals.errors)" "$n" "$n"
	does "those of $i" bukti status -i $i
	errors="$n errors"
	[ "$n" -ne 1 ] || errors="1 error"
	says " returned, $errors to mend"
done
is "$n" 0 "one without"

# ---- a refusal is told alone
does "close" bukti cycle close 2026-2 --as sekda
ends 5 "claim in a closed round" bukti claim 30 3 --cycle 2026-2 --as opd
[ "$(grep -c replaces "$err")" -eq 0 ]
result $? "says nothing of replacing"

healthy kota.git
finish
