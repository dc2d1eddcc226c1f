#!/bin/sh
# A folder and its table: words nobody knows, folders and persons that are
# wrong, files that are none, and rehearsals that change nothing.
. "$(dirname "$0")/lib.sh"

begin
small_round
does "another unit" bukti unit add dinkes --name "Dinas Kesehatan"
mkdir folder
pdf() { # name
	printf '%%PDF-1.4\n%s\n%%%%EOF\n' "$1" >"folder/$1"
}
for f in a b c d e; do pdf "$f.pdf"; done
head='file,indicator,unit,type,title,date,covers'
row() { # file type covers date
	printf '%s,30,inspektorat,%s,Judul,%s,%s\n' "$1" "$2" \
		"${4-2026-05-04}" "$3"
}
size_of() {
	git --git-dir=kota.git show main:log/checkpoint | sed -n 2p
}
import() { # status description option...
	want=$1
	what=$2
	shift 2
	ends "$want" "$what" bukti import t.csv --dir folder --as opd "$@"
}

# ---- words of the rulebook

does "the words of a rulebook" bukti show spbe-2020
says "laporan_audit" "Minutes" "cakupan" "seluruh_pd" "unit" "I47"
does "as JSON" bukti show spbe-2020 --json
is "$(json '.doc_types | length')" 25 "every document type"
is "$(json '.doc_types[] | select(.type == "notulen") | .title.id')" \
	"Notulen rapat" "with its title"
is "$(json '.tags[] | select(.tag == "unit") | .units')" true "tags"
is "$(json '.indicators | length')" 47 "indicators"
does "by its revision" bukti show spbe-2020-r1
ends 2 "no such rulebook" bukti show spbe-2021

{
	echo "$head"
	row a.pdf laporan_audi ""
	row b.pdf laporan_audit "cakupn=lengkap"
	row c.pdf laporan_audit "cakupan=lengkp"
	row d.pdf laporan_audit "cakupan=lengkap;unit=dinke"
	row e.pdf laporan_audit "cakupan=lengkap; unit=dinkes|inspektorat"
	row a.pdf ztyp ""
	row b.pdf laporan_audit "cakupan=lengkap;cakupan=sebagian"
	row c.pdf laporan_audit "zz=lengkap"
} >t.csv
size=$(size_of)
import 1 "words that nobody knows" --dry-run
warns "t.csv:2: type 'laporan_audi' is not known (did you mean 'laporan_audit'" \
	"t.csv:3: covers: tag 'cakupn' is not known (did you mean 'cakupan'" \
	"t.csv:4: covers: cakupan 'lengkp' is not known (did you mean 'lengkap'" \
	"t.csv:5: covers: unit 'dinke' is not known (did you mean 'dinkes'" \
	"t.csv:7: type 'ztyp' is not known (bukti show spbe-2020-r1" \
	"t.csv:8: covers says 'cakupan' twice" \
	"t.csv:9: covers: tag 'zz' is not known (bukti show spbe-2020-r1"
is "$(size_of)" "$size" "nothing is written"
import 1 "the same for good"
is "$(size_of)" $((size + 2)) "the good row is in"
size=$(size_of)
ends 2 "add with a tag that nobody knows" bukti add folder/a.pdf -i 30 \
	--type laporan_audit --covers fungs=transaksi --as opd
warns "covers: tag 'fungs' is not known" "did you mean 'fungsi'?"
ends 2 "add with a type that nobody knows" bukti add folder/a.pdf -i 30 \
	--type laporanaudit --as opd
warns "did you mean 'laporan_audit'?"
is "$(size_of)" "$size" "nothing is written"

# ---- a date that has not come yet

pdf masa-depan.pdf
{
	echo "$head"
	row a.pdf laporan_audit ""
	row masa-depan.pdf laporan_audit "" 2062-05-04
} >t.csv
import 0 "a date in the future"
warns "t.csv:3: date 2062-05-04 of 'masa-depan.pdf' lies in the future"
does "add one" bukti add folder/b.pdf -i 30 --type laporan_audit \
	--date 2062-01-01 --as opd
warns "warning: date 2062-01-01 lies in the future"

# ---- a rehearsal says what would be, and changes nothing

digest() { # of every file of the store
	find kota.git -type f | sort | xargs -d '\n' sha256sum | sha256sum
}
{
	echo "$head"
	row a.pdf laporan_audit ""
	row c.pdf laporan_audit ""
	row d.pdf laporan_audi ""
	printf 'c.pdf,31,inspektorat,laporan_audit,Judul,2026-05-04,\n'
	printf 'd.pdf,31,dinkes,laporan_audit,Judul,2026-05-04,\n'
	printf 'zz.pdf,31,inspektorat,laporan_audit,Judul,2026-05-04,\n'
	printf 'e.pdf,1,inspektorat,laporan_audit,Judul,2026-05-04,\n'
} >t.csv
before=$(digest)
import 1 "a rehearsal" --dry-run
is "$(digest)" "$before" "no byte of the store is another"
says "1 document would be added, 2 links would be made" \
	"2 files were there already" "nothing was written"
sed -n 's/^t\.csv:\([0-9]*\):.*/\1/p' "$err" >got
sort -n got | cmp -s - got
result $? "by line"
is "$(tr '\n' ' ' <got)" "2 4 6 6 7 8 8 " "the bad rows and the remarks"
warns "t.csv:6: the access policy gives 'opd' no right to a document record" \
	"t.csv:8: the access policy gives 'opd' no right to a link record"
cp "$err" rehearsed
import 1 "for good"
says "1 document added, 2 links made"
grep -v 'links are looked at' rehearsed >want
cmp -s want "$err"
result $? "the same words as in the rehearsal"

# ---- one mistake, one message

one_line() { # status description option...: and its hint
	ends "$@"
	grep -vc '^hint: ' "$err" >got
	is "$(cat got)" 1 "one message"
}
for dry in "" --dry-run; do
	# shellcheck disable=SC2086
	{
	one_line 5 "a person without the right" bukti import t.csv \
		--dir folder --as sekda $dry
	warns "gives 'sekda' no right to any link record; needed: uploader"
	one_line 5 "nobody known" bukti import t.csv --dir folder --as budi $dry
	warns "'budi' is not an active member"
	one_line 2 "a folder that is not there" bukti import t.csv \
		--dir nowhere --as opd $dry
	one_line 2 "another folder" bukti import t.csv --dir kota.git --as opd \
		$dry
	warns "none of the 5 files of 't.csv' is in 'kota.git'" "--dir"
	}
done
one_line 2 "nobody" env BUKTI_KEYS="$PWD" bukti import t.csv --dir folder

# ---- what is no CSV

printf 'PK\003\004xx' >t.xlsx
printf '\377\376f\000i\000' >t16.csv
printf '\377\376\000\000f\000\000\000' >t32.csv
printf 'f\000i\000' >tnul.csv
for f in t.xlsx t16.csv t32.csv tnul.csv; do
	ends 2 "$f" bukti import $f --dir folder --as opd
	warns "save it as CSV (UTF-8)"
done
ends 2 "claims too" bukti claim --from t.xlsx --as sekda
warns "save it as CSV (UTF-8)"

# ---- the store's own file policy

policy() { # what
	ends 3 "a file policy that is $1" timeout 20 bukti import t.csv \
		--dir folder --as opd
	warns "file policy" "files.yaml"
	rm -r kota.git/bukti/files.yaml
}
mkfifo kota.git/bukti/files.yaml
policy "a pipe"
mkdir kota.git/bukti/files.yaml
policy "a folder"
ln -s "$BUKTI_SOURCE/policies/files.yaml" kota.git/bukti/files.yaml
policy "a link"
head -c 1048577 /dev/zero | tr '\0' '#' >kota.git/bukti/files.yaml
policy "too large"

# ---- what only looks as if it lay in the folder

mkdir outside folder/sub
printf '%%PDF-1.4\nsecret\n%%%%EOF\n' >outside/secret.pdf
ln -s "$PWD/outside" folder/sub/away
ln -s ../outside/secret.pdf folder/link.pdf
{
	echo "$head"
	row sub/away/secret.pdf laporan_audit ""
	row link.pdf laporan_audit ""
	row sub/../../outside/secret.pdf laporan_audit ""
	row "$PWD/outside/secret.pdf" laporan_audit ""
} >t.csv
size=$(size_of)
import 1 "ways out of the folder"
warns "t.csv:2: 'sub/away/secret.pdf' goes through a symbolic link" \
	"t.csv:3: 'link.pdf' goes through a symbolic link" \
	"t.csv:4: 'sub/../../outside/secret.pdf' leads out of the folder" \
	"t.csv:5: '$PWD/outside/secret.pdf' leads out of the folder"
is "$(size_of)" "$size" "none of it entered"
ln -s folder named
ends 1 "a folder that is a link itself" bukti import t.csv --dir named \
	--as opd
warns "t.csv:2: 'sub/away/secret.pdf' goes through"

# ---- columns in Indonesian

pdf satu.pdf
printf 'Berkas;Indikator;Perangkat_Daerah;Jenis;Judul;Tanggal;Nomor\n%s\n' \
	'satu.pdf;30;inspektorat;laporan_audit;Judul;2026-05-04;700.9' >t.csv
import 0 "columns in Indonesian" --dry-run
printf 'berkas,indikator,perangkat_daerah,jenis,judul,tangal\n%s\n' \
	'satu.pdf,30,inspektorat,laporan_audit,Judul,2026-05-04' >t.csv
import 0 "one misspelt" --dry-run
warns "column 'tangal' is not read; did you mean 'tanggal'?"
printf 'berkas,file,indikator,perangkat_daerah,jenis,judul\nx,x,1,x,x,x\n' >t.csv
import 2 "the same twice"
warns "has both 'file' and 'berkas', which are one column"
printf 'dokumen,indikator,perangkat_daerah,jenis,judul\nx,1,x,x,x\n' >t.csv
import 2 "one that is needed is not there"
warns "has no column 'file' (or 'berkas')" "type (jenis)"

# ---- files that were cut short enter, and are told

mkdir cut
for i in 1 2 3; do
	printf '%%PDF-1.7\nlaporan %s\n' "$i" >"cut/l$i.pdf"
done
printf '%%%%EOF\n' >>cut/l2.pdf
{
	echo file,indicator,unit,type,date,signer,number,title
	for i in 1 2 3; do
		echo "l$i.pdf,31,inspektorat,laporan_penerapan,2026-03-01,Kepala,$i,Laporan $i"
	done
} >cut.csv
does "files without their end" bukti import cut.csv --dir cut --as opd
warns "warning: 2 files without their end: cut short? (lines 2, 4)" \
	"hint: open them"
printf '%%PDF-1.7\nlaporan empat\n' >cut/l4.pdf
does "one by itself" bukti add cut/l4.pdf --unit inspektorat -i 31 \
	--type laporan_penerapan --date 2026-03-01 --signer Kepala --number 4 \
	--as opd
warns "warning: 'cut/l4.pdf' has no end: cut short?"

# ---- what the rulebook wants said, once for all that lack it

# ---- what the rulebook wants said, once for all that lack it

for i in 1 2 3 4 5 6 7; do pdf rapat$i.pdf; done
{
	echo "$head"
	for i in 7 6 5 4 3 2; do row rapat$i.pdf notulen "" ""; done
	row rapat1.pdf notulen "" 2026-05-04
	printf 'rapat7.pdf,31,inspektorat,notulen,Judul,,\n'
} >t.csv
lacks="t.csv: warning: 6 documents of type notulen need: date (lines 2, 3, 4, 5, 6 ...)"
import 0 "minutes without a date, to try" --dry-run
warns "$lacks" "hint: write it into the table"
is "$(wc -l <"$err")" 2 "said once"
import 0 "minutes without a date"
warns "$lacks" "hint: bukti help replace"
is "$(wc -l <"$err")" 2 "said once"
import 0 "again"
is "$(wc -l <"$err")" 0 "what is in is not told of again"

# ---- rows that are not whole

pdf kurang.pdf
{
	echo "$head"
	printf 'kurang.pdf,30,inspektorat,laporan_audit,Judul\n'
	printf 'kurang.pdf,30,inspektorat,laporan_audit,Judul,,,\n'
	row "" laporan_audit ""
	row kurang.pdf laporan_audit ""
} >t.csv
import 1 "a field too few, one too many, no file" --dry-run
warns "t.csv:2: 5 fields, but the header names 7 (" \
	"t.csv:3: 8 fields, but the header names 7 (" \
	"t.csv:4: the row names no file (write its name"
says "4 rows, 1 file read" "3 rows would not be taken"
printf 'unit,name\nbkd\nbpkad,Badan,x\n' >u.csv
ends 1 "units too" bukti unit add --from u.csv
warns "u.csv:2: 1 field, but the header names 2 (" \
	"u.csv:3: 3 fields, but the header names 2 ("
printf 'indicator,level,fact,analysis\n30,2,Laporan\n' >k.csv
ends 1 "claims too" bukti claim --from k.csv --as sekda
warns "k.csv:2: 3 fields, but the header names 4"

# ---- what a row says of content that is a document already

wide=file,indicator,unit,type,number,date,title,class,note
one() { # file indicator number title class note
	printf '%s,%s,inspektorat,laporan_audit,%s,2026-05-04,%s,%s,%s\n' "$@"
}
pdf kembar1.pdf
for f in kembar2 kembar3 kembar4 kembar5; do
	cp folder/kembar1.pdf folder/$f.pdf
done
{
	echo "$wide"
	one kembar1.pdf 30 7 Kembar "" ""
	one kembar2.pdf 31 8 "Lain sama sekali" rahasia ""
	one kembar3.pdf 31 "" Kembar "" ""
	one kembar4.pdf 31 "" Kembar umum catatan
	one kembar1.pdf 31 7 Kembar "" catatan
} >t.csv
size=$(size_of)
for dry in --dry-run "" ""; do
	# shellcheck disable=SC2086
	import 1 "one content, two words for it $dry" $dry
	warns "t.csv:3: 'kembar2.pdf' has the same content as" \
		"but another title, number, class (" \
		"t.csv:5: 'kembar4.pdf' has the same content as" \
		"but another note (" \
		"t.csv:6: the note of 'kembar1.pdf' differs from line 2"
	grep -q '^3 rows .*not' "$out"
	result $? "three rows are not taken"
	is "$(grep -c '^t.csv:4' "$err")" "$(grep -c \
		"^t.csv:4: 'kembar3.pdf' .*only its links are looked at" \
		"$err")" "an empty cell says nothing"
done
is "$(size_of)" $((size + 3)) "one document, two links"
does "find it" bukti show kembar1.pdf --json
doc=$(json .record.document)
is "$(json '.record | .title + .number + .class')" Kembar7umum \
	"as its own row says"
{
	echo "$wide"
	one kembar1.pdf 30 7 Kembar "" ""
	one kembar3.pdf 31 "" Kembar "" ""
} >t.csv
import 0 "rows that agree"
says "0 documents added, 0 links made"
does "change the document" bukti replace "$doc" --number 9 --as opd
size=$(size_of)
import 1 "the table is not what the document says any more"
warns "t.csv:2: 'kembar1.pdf' has the same content as document $doc, but another number (" \
	"bukti replace $doc"
is "$(grep -c '^t.csv' "$err")" 1 "said of the one row that says a number"
{
	echo "$wide"
	one kembar1.pdf 30 9 Kembar "" ""
} >t.csv
import 0 "the row put right"
is "$(size_of)" "$size" "nothing is written"

# ---- a document for nothing stays out

pdf yatim.pdf
pdf sebagian.pdf
{
	echo "$head"
	printf '%s,%s,inspektorat,laporan_audit,Judul,2026-05-04,\n' \
		yatim.pdf 1 yatim.pdf 2 sebagian.pdf 1 sebagian.pdf 30
} >t.csv
size=$(size_of)
import 1 "links that may not be made" --dry-run
says "1 document would be added, 1 link would" "3 rows would not be taken"
is "$(size_of)" "$size" "a rehearsal writes nothing"
import 1 "links that may not be made"
says "1 document added, 1 link made" "3 rows not taken"
is "$(grep -c 'no right to a link record here' "$err")" 3 "each row is told"
is "$(size_of)" $((size + 2)) "nothing without a link is in"
ends 2 "no such document" bukti show yatim.pdf
sed -i 's/^yatim.pdf,1,/yatim.pdf,31,/' t.csv
import 1 "one of them mended"
says "1 document added, 1 link made" "2 rows not taken"

# ---- two names for one content, of which the first stays out; in later rounds

pdf induk.pdf
cp folder/induk.pdf folder/anak.pdf
cp folder/induk.pdf folder/cucu.pdf
away() { # from to: rows of files that are not there
	for i in $(seq "$1" "$2"); do row hilang$i.pdf laporan_audit ""; done
}
{
	echo "$head"
	row induk.pdf laporan_audit "" | sed 's/,30,/,1,/'
	away 1 447
	row anak.pdf laporan_audit ""
	away 448 894
	row cucu.pdf laporan_audit "" | sed 's/,30,/,31,/'
	row cucu.pdf laporan_audit "" | sed 's/,30,/,2,/'
} >t.csv
size=$(size_of)
import 1 "the second has its own right, to try" --dry-run
says "1 document would be added, 2 links would" "896 rows would not"
grep -v "hilang[0-9]*.pdf' is not there" "$err" >rehearsed
is "$(size_of)" "$size" "a rehearsal writes nothing"
import 1 "the second has its own right"
says "1 document added, 2 links made" "896 rows not taken"
grep -v "hilang[0-9]*.pdf' is not there" "$err" >told
grep -v 'links are looked at' rehearsed | cmp -s - told
result $? "told as in the rehearsal"
is "$(sed -n 's/^t.csv:\([0-9]*\):.*/\1/p' told | tr '\n' ' ')" "2 899 " \
	"what may not be linked, and no more"
is "$(size_of)" $((size + 3)) "one document, two links"
does "under the name of the second" bukti show anak.pdf
import 1 "once more"
says "0 documents added, 0 links made" "3 files were there already, 2 links"

# ---- the bar

{
	echo "$head"
	row satu.pdf laporan_audit ""
} >t.csv
import 0 "no terminal" --dry-run
! grep -q '%' "$err"
result $? "no bar"
on_terminal "" bukti import t.csv --dir folder --as opd
is "$rc" 0 "on a terminal"
grep -q '\[#*\.*\] *[0-9]*%' "$out"
result $? "a bar is shown"
tr '\r' '\n' <"$out" | tail -n 2 | grep -q '%'
[ $? -ne 0 ]
result $? "and taken away at the end"

healthy kota.git
finish
