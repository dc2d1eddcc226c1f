#!/bin/sh
# A table and a folder that do not quite agree: names that are nearly there,
# and files that no row names.
. "$(dirname "$0")/lib.sh"

begin
small_round
mkdir "dokumen opd" "dokumen opd/Bidang A" "dokumen opd/Bidang B"
pdf() { # name
	printf '%%PDF-1.4\n%s\n%%%%EOF\n' "$1" >"dokumen opd/$1"
}
table() { # file...
	echo file,indicator,unit,type,title,date,signer,number
	for f in "$@"; do
		echo "$f,30,inspektorat,laporan_audit,Judul,2026-05-04,Kepala,7"
	done
}
import() { # status description option...
	want=$1
	what=$2
	shift 2
	ends "$want" "$what" bukti import t.csv --dir "dokumen opd" --as opd "$@"
}

nfc=$(printf 'Caf\303\251 Rapat.pdf')
nfd=$(printf 'Cafe\314\201 Rapat.pdf')
panjang="Peraturan Wali Kota Nomor 28 Tahun 2021 tentang Penyelenggaraan SPBE"
for f in ada.pdf Laporan.PDF foto.png x.jpg Foto2.png "$nfd" "$panjang.pdf" \
	"Bidang A/Notulen Rapat.pdf" "Bidang A/y.pdf" \
	"Bidang A/dua kali.pdf" "Bidang B/dua kali.pdf"; do
	pdf "$f"
done

# ---- names that are nearly there

table ada.pdf Laporan.pdf Foto.PNG x.JPG "$nfc" "Notulen Rapat.pdf" \
	'Bidang A\y.pdf' "dokumen opd/Foto2.png" "C:\\Users\\opd\\x.jpg" \
	"dua kali.pdf" "bidang a/notulen rapat.pdf" \
	"Peraturan Walikota${panjang#*Kota}.pdf" "lain sekali.pdf" >t.csv
near() { # line name
	grep "^t.csv:$1: .* is not there (the folder has '$2'" "$err" >got
	result $? "line $1: the folder has $2"
}
for dry in --dry-run ""; do
	# shellcheck disable=SC2086
	import 1 "nearly $dry" $dry
	near 3 Laporan.PDF
	near 4 foto.png
	near 5 x.jpg
	near 6 "$nfd"
	grep -q "^t.csv:6: .*another encoding" "$err"
	result $? "and why it looks the same"
	near 7 "Bidang A/Notulen Rapat.pdf"
	near 8 Bidang.A/y.pdf
	near 9 Foto2.png
	near 10 x.jpg
	near 12 "Bidang A/Notulen Rapat.pdf"
	near 13 "$panjang.pdf"
	warns "t.csv:11: 'dua kali.pdf' is not there (was it renamed" \
		"t.csv:14: 'lain sekali.pdf' is not there (was it renamed"
	says "2 files in the folder are in no row: 'Bidang A/dua kali.pdf', 'Bidang B/dua kali.pdf'"
done
table "dokumen opd/ada.pdf" "dokumen opd/x.jpg" >t.csv
import 2 "the folder's own name in front of all"
warns "none of the 2 files of 't.csv'" \
	"the folder has 'ada.pdf': write that for 'dokumen opd/ada.pdf' (line 2)"
ends 2 "one by itself" bukti add "dokumen opd/$nfc" -i 30 \
	--type laporan_audit --as opd
warns "did you mean 'dokumen opd/$nfd'?"
ends 2 "one with other letters" bukti add "dokumen opd/Laporan.pdf" -i 30 \
	--type laporan_audit --as opd
warns "did you mean 'dokumen opd/Laporan.PDF'?"

# ---- files that no row names

rm -r "dokumen opd"
mkdir "dokumen opd" "dokumen opd/sub" "dokumen opd/.cache"
for f in a.pdf b.pdf "Tidak di tabel.pdf" sub/lupa.png .tersembunyi.pdf \
	.cache/a.pdf '~$b.docx' Thumbs.db; do
	pdf "$f"
done
table a.pdf ./b.pdf >"dokumen opd/t.csv"
cp "dokumen opd/t.csv" .
cp -r kota.git "dokumen opd/salinan"
ln -s a.pdf "dokumen opd/tautan.pdf"
lost="2 files in the folder are in no row: 'Tidak di tabel.pdf', 'sub/lupa.png'"
ends 0 "the table in the folder" bukti import "$PWD/dokumen opd/t.csv" \
	-n --as opd
says "$lost"
cd "dokumen opd" || exit 99
ends 0 "from there" bukti import t.csv --as opd
says "$lost"
is "$(wc -l <"$err")" 0 "it is no complaint"
cd ..
rm -r "dokumen opd/salinan" "dokumen opd/t.csv"
table a.pdf b.pdf "Tidak di tabel.pdf" >t.csv
import 0 "another table"
says "1 file in the folder is in no row: 'sub/lupa.png'"
table a.pdf b.pdf "Tidak di tabel.pdf" sub//lupa.png >t.csv
sed -i 's/,inspektorat,/,nobody,/' t.csv
import 1 "bad rows name files too"
is "$(grep -c 'in no row' "$out")" 0 "each file is in one"
mkdir "dokumen opd/banyak"
seq -f "dokumen opd/banyak/%05g.pdf" 1 10000 | xargs -d '\n' touch
table a.pdf b.pdf $(seq -f 'banyak/%05g.pdff' 1 2000) >t.csv
ends 1 "ten thousand more" timeout 60 bukti import t.csv \
	--dir "dokumen opd" -n --as opd
says "9502 files in the folder are in no row:" "  'Tidak di tabel.pdf'" \
	"  and 9402 more"

healthy kota.git
finish
