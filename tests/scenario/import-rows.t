#!/bin/sh
# A table made in a hurry: all that is wrong with a row is told at once, in
# words that help, and each thing once.
. "$(dirname "$0")/lib.sh"

begin
does "a new store" bukti verify
says " 1 commit, " " 0 objects, 0 bytes"
small_round
mkdir folder
pdf() { # name
	printf '%%PDF-1.4\n%s\n%%%%EOF\n' "$1" >"folder/$1"
}
for f in a b c d e; do pdf $f.pdf; done
import() { # status description option...
	want=$1
	what=$2
	shift 2
	ends "$want" "$what" bukti import t.csv --dir folder --as opd "$@"
}
head=file,indicator,levels,unit,type,title,date,years,valid_from,valid_until
told() { # line count: so many messages, each with advice
	is "$(grep -c "^t.csv:$1: " "$err")" "$2" "line $1: $2 messages"
	is "$(grep -c "^t.csv:$1: .*)\$" "$err")" "$2" "each with what to do"
}

# ---- several faults in one row

{
	echo "$head"
	echo "a.pdf,,,inspektorat,laporan_audit,,2026-05-04,,,"
	echo "../mk.py,99 30 98,x 9,nirgends,Laporan Penerapan,,5.5.26,1,2026-02-01,2026-01-01"
	echo "b.pdf,30,9,inspektorat,laporan_audit,Judul,2026-05-04,,,"
	echo "c.pdf,30 30,,inspektorat,Tangkapan Layar,Judul,2026-05-04,,,"
	echo "d.pdf,30,,inspektorat,laporan_audit,Judul,2026-05-04,,,"
	echo "d.pdf,30 97,,inspektorat,laporan_audit,Lain,2026-05-04,,,"
	echo "$PWD/e.pdf,30,,inspektorat,laporan_audit,Judul,2026-05-04,,,"
} >t.csv
for dry in --dry-run ""; do
	# shellcheck disable=SC2086
	import 1 "seven rows, of which one is good $dry" $dry
	told 2 2
	warns "t.csv:2: the title is empty (write into the column title (judul)" \
		"t.csv:2: the indicator is empty (write into the column indicator (indikator)"
	told 3 10
	warns "t.csv:3: '../mk.py' leads out of the folder (bring" \
		"t.csv:3: unit 'nirgends' is not known (bukti unit list" \
		"t.csv:3: type 'Laporan Penerapan' is not known (did you mean 'laporan_penerapan'?)" \
		"t.csv:3: date '5.5.26' is not a date (" \
		"t.csv:3: years '1' is not a number from 1990 to 2200 (" \
		"t.csv:3: valid_until 2026-01-01 is before valid_from 2026-02-01 (" \
		"t.csv:3: levels 'x' is not a number from 1 to 9 (" \
		"t.csv:3: the rulebook has no indicator '99' (" \
		"t.csv:3: the rulebook has no indicator '98' ("
	told 4 1
	warns "t.csv:4: I30 has no level 9 ("
	told 5 2
	warns "t.csv:5: type 'Tangkapan Layar' is not known (did you mean 'tangkapan_layar'?)" \
		"t.csv:5: the row names I30 twice ("
	told 6 0
	told 7 3
	warns "t.csv:7: the title of 'd.pdf' differs from line 6 (" \
		"t.csv:7: 'd.pdf' is linked to I30 in line 6 already (" \
		"t.csv:7: the rulebook has no indicator '97' ("
	told 8 1
	says "7 rows, 1 file read" "6 rows"
	is "$(grep -c -- '--title' "$err")" 0 "no option that import has not"
done
says "1 document added, 1 link made in 2026-2" \
	"6 rows not taken: mend them and run"
does "one thing, in its own words" bukti status
says "1 link waits for a decision, 0 returned, " " errors to mend"
ends 2 "add without a title" bukti add folder/a.pdf -i 30 \
	--type laporan_audit --title '' --as opd
warns "the title is empty" "--title 'Peraturan Wali Kota"
ends 2 "add with a type as people write it" bukti add folder/a.pdf -i 30 \
	--type 'Tangkapan-Layar' --as opd
warns "did you mean 'tangkapan_layar'?"

# ---- a date that has not come yet

printf '%s\n' "$head" \
	"e.pdf,30,,inspektorat,laporan_audit,Judul,2062-05-04,,," >t.csv
import 0 "a date in the future, to try" --dry-run
warns "t.csv:2: date 2062-05-04 of 'e.pdf' lies in the future: is it right? (if not, correct the row before it is imported)"
import 0 "a date in the future"
says "1 row, 1 file read" "1 document added, 1 link made"
does "which document" bukti show e.pdf --json
doc=$(json .record.document)
import 0 "nothing is told again"
is "$(wc -l <"$err")" 0 "of what is in"
does "take it back" bukti unlink "$doc" -i 30 --as opd
pdf f.pdf
sed -i 's/e.pdf/f.pdf/' t.csv
import 0 "another"
doc=$(sed -n 's/.*(if not: bukti replace \([a-z2-7]*\) --date YYYY-MM-DD.*/\1/p' "$err")
does "as it says" bukti replace "$doc" --date 2026-05-04 --as opd

# ---- what is wrong with the table itself is said once

once() { # word description
	is "$(grep -o -- "$1" "$err" | wc -l)" 1 "$2"
}
echo "$head" >t.csv
import 2 "a header and no row"
warns "'t.csv': it has no row below the names of the columns" "hint: "
printf '%s\n\n,,,,,,,,,\n' "$head" >t.csv
import 2 "and rows without anything in them"
echo "file,type" >t.csv
import 2 "columns that are needed are not there"
warns "'t.csv': it has no column 'indicator' (or 'indikator')"
once "t\.csv" "the table is named once"
printf '%s\n' "$head" "a.pdf,30" >t.csv
import 1 "a row that is not whole"
warns "t.csv:2: 2 fields, but the header names 10 ("
is "$(grep -c 'line 2' "$err")" 0 "the line is named once"
printf '%s\n' "$head" 'a"b.pdf,30,,,,,,,,' '"c.pdf,30' >t.csv
import 1 "quotes"
warns "t.csv:2: column 2: quote inside a field without quotes (" \
	"t.csv:3: column 1: quote is never closed (close it"

# ---- the line that tells a spreadsheet the delimiter

{
	printf 'sep=;\r\n'
	echo "$head" | tr , ';' | sed 's/years/tahn/'
	echo "a.pdf;30,31;2,3;inspektorat;laporan_audit;Judul, satu;2026-05-04;;;"
	echo "b.pdf;99;;inspektorat;laporan_audit;Judul;2026-05-04;;;"
} >t.csv
import 1 "sep=;"
says "2 rows, 1 file read" "1 document added, 2 links made" \
	"1 row not taken: mend it and run"
warns "t.csv:2: column 'tahn' is not read; did you mean 'tahun'?" \
	"t.csv:4: the rulebook has no indicator '99'"
printf 'sep=;\nunit;name\nbkd;Badan, Kepegawaian\n' >u.csv
does "units too" bukti unit add --from u.csv

healthy kota.git
finish
