#!/bin/sh
# From a round that is short to a package that its receiver can check.
. "$(dirname "$0")/lib.sh"

sample=$BUKTI_SOURCE/tests/sample/inspektorat
begin
does "unit" bukti unit add inspektorat --name "Inspektorat"
member opd uploader inspektorat
member sekda coordinator ""
member kadis responsible ""
member ver verifier ""
printf 'indicator,units\n30,inspektorat\n31,inspektorat\n' >assign.csv
does "cycle" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv

put() { # file indicator title option...
	f=$1
	i=$2
	title=$3
	shift 3
	does "add $title" bukti add "$sample/$f" --as opd -i "$i" \
		--type laporan_audit --levels "2 3" --title "$title" \
		--date 2026-05-04 --signer Inspektur --number 700.1 "$@"
}
put "Laporan Audit Aplikasi SPBE 2026.pdf" 30 "Laporan Audit Aplikasi"
put "Laporan Audit Infrastruktur SPBE 2025.pdf" 30 "Laporan Pribadi" \
	--class terbatas --personal yes
secret=$(cd "$sample" && ls Laporan\ Audit\ Keamanan*)
put "$secret" 31 "Laporan Rahasia" --class rahasia
does "claim" bukti claim 30 2 --fact "Laporan 700.1, halaman 2" \
	--analysis "Audit dilakukan" --as sekda

# ---- check

ends 1 "a round that is short" bukti check
says "INCOMPLETE" "indicators short" "to Cukup" "no level is claimed" \
	"wait for review only: 2 links of 1 indicator" "  I30" \
	"bukti review list 2026-2" "bukti check 2026-2 --all"
! grep -q -e "waits for review:" -e claim-above-verified "$out"
result $? "what only waits is told together"
ends 1 "each in full" bukti check --all
says "waits for review:" "Laporan Audit Aplikasi" "claim-above-verified, I30" \
	"Level 2 is claimed, no verifier has accepted anything for it so far."
ends 1 "two of them" bukti check -i 30,31
says "2 of 2 indicators short" "waits for review:" "Laporan Audit Aplikasi"
ends 1 "or each by itself" bukti check -i 30 -i 31 --json
is "$(json '[.indicators[].indicator] | join(" ")')" "I30 I31" "both"
does "as of every verb" bukti status -i 30,31 --json
is "$(json '[.indicators[].indicator] | join(" ")')" "I30 I31" "both"
does "what waits" bukti review list
says "I30" "waiting" "Laporan Audit Aplikasi" "Laporan Rahasia"
does "of one indicator" bukti review list 2026-2 -i 31 --json
is "$(json '[.links[] | .indicator + .state] | join(" ")')" "I31waiting" "only"
ends 1 "in Indonesian" bukti check --lang id
says "BELUM LENGKAP" "tinggal menunggu pemeriksaan: 2 tautan dari 1 indikator"
ends 1 "by the locale" env LC_ALL=id_ID.UTF-8 bukti check
says "BELUM LENGKAP"
ends 2 "another language" bukti check --lang jv
ends 2 "another indicator" bukti check -i 99
ends 2 "another unit" bukti check -u dinas
ends 1 "one unit" bukti check -u inspektorat --json
is "$(json '[.shown, .short, (.indicators | length)] | map(tostring) |
	join(" ")')" "2 2 2" "only what it is assigned"
is "$(json '.indicators[0].waiting | length')" 2 "two documents wait"
doc=$(json '.indicators[0].waiting[] | select(.title == "Laporan Pribadi") |
	.document')
hid=$(json '.indicators[1].waiting[0].document')
ends 2 "a return without a word to go by" bukti review return "$doc" -i 30 \
	--cause unsigned --reason xx --as ver
warns "tells the unit nothing to go by"
does "return one" bukti review return "$doc" -i 30 --cause unsigned \
	--reason "belum bertanda tangan" --as ver
ends 1 "what was returned, and why" bukti check -i 30
says "returned" "belum bertanda tangan" "unsigned" "ver, 20"
ends 1 "in Indonesian throughout" bukti check -i 30 --lang id
says "dikembalikan" "belum ditandatangani: belum bertanda tangan"
does "and of the document" bukti show "$doc"
says "return 2026-2 I30 $doc unsigned by ver, 20" "reason: belum bertanda tangan"
ends 1 "an indicator with a return is told" bukti check
says "belum bertanda tangan"
does "a return in the list" bukti review list -i 30
says "I30 $doc was returned by ver, 20" "unsigned: belum bertanda tangan"
ends 1 "and as JSON" bukti check -i 30 --json
is "$(json '.indicators[0].returned[0] | .by + " " + .cause')" \
	"ver unsigned" "by whom"
does "accept it after all" bukti review accept --all --yes --as ver
does "accept it after all" bukti review accept "$doc" -i 30 --yes --as ver
run bukti check -i 30 --json
is "$(json '.indicators | length')" "$(json .short)" "only short ones"
ends 1 "all of them" bukti check --all --json
is "$(json '.indicators | length')" 47 "every indicator"

# ---- release: what must be said first

before=$(head_of kota.git)
ends 2 "a gap where there is none" bukti release 2026-2 --as sekda \
	--as kadis --gap "30=belum ada bukti" --gap "1=belum ada bukti"
warns "I30 is whole: claimed 2, verified 2; no gap is to be stated" \
	"hint: leave it out"
ends 5 "unasked" bukti release 2026-2 --as sekda --as kadis --yes
warns "I30/$doc is terbatas with personal data" "I31/$hid is rahasia" \
	"--exclude 'I31/$hid=REASON'" "--gap 'I01=REASON'" "nothing was released"
ends 1 "gaps alone" bukti release 2026-2 --as sekda --as kadis --yes \
	--exclude "$hid=rahasia, ada di kantor" --include-class terbatas
warns "--gap 'I01=REASON'" "I01 is incomplete" "stated reason" \
	"indicator,reason: --gaps FILE"
ends 2 "a reason left open" bukti release 2026-2 --as sekda --as kadis \
	--gap 'I01=REASON'
for i in REASON ... x - 'a b c d e f g h' dijadwalkan '12 34 56 78'; do
	ends 2 "'$i' is no reason" bukti release 2026-2 --as sekda --as kadis \
		--gap "I01=$i"
	warns "'$i' is no reason for I01" "hint: "
	ends 2 "nor for leaving out" bukti release 2026-2 --as sekda \
		--as kadis --exclude "I31/$hid=$i"
done
printf 'indicator,reason\n1,...\n' >gaps.csv
ends 1 "nor in a CSV" bukti release 2026-2 --as sekda --as kadis \
	--gaps gaps.csv
warns "gaps.csv:2: '...' is no reason for I01"
ends 2 "a gap without a reason" bukti release 2026-2 --as sekda --gap I01
ends 2 "a gap of nothing" bukti release 2026-2 --as sekda --gap 99=x
ends 2 "what is no evidence" bukti release 2026-2 --as sekda \
	--exclude aaaaaaaaaaaa=x
printf 'indicator,reason\n99,x\n' >gaps.csv
ends 1 "a bad row" bukti release 2026-2 --as sekda --gaps gaps.csv
{
	echo indicator,reason
	for i in $(seq 1 47); do
		echo "$i,belum dinilai"
	done
} >gaps.csv
seal() { # option...
	set -- bukti release 2026-2 --gaps gaps.csv --exclude \
		"I31/$hid=rahasia, ada di kantor" --include-class terbatas "$@"
	run "$@"
}
sealing() { # status description option...
	want=$1
	what=$2
	shift 2
	seal "$@"
	[ "$rc" -eq "$want" ]
	result $? "$what (exit $want)"
}
sealing 2 "nobody to confirm" --as sekda --as kadis
warns "no gap is stated for what is whole: I30"
says "to be sealed" "left out" "belum dinilai" \
	"I01, claimed nothing, verified 1: belum dinilai" \
	"goes out      I30/$doc, terbatas with personal data: " \
	"title and digest of what is left out still stand"
! grep "goes out" "$out" | grep -qF "I31/$hid"
result $? "what is left out does not go out"
sealing 5 "one signature is not enough" --as sekda --yes
warns "'sekda' alone is not enough" "1 coordinator and 1 responsible" \
	"--with MEMBER"
sealing 5 "nor two of the same" --as sekda --with ver --yes
warns "sekda, ver are not enough"
ends 5 "told before gaps are asked for" bukti release 2026-2 --as sekda
warns "--with MEMBER"
! grep -q -- "--gap" "$err"
result $? "and without them"
is "$(head_of kota.git)" "$before" "nothing was released"

# ---- release: only what is intact

sha=$(bukti show "$doc" --json | jq -r .record.sha256)
object=lfs/objects/$(echo "$sha" | cut -c1-2)/$(echo "$sha" | cut -c3-4)/$sha
does "a good run is remembered" bukti verify
cp -a kota.git bad.git
chmod u+w "bad.git/$object"
printf X | dd of="bad.git/$object" bs=1 seek=99 conv=notrunc 2>/dev/null
sealing 4 "a document changed since" -C bad.git --as sekda --as kadis --yes
rm -f "bad.git/$object"
sealing 1 "a document gone since" -C bad.git --as sekda --as kadis --yes
is "$(head_of bad.git)" "$before" "nothing was released"

# ---- release: together, or as a proposal

sealing 0 "one at a time" --as sekda --with kadis --yes --json
id=$(json .proposal)
does "shown before the other signs" bukti proposal show "$id"
says "said by       sekda" "missing       kadis" \
	"nothing claimed, 1 supported, 1 verified" \
	"2 claimed, "
says "goes out      I30/$doc, terbatas with personal data: "
ends 2 "who signs second sees it too" bukti sign "$id" --as kadis
says "to be signed by kadis" "goes out      I30/$doc, terbatas with personal data: "
does "who signed it already" bukti sign "$id" --as sekda --yes
says "sekda signed it already; still missing: kadis"
is "$(head_of kota.git)" "$before" "it waits"
does "something else enters" bukti unit add bkd --name BKD
ends 7 "signed too late" bukti sign "$id" --as kadis --yes
does "drop" bukti proposal drop "$id"
sealing 0 "both at one keyboard" --as kadis --as sekda --yes --json
is "$(json '[(.by | join(",")), (.gaps | length | tostring),
	(.exclusions | length | tostring), (.log_size == .entry | tostring)] |
	join(" ")')" "kadis,sekda 46 1 true" "what was sealed"

# ---- pack and inspect

ends 2 "a first package needs its signers" bukti pack 2026-2
warns "--as kadis --as sekda"
ends 2 "not one of them" bukti pack 2026-2 --as kadis
kd=$HOME/.config/bukti/spbe.kota-contoh.go.id
ends 2 "a key for the second only" bukti pack 2026-2 --as sekda --as kadis \
	--key "$kd/kadis.key"
warns "key '$kd/kadis.key' is not that of member 'sekda'" \
	"hint: --key number 1 goes with the first --as, number 2 with the second"
ends 2 "it does not wait" bukti pack 2026-2 --as kadis --with sekda
does "pack" bukti pack 2026-2 -o a.zip --as kadis --as sekda --json
key=$(json .vkey)
ca=$(json .ca_sha256)
is "$(json .documents)" 2 "two documents go out"
is "$(json .sha256)" "$(sha256sum a.zip | cut -c1-64)" "its digest"
does "again, without a key" bukti pack 2026-2 -o b.zip
says "Hand over" "$key" "$ca"
does "the same bytes" cmp a.zip b.zip
does "over itself" bukti pack 2026-2 -o b.zip --json
is "$(json .written)" false "it is there"
does "told" bukti pack 2026-2 -o b.zip
warns "'b.zip' is there already, with the same bytes"
inode=$(stat -c %i b.zip)
! ls | grep -q "b.zip.new-" && [ "$inode" = "$(stat -c %i b.zip)" ]
result $? "and left as it is"
cp gaps.csv kept.csv
ends 2 "over somebody's table" bukti pack 2026-2 -o kept.csv
warns "'kept.csv' is there already" "hint: name another file with -o"
does "which is as it was" cmp gaps.csv kept.csv
cp a.zip more.zip
echo more >>more.zip
ends 2 "over nearly the same" bukti pack 2026-2 -o more.zip
ln -s nowhere.zip dangling.zip
ends 2 "over a link to nothing" bukti pack 2026-2 -o dangling.zip
! [ -e nowhere.zip ]
result $? "nothing was written through it"

looked() { # status verdict description option...
	want=$1
	verdict=$2
	what=$3
	shift 3
	ends "$want" "$what" bukti inspect --json "$@"
	is "$(json .verdict)" "$verdict" "$what: verdict"
}
unset BUKTI_STORE
looked 0 INTACT "without anything known" a.zip
is "$(json '.unchecked | length')" 3 "what was not checked is told"
is "$(json '[.omissions, .gaps | length] | join(" ")')" "1 46" \
	"what was left out, and the gaps beside it"
looked 0 INTACT "with what was told by another way" a.zip --key "$key" \
	--ca "$(echo "$ca" | tr a-f A-F)"
is "$(json '.unchecked | length')" 1 "less is left unchecked"
looked 4 UNTRUSTED "another authority" a.zip \
	--ca "$(printf '%064d' 0)"
says_unknown() {
	is "$(head -n 1 "$out")" "UNTRUSTED, completeness not known" \
		"nothing is said to be missing"
}
ends 4 "in words" bukti inspect a.zip --ca "$(printf '%064d' 0)"
says_unknown
does "another store" bukti init dua.git --origin dua.go.id --name Dua \
	--no-passphrase
does "its key" bukti -C dua.git show institution.json --json
ends 4 "the key of another store" bukti inspect a.zip \
	--key "$(json .record.note_key)"
says_unknown
does "a pin" bukti verify kota.git --pin kota.pin
looked 0 INTACT "with a pin" a.zip --pin kota.pin
cp a.zip c.zip
printf X | dd of=c.zip bs=1 seek=5000 conv=notrunc 2>/dev/null
ends 4 "one byte changed" bukti inspect c.zip
head -c 100000 a.zip >c.zip
looked 4 MALFORMED "cut short" c.zip
cat a.zip - >c.zip <<'TXT'
more
TXT
looked 4 MALFORMED "something behind its end" c.zip
ends 2 "no package" bukti inspect nothing.zip
ends 2 "no key" bukti inspect a.zip --key hello
ends 2 "no pin" bukti inspect a.zip --pin nothing.pin
if command -v unzip >/dev/null; then
	mkdir out && unzip -q a.zip -d out
	does "its own script, stock tools only" sh out/*/verify.sh
fi

healthy kota.git
finish
