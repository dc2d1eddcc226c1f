#!/bin/sh
# Packages that were tampered with: each kind is seen, named, and has its exit.
. "$(dirname "$0")/lib.sh"

small_package
does "a pin" bukti verify kota.git --pin kota.pin
key=$(sed -n 's/^key //p' kota.pin)
unset BUKTI_STORE
does "unzip" unzip -q "$package" -d whole
bag=bukti-2026-2
repack() { # option... folder
	python3 "$BUKTI_SOURCE/tests/scenario/repack.py" "$@" x.zip
}
repack "whole/$bag"
cmp -s x.zip "$package"
result $? "a zip written by the man page has the same bytes"

fraud() { # a fresh copy to be spoilt
	rm -rf spoilt
	mkdir spoilt
	cp -r "whole/$bag" spoilt/
	b=spoilt/$bag
}

caught() { # status verdict complete description named-path [option...]
	want=$1
	verdict=$2
	complete=$3
	what=$4
	where=$5
	shift 5
	ends "$want" "$what" bukti inspect x.zip --json "$@"
	is "$(jq -r --arg p "$where" '.verdict + " " + (.complete | tostring) +
		" " + ($p == "" or ([.items[] | select((.path + " " + .reason) |
		contains($p))] | length > 0) | tostring)' "$out")" \
		"$verdict $complete true" "$what: verdict${where:+, named}"
}
named() { # pattern: one path in the whole package
	(cd "whole/$bag" && find . -path "./$1" -type f | sed 's|^\./||' |
		LC_ALL=C sort | head -n 1)
}
record_of() { # kind: number of its last record
	(cd "whole/$bag/data/meta/records" && grep -l "\"kind\": \"$1\"" \
		./*.json | sort | tail -n 1 | sed 's|^\./||; s|\.json$||')
}
doc=$(named 'data/I30/*.pdf')
other=$(cd "whole/$bag" && find data/I30 data/I31 -name '*.pdf' \
	! -path "$doc" | head -n 1)
[ -n "$doc" ] && [ -n "$other" ]
result $? "there are two documents to play with"

# ---- the documents

fraud
printf X | dd of="$b/$doc" bs=1 seek=100 conv=notrunc 2>/dev/null
repack "$b"
caught 4 TAMPERED true "a byte of a document" "$doc"
repack --manifests "$b"
caught 4 TAMPERED true "the same with new manifests" "tagmanifest"

fraud
mv "$b/$doc" t && mv "$b/$other" "$b/$doc" && mv t "$b/$other"
repack "$b"
caught 4 TAMPERED true "two documents changed round" "$doc"
repack --manifests "$b"
caught 4 TAMPERED true "the same with new manifests" "tagmanifest"

fraud
printf 'hello\n' >"$b/data/I30/I30-z9-tambahan.pdf"
repack "$b"
caught 4 TAMPERED true "a document too many" "I30-z9-tambahan.pdf"
repack --manifests "$b"
caught 4 TAMPERED true "the same with new manifests" "I30-z9-tambahan.pdf"

fraud
printf 'hello\n' >"$b/BACA.txt"
repack "$b"
caught 4 TAMPERED true "a page too many" "BACA.txt"

fraud
rm -rf "$b/data/I30"
repack "$b"
caught 1 INTACT false "an indicator left out" "$doc"
repack --manifests "$b"
caught 4 TAMPERED false "the same with new manifests" "$doc"

fraud
rm -f "$b/$doc"
repack "$b"
caught 1 INTACT false "a document left out" "$doc"
ends 1 "verify.sh says so too" sh "$b/verify.sh"
says "$doc" INCOMPLETE
rm -f "$b/data/meta/proofs/$(record_of link).tlog-proof"
ends 4 "verify.sh: a proof left out as well" sh "$b/verify.sh"

# ---- what verify.sh sees by itself, with no other program than it says

mkdir three
for tool in sh sha256sum openssl; do
	ln -s "$(command -v "$tool")" three/
done
script="env PATH=$PWD/three sh" # and no function: a test runs a program
does "verify.sh on the package" $script "whole/$bag/verify.sh"
says "files ..." "diperiksa / checked"
! grep -qE '^ *[0-9]+$' "$out"
result $? "and no bare number"
says INTACT "$(sed -n 's/^key //p' kota.pin)" \
	"$(sha256sum <"whole/$bag/data/meta/ca.pem" | cut -c1-64)"
for extra in BACA.txt .tersembunyi tagmanifest-sha256-baca.html \
	tagmanifest-sha256.txt.baca.html data/I30/x.pdf data/meta/x; do
	fraud
	printf 'hello\n' >"$b/$extra"
	ends 4 "verify.sh: $extra too many" $script "$b/verify.sh"
	says "NOT INTACT"
	case $extra in
	tagmanifest-sha256.txt.*) says "other seals than those" ;;
	*) says "not listed: $extra" "remove it and check" ;;
	esac
done
# what it cannot tell is no verdict
stub() { # tool word: one that does not know it
	mkdir -p "old-$1"
	cat >"old-$1/$1" <<SH
#!/bin/sh
for a in "\$@"; do
	case \$a in
	$2*) echo "$1: unknown option \$a" >&2; exit 1 ;;
	-help | --help) echo "usage: $1"; exit 0 ;;
	esac
done
exec "$(command -v "$1")" "\$@"
SH
	chmod +x "old-$1/$1"
}
stub openssl -cades
ends 6 "verify.sh: an older openssl" env PATH="$PWD/old-openssl:$PATH" \
	sh "whole/$bag/verify.sh"
says "needs a newer: openssl (-cades)" "COULD NOT TELL"
stub sha256sum --ignore
ends 6 "verify.sh: an older sha256sum" env PATH="$PWD/old-sha256sum:$PATH" \
	sh "whole/$bag/verify.sh"
says "needs a newer: sha256sum (--ignore-missing)" "COULD NOT TELL"
if setpriv --reuid 65534 --regid 65534 --clear-groups true 2>/dev/null; then
	cat >other <<'SH'
#!/bin/sh
exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
SH
	chmod +x other
	chmod a+x "$work" "$work/run" .
	for shut in "$doc" data data/meta manifest-sha256.txt; do
		fraud
		chmod -R a+rX spoilt
		does "verify.sh as somebody else" ./other sh "$b/verify.sh"
		chmod 0 "$b/$shut"
		ends 6 "verify.sh: $shut cannot be read" ./other sh \
			"$b/verify.sh"
		says "cannot read: $shut" "COULD NOT TELL"
		chmod 755 "$b/$shut"
	done
fi
# another folder of that name is not looked at
fraud
mkdir -p "elsewhere/spoilt"
mv spoilt kept
cp -r "whole/$bag" elsewhere/spoilt/
mv kept spoilt
rm -f "$b/$doc"
ends 1 "verify.sh: with CDPATH" env CDPATH="$PWD/elsewhere" sh "$b/verify.sh"
says "$doc" INCOMPLETE
rm -rf elsewhere

# a name of two lines is on no list, whatever each of them is
twice="BUKA-DULU.html
DAFTAR-BUKTI.csv"
fraud
printf 'hello\n' >"$b/$twice"
ends 4 "verify.sh: a name of two listed names" $script "$b/verify.sh"
says "not listed: BUKA-DULU.html" "NOT INTACT"
fraud
mkdir "$b/$twice"
ends 4 "verify.sh: a folder of two listed names" $script "$b/verify.sh"
fraud
mkdir -p "$b/$doc
data/I30"
ends 4 "verify.sh: empty folders of two listed names" $script "$b/verify.sh"

fraud
for i in $(seq 1500); do
	echo x >"$b/data/I30/x$i.pdf"
done
repack "$b"
caught 4 TAMPERED true "files by the thousand" data/I30/x1.pdf
is "$(json '(.items | length) + .items_dropped')" 1500 "each is counted once"
for odd in data/I30/-x "data/I30/a b" "data/I30/a'b" 'data/I30/$x' ./-n; do
	fraud
	printf 'hello\n' >"$b/$odd"
	ends 4 "verify.sh: $odd too many" $script "$b/verify.sh"
	says "not listed: ${odd#./}" "NOT INTACT"
done
fraud
mkdir "$b/data/kosong"
ends 4 "verify.sh: an empty folder" $script "$b/verify.sh"
says "empty folder: data/kosong" "NOT INTACT"
# what lies behind a link is not in the package: folders, one with one file
# among them, which counts as much as the link does, files, tag files, a seal
singles=0
(cd "whole/$bag" && find data -type d && echo manifest-sha256.txt &&
	echo tagmanifest-sha256.txt && echo tagmanifest-sha256.txt.sekda.p7s &&
	find data -type f | head -n 1) >places
while read -r place; do
	fraud
	[ ! -d "$b/$place" ] || [ "$(find "$b/$place" | wc -l)" -ne 2 ] ||
		singles=$((singles + 1))
	rm -rf moved
	mv "$b/$place" moved
	ln -s "$PWD/moved" "$b/$place"
	ends 4 "verify.sh: $place is a link" $script "$b/verify.sh"
	says "NOT INTACT" "tautan / link: $place"
done <places
[ "$singles" -gt 0 ]
result $? "$singles of them folders of one file"
fraud
printf '\0' >>"$b/tagmanifest-sha256.txt.sekda.p7s"
ends 4 "verify.sh: a byte after a seal" $script "$b/verify.sh"
says "NOT INTACT"
fraud
sed 's/^[0-9]*$/7/' "whole/$bag/data/meta/checkpoint" \
	>"$b/data/meta/checkpoint"
(cd "$b" && sha256sum data/meta/checkpoint) >line
sed "s|^.*  data/meta/checkpoint\$|$(cat line)|" \
	"whole/$bag/manifest-sha256.txt" >"$b/manifest-sha256.txt"
ends 4 "verify.sh: another size of the log" $script "$b/verify.sh"
says "FAILED: data/meta/checkpoint" "NOT INTACT"
fraud
printf X | dd of="$b/$doc" bs=1 seek=100 conv=notrunc 2>/dev/null
ends 4 "verify.sh: a byte of a document" $script "$b/verify.sh"
fraud
cp "$b"/tagmanifest-sha256.txt.sekda.p7s "$b"/tagmanifest-sha256.txt.kadis.p7s
ends 4 "verify.sh: the seal of one for both" $script "$b/verify.sh"
fraud
rm -f "$b"/tagmanifest-sha256.txt.sekda.p7s
ends 4 "verify.sh: one of the two seals left out" $script "$b/verify.sh"
# ---- what it leaves behind without rm, and where it cannot write

mkdir left
# shellcheck disable=SC2016
does "verify.sh where its first name is taken" \
	env TMPDIR="$PWD/left" $script -c \
	': >"$TMPDIR/bukti-verify.$$.0" && . "$0"' "whole/$bag/verify.sh"
says "UTUH / INTACT"
[ "$(find left -name 'bukti-verify.*.1' | wc -l)" -eq 1 ] && [ -z "$(cat left/*)" ]
result $? "it left one empty file, not the first"
ends 6 "verify.sh where it cannot write" \
	env TMPDIR="$PWD/nowhere" $script "whole/$bag/verify.sh"
says "cannot write: $PWD/nowhere" "COULD NOT TELL"
ends 4 "verify.sh where it cannot write, of a spoilt package" \
	env TMPDIR="$PWD/nowhere" $script "$b/verify.sh"
says "cannot write: $PWD/nowhere" "NOT INTACT"

mkdir bare
ln -s "$(command -v sh)" "$(command -v sha256sum)" bare/
ends 6 "verify.sh without openssl tells no verdict" \
	env PATH="$PWD/bare" sh "whole/$bag/verify.sh"
says "needs: openssl" "COULD NOT TELL"

# ---- records, signatures, proofs

link=$(record_of link)
fraud
m=$b/data/meta/records
claim=$(record_of claim)
sed 's/"level": "2"/"level": "3"/' "$m/$claim.json" >t
cmp -s t "$m/$claim.json"
[ $? -ne 0 ]
result $? "(the claim is changed)"
mv t "$m/$claim.json"
repack --manifests "$b"
caught 4 TAMPERED true "a claim raised" "cycles/2026-2/I30/claim.json"

fraud
rm -f "$b/data/meta/records/$link".*.p7s
repack "$b"
ends 4 "a signature left out" bukti inspect x.zip --json
[ "$(json .verdict)" != INTACT ]
result $? "it is not intact"

fraud
rm -f "$b/data/meta/proofs/$link.tlog-proof"
repack --manifests "$b"
ends 4 "a proof left out" bukti inspect x.zip --json

fraud
p=$b/data/meta/proofs
cp "$p/$link.tlog-proof" "$p/$claim.tlog-proof"
repack --manifests "$b"
ends 4 "the proof of another record" bukti inspect x.zip --json

fraud
rm -f "$b"/data/meta/records/"$link".* "$b/data/meta/proofs/$link.tlog-proof"
repack --manifests "$b"
ends 4 "a record left out, with new manifests" bukti inspect x.zip --json

fraud
printf 'hello\n' >"$b/data/I30/x.pdf"
rm -f "$b/$doc"
repack "$b"
ends 4 "a file too many and one too few" bukti inspect x.zip --json
is "$(jq -r '[.items[].path] | sort | join(" ")' "$out")" \
	"$(printf '%s\n' "$doc" data/I30/x.pdf | LC_ALL=C sort | tr '\n' ' ' |
		sed 's/ $//')" "each is told once"

# ---- what people look at

fraud
sed 's/Laporan Audit Aplikasi/Laporan Audit Paripurna/' \
	"$b/BUKA-DULU.html" >t && mv t "$b/BUKA-DULU.html"
repack "$b"
caught 4 TAMPERED true "a forged index page" "BUKA-DULU.html"
repack --manifests "$b"
caught 4 TAMPERED true "the same with new manifests" "BUKA-DULU.html"

fraud
sed 's/^I30,/I31,/' "$b/data/meta/results.csv" >t &&
	mv t "$b/data/meta/results.csv"
repack --manifests "$b"
caught 4 TAMPERED true "forged results" "data/meta/results.csv"

fraud
printf '#!/bin/sh\necho INTACT\n' >"$b/verify.sh"
repack --manifests "$b"
caught 4 TAMPERED true "a verify.sh that always says yes" "verify.sh"

# ---- pages of another program: not compared, said so; all else is checked

keys=$HOME/.config/bukti/spbe.kota-contoh.go.id
reseal() { # both signers of the release seal the tag manifest that is there
	for m in sekda kadis; do
		git --git-dir=kota.git cat-file blob "main:members/$m.pem" >m.pem
		openssl cms -sign -binary -cades -nosmimecap -md sha256 \
			-outform DER -signer m.pem -inkey "$keys/$m.key" \
			-in "$b/tagmanifest-sha256.txt" \
			-out "$b/tagmanifest-sha256.txt.$m.p7s" 2>/dev/null
	done
}
layout() { # number, then manifests anew
	sed "s/^Bukti-Layout: .*/Bukti-Layout: $1/" "$b/bag-info.txt" >t &&
		mv t "$b/bag-info.txt"
	repack --manifests "$b"
}
now=$(sed -n 's/^Bukti-Layout: //p' "whole/$bag/bag-info.txt")
fraud
sed 's/Laporan Audit Aplikasi/Laporan Audit Paripurna/' \
	"$b/BUKA-DULU.html" >t && mv t "$b/BUKA-DULU.html"
layout $((now + 1))
caught 4 TAMPERED true "another layout that nobody sealed" "tagmanifest"
reseal
repack "$b"
does "another layout, sealed" bukti inspect x.zip --json --key "$key"
is "$(json '[.verdict, .complete, .layout, .pages_compared] |
	map(tostring) | join(" ")')" "INTACT true $((now + 1)) false" \
	"all but the pages is good"
is "$(json '[.unchecked[] | select(startswith("BUKA-DULU.html"))] | length')" \
	1 "the pages are told as not checked"
does "for people" bukti inspect x.zip --key "$key"
says "NOT COMPARED: made by layout $((now + 1)), not by $now"
printf X | dd of="$b/$doc" bs=1 seek=100 conv=notrunc 2>/dev/null
layout $((now + 1))
reseal
repack "$b"
caught 4 TAMPERED true "another layout, sealed, and a document" "$doc"
fraud
rm "$b/verify.sh"
layout $((now + 1))
reseal
repack "$b"
caught 4 TAMPERED false "another layout without its script" "verify.sh"
fraud
grep -v ^Bukti-Layout "$b/bag-info.txt" >t && mv t "$b/bag-info.txt"
repack --manifests "$b"
reseal
repack "$b"
caught 4 TAMPERED true "no layout at all" "bag-info.txt"

# ---- seals and the checkpoint

fraud
rm -f "$b"/tagmanifest-sha256.txt.sekda.p7s
repack "$b"
caught 4 TAMPERED true "one of the two seals left out" "sekda"
fraud
rm -f "$b"/tagmanifest-sha256.txt.*.p7s
repack "$b"
ends 4 "both seals left out" bukti inspect x.zip
fraud
cp "$b"/tagmanifest-sha256.txt.sekda.p7s "$b"/tagmanifest-sha256.txt.kadis.p7s
repack "$b"
ends 4 "the seal of one for both" bukti inspect x.zip --json

fraud
git --git-dir=kota.git show main~2:log/checkpoint >"$b/data/meta/checkpoint"
repack --manifests "$b"
ends 4 "an earlier checkpoint of the same store" bukti inspect x.zip --json
fraud
git --git-dir=kota.git show main:log/checkpoint >"$b/data/meta/checkpoint"
repack --manifests "$b"
ends 4 "a later checkpoint of the same store" bukti inspect x.zip --json

# ---- another institution's

does "another store" bukti init lain.git --origin spbe.lain.go.id \
	--name "Kota Lain" --no-passphrase
does "its pin" bukti verify lain.git --pin lain.pin
fraud
git --git-dir=lain.git show main:log/checkpoint >"$b/data/meta/checkpoint"
repack --manifests "$b"
ends 4 "another store's checkpoint" bukti inspect x.zip --json
fraud
git --git-dir=lain.git show main:access.json >"$b/data/meta/records/$link.json"
repack --manifests "$b"
ends 4 "another store's record" bukti inspect x.zip --json
cp "$package" x.zip
caught 4 UNTRUSTED false "a good package, but another's key is expected" "" \
	--key "$(sed -n 's/^key //p' lain.pin)"
ends 4 "another's pin" bukti inspect x.zip --pin lain.pin
caught 0 INTACT true "the right key" "" --key "$key"
caught 0 INTACT true "the right pin" "" --pin kota.pin

# ---- the zip itself

fraud
repack --twice "$bag/$doc" "$b"
caught 4 MALFORMED false "an entry twice" "$doc"
repack --deflate "$b"
caught 4 MALFORMED false "compressed" ""
(cd whole && zip -q -X -r ../x.zip.stock "$bag")
mv x.zip.stock* x.zip
caught 4 MALFORMED false "packed by stock zip" ""
cp "$package" x.zip && printf X >>x.zip
caught 4 MALFORMED false "a byte behind the end" ""
{
	printf X
	cat "$package"
} >x.zip
caught 4 MALFORMED false "a byte before the beginning" ""
: >x.zip
caught 4 MALFORMED false "empty" ""
sed "s|$bag/VERIFIKASI.txt|$bag/../RIFIKAS.txt|g" "$package" >x.zip
caught 4 MALFORMED false "a path that leads out" ""

size=$(stat -c %s "$package")
missed=0
for k in 1 7 19 41 53 67 89; do
	at=$((size / 100 * k + k))
	cp "$package" x.zip
	was=$(od -An -tu1 -j "$at" -N 1 x.zip)
	# shellcheck disable=SC2059
	printf "$(printf '\\%03o' $((was ^ 1)))" |
		dd of=x.zip bs=1 seek="$at" conv=notrunc 2>/dev/null
	run bukti inspect x.zip
	[ "$rc" -eq 4 ] || missed=$((missed + 1))
done
is "$missed" 0 "a bit flipped, anywhere"

ends 0 "the package itself" bukti inspect "$package" --key "$key"
healthy kota.git
finish
