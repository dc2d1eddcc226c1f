#!/bin/sh
# A record that waits for a second signature.
. "$(dirname "$0")/lib.sh"

begin
does "unit" bukti unit add diskominfo --name "Dinas Kominfo"
member ketua admin ""
before=$(head_of kota.git)

does "propose" bukti unit add bkd --name "BKD" --with ketua
says "proposal"
is "$(head_of kota.git)" "$before" "nothing enters yet"
does "list" bukti proposal list --json
id=$(json '.proposals[0].id')
is "$(json '.proposals[0] | (.signed | join(",")) + " " + (.missing | join(","))')" \
	"admin ketua" "who has signed and who has not"
does "read it" bukti proposal show "$id"
says "BKD" "missing" "ketua"
ends 2 "sign as someone else" bukti sign "$id" --as budi
ends 2 "sign what is not there" bukti sign 0123456789abcdef --as ketua
does "a signature that is there already" bukti sign "$id" --as admin
says "still missing: ketua"
ends 2 "nobody is here to say yes" bukti sign "$id" --as ketua
says "to be signed by ketua" "BKD"
warns "nobody is here to confirm; nothing was signed" "--yes"
is "$(head_of kota.git)" "$before" "nothing is"
does "the last signature submits" bukti sign "$id" --as ketua --yes
says "units/bkd.json: entry"
does "show" bukti show units/bkd.json --json
is "$(json '.record.by | join(",")')" admin,ketua "both are in the record"
is "$(json '[.signatures[].matches] | all')" true "both signatures match"
does "list" bukti proposal list --json
is "$(json '.proposals | length')" 0 "nothing waits"

# cut off after it entered: it waits for nobody
does "propose" bukti unit add sampai --name Sampai --with ketua
id=$(sed -n 's/^proposal \([0-9a-f]*\) .*/\1/p' "$out")
cp -a "kota.git/bukti/proposals/$id" waits
does "it enters" bukti sign "$id" --as ketua --yes
cp -a waits "kota.git/bukti/proposals/$id"
size=$(head_of kota.git)
does "signing it once more" bukti sign "$id" --as ketua --yes
warns "units/sampai.json has entered already"
is "$(head_of kota.git)" "$size" "enters nothing"
[ ! -e "kota.git/bukti/proposals/$id" ]
result $? "and it waits no more"

does "propose" bukti unit add bkd --name "BKD 2" --update \
	--with ketua
id=$(sed -n 's/^proposal \([0-9a-f]*\) .*/\1/p' "$out")
does "someone is faster" bukti unit add bkd --name "BKD 3" --update
ends 7 "signed too late" bukti sign "$id" --as ketua --yes
does "drop" bukti proposal drop "$id"
ends 2 "gone" bukti proposal show "$id"
does "both at one keyboard" bukti unit add bkd --name "BKD 4" --update \
	--as admin --as ketua
does "show" bukti show bkd --json
is "$(json '.record.by | join(",")')" admin,ketua "both are in the record"

# ---- a document waits with its content

sample=$BUKTI_SOURCE/tests/sample/bagian-hukum
file="Perwali Nomor 28 Tahun 2021 tentang Penyelenggaraan SPBE.pdf"
does "unit" bukti unit add hukum --name "Bagian Hukum"
member dwi uploader hukum
member eka uploader hukum
printf 'indicator,units\n1,hukum\n' >assign.csv
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv
waits() { # file: one document and its link, waiting; the document's id
	does "propose a document" bukti add "$1" --indicator 1 --levels 2 \
		--type peraturan --number 28 --date 2021-06-01 \
		--signer "Wali Kota" --title "Perwali 28/2021" --unit hukum \
		--as dwi --with eka
	run bukti proposal list --json
	doc=$(json '.proposals[] | select(.path | startswith("documents/")) | .id')
	link=$(json '.proposals[] | select(.path | startswith("cycles/")) | .id')
}
waits "$sample/$file"
does "the other signs it" bukti sign "$doc" --as eka --yes
does "and its link" bukti sign "$link" --as eka --yes
does "find it" bukti log documents/ --json
does "its content is there" bukti cat \
	"$(json '.entries[0].path' | cut -d/ -f3)"
cmp -s "$out" "$sample/$file"
result $? "byte for byte"
does "and nothing is missing" bukti verify kota.git
says "INTACT, COMPLETE"

printf '%%PDF-1.7\nlain\n' >lain.pdf
waits lain.pdf
sha=$(sha256sum <lain.pdf | cut -c -64)
rm -f "kota.git/lfs/objects/$(echo "$sha" | cut -c 1-2)/$(echo "$sha" |
	cut -c 3-4)/$sha"
ends 5 "without its content it does not enter" bukti sign "$doc" --as eka --yes
warns "not in the store"
does "drop" bukti proposal drop "$doc"
does "drop" bukti proposal drop "$link"

# ---- shown and judged before it is signed

pending() { # the ids that wait
	run bukti proposal list --json
	json '.proposals[].id'
}
does "propose" bukti unit add dua --name "Dua" --with ketua
id=$(pending)
on_terminal n bukti sign "$id" --as ketua
is "$rc" 2 "no on the terminal"
says "to be signed by ketua" "unit" "sign it? [y/N]" "nothing was signed"
[ ! -e "kota.git/bukti/proposals/$id/ketua.p7s" ]
result $? "and nothing is"
on_terminal y bukti sign "$id" --as ketua
is "$rc" 0 "yes"
says "units/dua.json: entry"
does "propose" bukti unit add dua --name "Dua 2" --update --with ketua
id=$(pending)
on_terminal "" bukti sign "$id" --as ketua --yes
is "$rc" 0 "--yes is not asked"

member budi uploader bkd
member ani auditor ""
does "propose without the right" bukti unit add tiga --name Tiga --as budi \
	--with ani
id=$(pending)
ends 5 "it is not signed" bukti sign "$id" --as ani --yes
warns "it could not enter, nothing was signed" "no right to a unit record" \
	"bukti proposal drop $id"
[ ! -e "kota.git/bukti/proposals/$id/ani.p7s" ]
result $? "indeed"
does "drop" bukti proposal drop "$id"
does "propose" bukti unit add dua --name "Dua 3" --update --with ketua
late=$(pending)
does "someone is faster" bukti unit add dua --name "Dua 4" --update
ends 7 "too late" bukti sign "$late" --as ketua --yes
warns "bukti proposal drop $late"
[ ! -e "kota.git/bukti/proposals/$late/ketua.p7s" ]
result $? "not signed either"
does "drop" bukti proposal drop "$late"

# ---- a signature that was spoilt while it waited

does "propose" bukti unit add dua --name "Dua 5" --update --with ketua
id=$(pending)
p7s=kota.git/bukti/proposals/$id/admin.p7s
size=$(stat -c %s "$p7s")
cp "$p7s" whole.p7s
for at in 20 $((size / 2)) $((size - 5)); do
	cp -f whole.p7s "$p7s"
	printf 'XX' | dd of="$p7s" bs=1 seek="$at" conv=notrunc 2>/dev/null
	ends 4 "not signed" bukti sign "$id" --as ketua --yes
	warns "proposal '$id' was damaged since it was made" \
		"bukti proposal drop $id"
	ends 4 "nor shown as good" bukti proposal show "$id"
	ends 1 "nor listed as good" bukti proposal list
	warns "proposal '$id' is broken"
done
: >"$p7s"
ends 4 "nor an empty one" bukti sign "$id" --as ketua --yes
cp -f whole.p7s "$p7s"
does "whole again" bukti sign "$id" --as ketua --yes

# ---- a broken one does not hide the others

for name in a b c d e f; do
	does "propose" bukti unit add "u-$name" --name "$name" --with ketua
done
# shellcheck disable=SC2046
set -- $(pending)
echo x >>"kota.git/bukti/proposals/$1/record.json"
echo '{' >"kota.git/bukti/proposals/$2/record.json"
rm "kota.git/bukti/proposals/$3/record.json"
mkfifo "kota.git/bukti/proposals/$3/record.json"
head -c 200000 /dev/zero >"kota.git/bukti/proposals/$4/record.json"
echo x >kota.git/bukti/proposals/stray
ends 1 "list" timeout 20 bukti proposal list
is "$(grep -c "units/" "$out")" 2 "the good ones are listed"
for i in "$1" "$2" "$3" "$4"; do
	warns "proposal '$i' is broken" "bukti proposal drop $i"
done
warns "proposal 'stray' is broken" "by hand"
ends 1 "as JSON" bukti proposal list --json
is "$(json '(.proposals | length), (.broken | length)' | tr '\n' ' ')" "2 5 " \
	"all of them"
for i in "$1" "$2" "$3" "$4"; do
	does "drop it" bukti proposal drop "$i"
done
rm kota.git/bukti/proposals/stray
does "all is well again" bukti proposal list

healthy kota.git
finish
