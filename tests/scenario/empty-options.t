#!/bin/sh
# Every option of every verb, given empty: an answer, never a crash.
. "$(dirname "$0")/lib.sh"

small_package
sample=$BUKTI_SOURCE/tests/sample
doc=$(bukti log documents/ --json | grep -o 'documents/../[a-z0-9]*' |
	head -n 1 | cut -d/ -f3)
printf '%%PDF-1.4\nsatu\n%%%%EOF\n' >satu.pdf
printf '%%PDF-1.4\ndua\n%%%%EOF\n' >dua.pdf
before=$(head_of kota.git)

add="add satu.pdf --indicator 30 --type laporan_audit --date 2026-05-04 --as opd"
for empty in "$add --title" "replace $doc --as opd --title" \
	"replace $doc dua.pdf --as opd --title"; do
	# shellcheck disable=SC2086
	ends 2 "no title" bukti $empty ''
	warns "the title is empty" "hint: "
done
is "$(head_of kota.git)" "$before" "nothing was written"

# what nobody can see is no text
blank() { # option words...: of bukti
	option=$1
	shift
	for text in ' ' "$(printf '\363\240\201\201\342\200\213')"; do
		run bukti "$@" "$option" "$text" </dev/null
		[ "$rc" -eq 2 ] || seen="$seen $option=$rc"
	done
}
seen=
for option in --title --number --signer --doc-note --locator --note; do
	# shellcheck disable=SC2086
	blank "$option" $add
done
for option in --title --number --signer --doc-note; do
	blank "$option" replace "$doc" --as opd
done
for option in --locator --note; do
	blank "$option" link "$doc" --indicator 30 --as opd
done
blank --name unit add satu
blank --name unit add inspektorat --update
blank --title member add opd --update
blank --fact claim 30 3 --analysis Analisis --as sekda
blank --analysis claim 30 3 --fact Fakta --as sekda
blank --reason review return "$doc" --indicator 30 --as ver --yes \
	--cause lain
blank --name init baru.git --origin baru.go.id --no-passphrase --keys keys
is "$seen" "" "blank texts are refused"
[ ! -e baru.git ]
result $? "and no store is made"
is "$(head_of kota.git)" "$before" "nothing was written"

printf 'indicator,level\n30,3\n' >levels.csv
# rows: the verb, and behind it arguments with which it would do something
cat >verbs <<ROWS
init|baru.git --origin baru.go.id --name Baru --no-passphrase --keys keys
key new|nomor-satu --no-passphrase --keys keys
key csr|opd -o opd.csr
key show|small.csv
unit add|satu --name Satu
unit list|
unit withdraw|inspektorat
member add|opd --update --roles uploader
member list|
member show|opd
member withdraw|opd --reason left
cycle open|2027-1 --rulebook spbe-2020 --cutoff 2027-12-31
cycle close|2026-2 --as sekda
cycle list|
cycle show|2026-2
add|satu.pdf --indicator 30 --type laporan_audit --date 2026-05-04 --as opd
import|small.csv --dir $sample --as opd
link|$doc --indicator 30 --as opd
unlink|$doc --indicator 30 --as opd
replace|$doc --as opd --number 1
claim|30 2 --fact Fakta --analysis Analisis --as sekda
review accept|$doc --indicator 30 --as ver --yes
review return|$doc --indicator 30 --as ver --yes --reason Kurang --cause lain
review reject|$doc --indicator 30 --as ver --yes --reason Kurang --cause lain
review list|
status|
check|
gap|
what-if|
rulebook lint|$BUKTI_SOURCE/policies/spbe-2018.yaml
rulebook test|spbe-2020
rulebook show|spbe-2020 30
score|--levels levels.csv --rulebook spbe-2020
pack|2026-2 -o folder/ --as sekda --as kadis
inspect|$package
verify|kota.git
release|2026-2 --as sekda --as kadis --yes
log|
show|$doc
cat|$doc -o $work/keluar
proposal list|
proposal show|0123456789abcdef
proposal drop|0123456789abcdef
sign|0123456789abcdef
checkpoint|
reindex|
help|add
version|
ROWS

verbs=0
tried=0
while IFS='|' read -r verb args; do
	verbs=$((verbs + 1))
	# shellcheck disable=SC2086
	bukti help $verb >help 2>"$err" || result 1 "help $verb"
	sed -n 's/^ *\(-., \)\{0,1\}--\([a-z-]*\) [A-Z].*/\2/p' help >names
	# these are one code for all verbs: once is enough
	[ "$verb" = add ] || sed -i -E \
		'/^(as|with|key|keys|passphrase-file|store|cycle)$/d' names
	bad=
	while read -r name; do
		tried=$((tried + 1))
		# shellcheck disable=SC2086
		run timeout 30 bukti $verb $args --$name ''
		[ "$rc" -le 7 ] || bad="$bad --$name=$rc"
		rm -rf baru.git keys opd.csr "$work/keluar"
	done <names
	is "$bad" "" "$verb: $(wc -l <names) options"
done <verbs
is "$verbs" "$(wc -l <verbs)" "all verbs"
# each verb of the help is among them
bukti help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p' | sort -u >all
cut -d' ' -f1 verbs | cut -d'|' -f1 | sort -u | comm -23 all - >forgotten
is "$(cat forgotten)" "" "no verb is forgotten"
[ "$tried" -gt 60 ]
result $? "$tried options in all"

healthy kota.git
finish
