#!/bin/sh
# The main job on the sample institution: from the first file to the inspected
# package, with everything people get wrong on the way.
. "$(dirname "$0")/lib.sh"

institution
size_of() {
	git --git-dir=kota.git show main:log/checkpoint | sed -n 2p
}
untouched() { # what
	is "$(size_of)" "$size" "$1: nothing is written"
	is "$(find kota.git/bukti/tmp -type f | wc -l)" 0 \
		"$1: nothing lies about"
}

seconds() { # as openssl and JSON write a time
	date -u -d "$(echo "$1" | sed 's/^notBefore=//')" +%s
}
bad=0
for m in $(cat members); do
	[ "$(seconds "$(git --git-dir=kota.git show "main:members/$m.pem" |
		openssl x509 -noout -startdate)")" -le \
		"$(seconds "$(git --git-dir=kota.git show \
			"main:members/$m.json" | jq -r .at)")" ] || bad=1
done
result "$bad" "every certificate is valid when it is registered"

# ---- a whole folder

does "import" bukti import "$sample/evidence.csv" --dir "$sample" \
	--as operator-kominfo
says "69 documents added, 117 links made"
warns "1 document of type peraturan needs: number, date, signer (line 79)"
is "$(grep -vc '^hint: ' "$err")" 1 "no complaint but the draft that is planted"
is "$(find kota.git/lfs/objects -type f | wc -l)" 69 "each content once"
bad=0
for f in $(find kota.git/lfs/objects -type f); do
	[ "$(sha256sum "$f" | cut -d' ' -f1)" = "$(basename "$f")" ] || bad=1
done
result "$bad" "every object has the digest of its name"
size=$(size_of)
does "import again" bukti import "$sample/evidence.csv" --dir "$sample" \
	--as operator-kominfo
says "0 documents added, 0 links made"
untouched "import again"
does "claims" bukti claim --from "$sample/claims.csv" --as sekda
is "$(size_of)" $((size + 47)) "a claim for each indicator"
size=$(size_of)
does "claims again" bukti claim --from "$sample/claims.csv" --as sekda
untouched "claims again"

does "status" bukti status 2026-2 --json
json '.indicators[] | [(.indicator | ltrimstr("I") | tonumber),
	.claimed.level, .supported.level] | map(tostring) | join(",")' >got
tail -n +2 "$sample/expected.csv" | cut -d, -f1-3 >want
cmp -s got want
result $? "claimed and supported of all 47 as expected"
ends 1 "check" bukti check 2026-2 --all --json
json '.indicators[] | [(.indicator | ltrimstr("I") | tonumber),
	.claimed.level, .supported.level] | map(tostring) | join(",")' >got
cmp -s got want
result $? "check says the same"
is "$(json '.index | .claimed + " " + .supported + " " + .verified')" \
	"3.8235 3.768 1" "index, before anybody looked"
for i in $(awk -F, 'NR > 1 && $4 != "" { print $1 }' "$sample/expected.csv"); do
	printf 'I%02d\n' "$i"
done >want
json '.indicators[] | select((.claimed.level | tonumber) >
	(.supported.level | tonumber)) | .indicator' >got
cmp -s got want
result $? "supported below claimed just where a reason is planted"
unmet() { # indicator
	json ".indicators[] | select(.indicator == \"$1\") | .unmet[0].id"
}
is "$(unmet I09) $(unmet I29) $(unmet I37)" "I09.L4.b I29.L3.a I37.L3.a" \
	"the unmet requirement is named"

# ---- bad rows

ends 1 "a table with bad rows" bukti import "$sample/evidence-bad.csv" \
	--dir "$sample" --as operator-kominfo
grep -q "evidence-bad.csv:1: column 'masalah' is not read" "$err"
result $? "a column that nobody reads is told"
sed -n 's/^[^ ]*evidence-bad\.csv:\([0-9]*\): .*/\1/p' "$err" | sort -n |
	sed 1d >got
seq 3 15 >want
cmp -s got want
result $? "exactly the planted rows are told, each with its line"
says "1 document added, 1 link made" "13 rows not taken"
warns "image/png" "file is empty" "Tidak Ada.pdf' is not there" \
	"no indicator '48'" "'2025-02-30' is not a date" \
	"'17/03/2025' is not a date" "type 'sk'" "unit 'dinas-lain'" \
	"I24 has no level 6" "'sangat-rahasia'" "leads out of the folder" \
	"same content" "differs from line 2"
is "$(size_of)" $((size + 2)) "the good row is in, and no other"
does "find it" bukti log -n 1 documents/ --json
doc=$(json '.entries[0].path' | cut -d/ -f3)
does "as it was" bukti cat "$doc" -o kept.pdf
cmp -s kept.pdf "$sample/salah/Laporan Baik.pdf"
result $? "byte for byte"
size=$(size_of)
ends 1 "the same table again" bukti import "$sample/evidence-bad.csv" \
	--dir "$sample" --as operator-kominfo
says "0 documents added, 0 links made"
untouched "bad table again"

# ---- one file at a time, wrong

salah=$sample/salah
try() { # status description file option...
	want=$1
	what=$2
	f=$3
	shift 3
	ends "$want" "$what" bukti add "$f" --unit diskominfo \
		--as operator-kominfo "$@"
	untouched "$what"
}
ok="--type laporan_penerapan --date 2026-05-05 -i 24 --levels 2"
# shellcheck disable=SC2086
{
	try 2 "a duplicate" "$salah/Salinan Laporan Baik.pdf" $ok
	warns "nothing is to be done" "linked to I24" \
		"Berkas uji Laporan Baik.pdf"
	try 2 "a duplicate for another indicator" \
		"$salah/Salinan Laporan Baik.pdf" --type laporan_penerapan \
		--date 2026-05-05 -i 24,25
	warns "bukti link" "--indicator I25" "Berkas uji Laporan Baik.pdf"
	try 2 "a date that is none" "$salah/Tanggal Salah.pdf" \
		--type laporan_penerapan --date 2025-02-30 -i 24
	warns "2025-02-30" "YYYY-MM-DD"
	try 2 "a date the other way" "$salah/Tanggal Salah.pdf" \
		--type laporan_penerapan --date 17/03/2025 -i 24
	try 2 "an unknown indicator" "$salah/Indikator Salah.pdf" \
		--type laporan_penerapan --date 2026-05-05 -i 48
	warns "48" "I01 to I47"
	try 2 "an unknown level" "$salah/Tingkat Salah.pdf" \
		--type laporan_penerapan --date 2026-05-05 -i 24 --levels 6
	warns "I24 has no level 6"
	try 2 "an unknown type" "$salah/Jenis Salah.pdf" --type sk \
		--date 2026-05-05 -i 24
	try 5 "a type that is not the content" "$salah/Pindaian Notulen.pdf" \
		$ok
	warns "image/png" "rename it"
	try 5 "an empty file" "$salah/Kosong.pdf" $ok
	warns "empty"
	try 2 "a file that is not there" "$salah/Tidak Ada.pdf" $ok
	warns "Tidak Ada.pdf"
	try 2 "a folder" "$salah" $ok
	if [ "$(id -u)" -ne 0 ]; then
		cp "$salah/Kelas Salah.pdf" locked.pdf
		chmod 0 locked.pdf
		try 2 "a file that may not be read" locked.pdf $ok
	fi
	printf '%%PDF-1.4 nothing' >"$(printf 'a\nb.pdf')"
	try 2 "a name with a line end" "$(printf 'a\nb.pdf')" $ok
	mkfifo pipe.pdf
	try 2 "a pipe" pipe.pdf $ok
}
ends 2 "a table that is not there" bukti import none.csv --dir "$sample" \
	--as operator-kominfo
ends 2 "a folder that is not there" bukti import "$sample/evidence.csv" \
	--dir nowhere --as operator-kominfo
printf 'file,indicator\nx.pdf,1\n' >thin.csv
ends 2 "a table without its columns" bukti import thin.csv --dir "$sample" \
	--as operator-kominfo
warns "unit"
ends 2 "a folder whose files were dropped" bukti import \
	"$sample/evidence-bad.csv" --dir "$work" --as operator-kominfo
warns "none of the" "is in '$work'"
is "$(wc -l <"$err")" 2 "said once"
ends 5 "somebody of another unit" bukti add "$salah/Kelas Salah.pdf" \
	--unit diskominfo --type laporan_penerapan --date 2026-05-05 \
	--indicator 24 --levels 2 --as opd-bappeda
untouched "after all of these"

# ---- decisions, the seal, the package

ends 5 "an uploader cannot review" bukti review accept --all --yes \
	--as operator-kominfo
untouched "review by an uploader"
does "first auditor" bukti review accept --all --yes --as verifikator-1
does "second auditor" bukti review accept --all --yes --as verifikator-2
does "return one" bukti review return \
	'Notulen Reviu Perwali Audit TIK 2024.pdf' --indicator 9 \
	--cause expired --reason 'Reviu lebih tua dari dua tahun' \
	--as verifikator-2
does "status" bukti status --json
is "$(json .index.verified)" 3.768 "the index that the sample foretells"
size=$(size_of)
ends 1 "release with unstated gaps" bukti release 2026-2 --as sekda \
	--as kadis-kominfo --yes --include-class rahasia \
	--include-class terbatas
untouched "release with gaps"
does "release" bukti release 2026-2 --as sekda --as kadis-kominfo --yes \
	--gap 'I09=reviu baru dijadwalkan' --gap 'I29=SK masih draf' \
	--gap 'I37=fungsi transaksi belum ada' \
	--include-class rahasia --include-class terbatas
does "pack" bukti pack 2026-2 -o a.zip --as sekda --as kadis-kominfo
size=$(size_of)
does "pack again" bukti pack 2026-2 -o b.zip
cmp -s a.zip b.zip
result $? "the same release, the same bytes"
untouched "pack again"
does "inspect" bukti inspect a.zip --json
is "$(json '.verdict + " " + (.complete | tostring)')" "INTACT true" \
	"intact and complete"
is "$(json .index.verified)" 3.768 "the same index"
does "verify" bukti verify kota.git --cold --json
is "$(json '.checkpoint.size | tostring')" "$size" "all of the log"

healthy kota.git
finish
