#!/bin/sh
# One rule for the exit status over all verbs (DESIGN 5): a name that cannot be
# is usage (2); what is there but cannot be read or written is I/O (6); what the
# store has of its own and does not hold is integrity (4), never a refusal of
# what was to enter (5); content that is named and not there is incomplete (1).
. "$(dirname "$0")/lib.sh"

small_package
pdf="$sample/inspektorat/Laporan Audit Aplikasi SPBE 2026.pdf"
doc=$(bukti log documents/ --json | grep -o 'documents/../[a-z0-9]*' |
	head -n 1 | cut -d/ -f3)
mkfifo pipe
mkdir folder
echo hello >words
cp words words.exe
head -n 2 small.csv | sed 's/,2 3,/,2,/' >one.csv
: >nothing
head -c 1000 "$package" >part.zip
add="bukti add --indicator 30 --type laporan_audit --title X \
	--date 2026-05-04 --as opd"

# rows: exit status, what it is about, words of the message, command
rows() {
	while IFS='|' read -r want what word command; do
		[ -n "$command" ] || continue
		eval "ends $want \"\$what\" $command"
		grep -qF -- "$word" "$err" || grep -qF -- "$word" "$out"
		result $? "$what: says '$word'"
	done
}

# ---- names

rows <<'ROWS'
2|a table that is not there|cannot read|bukti import nowhere.csv --as opd
2|a pipe for a table|regular file|bukti import pipe --as opd
2|a folder for a table|regular file|bukti import folder --as opd
2|a document that is not there|nowhere.pdf|$add nowhere.pdf
2|a pipe for a document|regular file|$add pipe
2|a folder for a document|is a folder|$add folder
2|units from a pipe|regular file|bukti unit add --from pipe
2|a pipe for a package|regular file|bukti inspect pipe
2|a device for a package|regular file|bukti inspect /dev/null
2|an endless device for a package|regular file|bukti inspect /dev/zero
2|a folder for a package|folder|bukti inspect folder
2|a package that is not there|cannot read|bukti inspect nowhere.zip
4|words for a package|is no package|bukti inspect words
4|nothing for a package|is no package|bukti inspect nothing
4|a part of a package|is no package|bukti inspect part.zip
2|a pin that is a folder|folder|bukti verify --pin folder
2|a pin in no folder|no folder|bukti verify --pin nowhere/a.pin
2|a package into no folder|no folder|bukti pack 2026-2 -o nowhere/a.zip
2|a document into no folder|no folder|bukti cat $doc -o nowhere/a.pdf
2|a document over another|there already|bukti cat $doc -o words
2|a package over another file|there already|bukti pack 2026-2 -o words
2|a request into no folder|no folder|bukti key csr opd -o nowhere/a.csr
2|no such verb|unknown|bukti frobnicate
3|not a store|not|bukti -C folder status
5|what no policy lets in|ending|$add words.exe
ROWS
[ ! -e nowhere ] && [ ! -e folder/a.zip ]
result $? "nothing was made on the way"

# ---- the store's own

bad() { # name
	rm -rf "$1.git"
	cp -a kota.git "$1.git"
	rm -f "$1.git"/hooks/*
}
loose() { # store path: the file of that blob, all objects being loose
	mkdir "$work/packs"
	mv "$1"/objects/pack/* "$work/packs"
	for k in "$work"/packs/*.pack; do
		git --git-dir="$1" unpack-objects -q <"$k"
	done
	rm -rf "$work/packs"
	id=$(git --git-dir="$1" rev-parse "main:$2")
	spoilt=$1/objects/$(echo "$id" | cut -c1-2)/$(echo "$id" | cut -c3-)
	chmod u+w "$spoilt"
}
object() { # store: a content
	spoilt=$(find "$1/lfs" -type f | sort | head -n 1)
	chmod u+w "$spoilt"
}

bad spoilt
loose spoilt.git access.json
echo garbage >"$spoilt"
rows <<'ROWS'
4|the access policy is spoilt|store's own|bukti -C spoilt.git unit add x --name X
4|nor by the import|store's own|bukti -C spoilt.git import one.csv --dir "$sample" --as opd
4|verify finds it|TAMPERED|bukti verify spoilt.git --cold
ROWS
bad gone
loose gone.git members/opd.pem
rm -f "$spoilt"
rows <<'ROWS'
4|a certificate is gone|store's own|bukti -C gone.git claim 30 3 --fact x --analysis y --as opd
ROWS
bad missing
object missing.git
rm -f "$spoilt"
rows <<'ROWS'
1|a content is gone: verify|MISSING|bukti verify missing.git --cold
1|a content is gone: pack|bukti verify|bukti -C missing.git pack 2026-2 -o folder
ROWS
bad changed
object changed.git
printf X | dd of="$spoilt" bs=1 seek=100 conv=notrunc 2>/dev/null
rows <<'ROWS'
4|a content is changed: verify|TAMPERED|bukti verify changed.git --cold
4|a content is changed: pack|bukti verify|bukti -C changed.git pack 2026-2 -o folder
ROWS
is "$(ls folder)" "" "no package was left behind"

# ---- what is there and cannot be read or written, as somebody else

if [ "$(id -u)" -eq 0 ] && setpriv --reuid 65534 --clear-groups true; then
	chmod -R a+rX "$work"
	cp -a kota.git theirs.git
	cp "$package" closed.zip
	mkdir shut.git half.git
	cp -a kota.git/. half.git
	mkdir shut
	cp -a kota.git shut/in.git
	chmod 700 half.git/objects shut.git shut
	chmod 0 closed.zip
	cp -r "$HOME/.config/bukti/spbe.kota-contoh.go.id" mine
	chmod -R a+rX mine
	cat >other <<'SH'
#!/bin/sh
HOME=/nonexistent
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export HOME ASAN_OPTIONS
exec setpriv --reuid 65534 --clear-groups "$@"
SH
	chmod +x other
	rows <<'ROWS'
6|a store that may not be read|cannot read the store|./other bukti -C shut.git status
6|nor in a folder that is shut|cannot look at|./other bukti -C shut/in.git status
6|nor verified there|namei -l|./other bukti verify shut/in.git
6|nor a part of it|cannot read the store|./other bukti verify half.git
6|a package that may not be read|cannot read|./other bukti inspect closed.zip
6|a table that may not be read|cannot read|./other bukti -C theirs.git unit add --from closed.zip
6|a document that may not be written|cannot create|./other bukti -C theirs.git cat $doc -o folder/a.pdf
6|a package that may not be written|in the folder 'folder'|./other bukti -C theirs.git pack 2026-2 -o folder
6|a store that may not be made|in the folder 'folder'|./other bukti init folder/z.git --origin z.go.id --name Z --no-passphrase --keys /tmp/nokeys
6|a store that may only be read|the store 'theirs.git' cannot be written|./other bukti -C theirs.git unit add baru --name Baru --keys mine
6|an index that may not be written|nothing was kept|./other bukti -C theirs.git reindex
6|a pin that may not be written|not kept|./other bukti verify theirs.git --pin folder/a.pin
ROWS
fi

healthy kota.git
# a file that may not grow so large: an error like a full disk, no death
head -c 200000 /dev/zero >big.raw
cat "$BUKTI_SOURCE/tests/sample/inspektorat/Laporan Audit Aplikasi SPBE 2026.pdf" \
	big.raw >big.pdf
ends 6 "a limit on the size of files" sh -c "ulimit -f 40
	exec bukti add big.pdf --indicator 30 --type laporan_audit \
	--date 2026-03-01 --number 1 --title Besar --unit inspektorat --as opd"
does "a reader goes on" sh -c "ulimit -f 4; exec bukti log -n 2"
finish
