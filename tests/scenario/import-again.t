#!/bin/sh
# A table that is run again: what was taken back on purpose stays so and is
# told, and files that are the same are counted for what they are.
. "$(dirname "$0")/lib.sh"

begin
small_round
mkdir folder
pdf() { # name
	printf '%%PDF-1.4\n%s\n%%%%EOF\n' "$1" >"folder/$1"
}
table() { # file,indicator,levels ...
	echo file,indicator,levels,unit,type,title,date,signer,number
	for r in "$@"; do
		echo "$r,inspektorat,laporan_audit,Judul,2026-05-04,Inspektur,7"
	done
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
id_of() { # name
	run bukti show "$1" --json
	json .record.document
}

# ---- the same content twice, in an empty store

pdf "Salinan 1.pdf"
cp "folder/Salinan 1.pdf" "folder/Salinan 2.pdf"
table "Salinan 1.pdf,30," "Salinan 2.pdf,31," >t.csv
import 0 "two copies, to try" --dry-run
warns "t.csv:3: 'Salinan 2.pdf' has the same content as 'Salinan 1.pdf' (line 2)"
is "$(grep -c 'is document' "$err")" 0 "no document is named that is not there"
says "1 document would be added, 2 links would be made in 2026-2" \
	"1 file has the same content as another of the table"
is "$(grep -c 'there already' "$out")" 0 "nothing was there"
import 0 "two copies"
says "2 rows, 2 files read" "1 document added, 2 links made in 2026-2" \
	"1 file has the same content as another of the table"
is "$(grep -c 'there already' "$out")" 0 "nothing was there"
import 0 "again"
says "0 documents added, 0 links made" "2 files were there already, 2 links"
is "$(grep -c 'same content' "$out")" 0 "both are the one that was there"

# ---- a link that was taken back

pdf a.pdf
table "a.pdf,30," "a.pdf,31,2 3" >t.csv
import 0 "a table"
a=$(id_of a.pdf)
does "unlink" bukti unlink "$a" -i 31 --note 'salah indikator' --as opd
size=$(size_of)
for dry in --dry-run ""; do
	# shellcheck disable=SC2086
	import 0 "the same table again $dry" $dry
	warns "t.csv:3: 'a.pdf' was unlinked from I31 by opd ('salah indikator')" \
		"bukti link $a --indicator I31 --levels 2,3"
	says "1 link left alone" "1 file was there already, 1 link "
	is "$(grep -c 'unlinked' "$err")" 1 "the one row is told"
	is "$(size_of)" "$size" "nothing is written"
done
does "as it says" bukti link "$a" --indicator I31 --levels 2,3 --as opd
size=$(size_of)
import 0 "wanted again"
says "0 links made" "2 links unchanged"
is "$(grep -c 'left alone' "$out")" 0 "nothing is left alone"
is "$(size_of)" "$size" "it is just so"

# ---- a document that was withdrawn

pdf b.pdf
table "b.pdf,30," "b.pdf,31," >t.csv
import 0 "another table"
b=$(id_of b.pdf)
does "withdraw" bukti replace "$b" --withdraw --as opd
size=$(size_of)
for dry in --dry-run ""; do
	# shellcheck disable=SC2086
	import 0 "the same table again $dry" $dry
	warns "t.csv:2: 'b.pdf' is document $b, which was withdrawn: left so" \
		"t.csv:3: 'b.pdf' is" "bukti replace $b"
	says "0 documents " "2 links left alone"
	is "$(size_of)" "$size" "nothing is written"
done
does "as it says" bukti replace "$b" --as opd
import 0 "wanted again"
says "1 file was there already, 2 links unchanged"

# ---- a document that has other content by now

pdf c.pdf
pdf c-baru.pdf
table "c.pdf,30," >t.csv
import 0 "a third table"
c=$(id_of c.pdf)
does "replace" bukti replace "$c" folder/c-baru.pdf --as opd
size=$(size_of)
import 0 "the same table again"
warns "t.csv:2: 'c.pdf' is document $c as it was before it was replaced" \
	"bukti link $c --indicator I30"
says "0 documents added" "1 link left alone"
is "$(size_of)" "$size" "nothing is written"

healthy kota.git
finish
