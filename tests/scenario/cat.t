#!/bin/sh
# Documents come out as they went in, or not at all.
. "$(dirname "$0")/lib.sh"

sample=$BUKTI_SOURCE/tests/sample/bagian-hukum
file="Perwali Nomor 28 Tahun 2021 tentang Penyelenggaraan SPBE.pdf"

begin
does "unit" bukti unit add hukum --name "Bagian Hukum"
member ani uploader hukum
printf 'indicator,units\n1,hukum\n' >assign.csv
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv
does "add" bukti add "$sample/$file" --indicator 1 --levels "2 3" \
	--type peraturan --number 28 --date 2021-06-01 --signer "Wali Kota" \
	--title "Perwali 28/2021" --unit hukum --as ani
does "find it" bukti log documents/ --json
doc=$(json '.entries[0].path' | cut -d/ -f3)

does "to standard output" bukti cat "$doc"
cmp -s "$out" "$sample/$file"
result $? "byte for byte"
does "into a folder" bukti cat "$doc" -o .
cmp -s "$file" "$sample/$file"
result $? "under its own name"
ends 2 "never over a file" bukti cat "$doc" -o "$file"
does "the first version" bukti cat "$doc" --version 1
ends 2 "a version that is not there" bukti cat "$doc" --version 2
warns "there is 1 to 1"
ends 2 "a record that is no document" bukti cat units/hukum.json

does "show" bukti show "$doc" --json
is "$(json '.links[0].path')" "cycles/2026-2/I01/evidence/$doc.json" \
	"its link is shown"
is "$(json .record.title)" "Perwali 28/2021" "and what is said about it"
sha=$(json .record.sha256)
does "show its link" bukti show "cycles/2026-2/I01/evidence/$doc"
says "levels        2, 3"

object=kota.git/lfs/objects/$(echo "$sha" | cut -c 1-2)/$(echo "$sha" |
	cut -c 3-4)/$sha
cp "$object" kept
chmod u+w "$object"
printf 'X' | dd of="$object" bs=1 seek=100 conv=notrunc 2>/dev/null
ends 4 "a spoiled byte" bukti cat "$doc" -o spoiled.pdf
[ ! -e spoiled.pdf ]
result $? "leaves no file"
ends 4 "nor does it pass unseen through a pipe" bukti cat "$doc"
rm -f "$object"
ends 1 "an absent one" bukti cat "$doc" -o spoiled.pdf
[ ! -e spoiled.pdf ]
result $? "leaves no file"
cp kept "$object" && chmod 444 "$object"
does "put back" bukti cat "$doc" -o again.pdf

healthy kota.git
finish
