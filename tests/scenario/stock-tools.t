#!/bin/sh
# What we make is read by tools that know nothing of us: git, git-lfs,
# openssl, sha256sum, jq, unzip, and a checker written from the man pages.
. "$(dirname "$0")/lib.sh"

small_package
have() {
	command -v "$1" >/dev/null 2>&1
}
skip() { # description reason
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# ---- git

unset BUKTI_STORE
does "git clone" git -c protocol.file.allow=always clone -q \
	--config filter.lfs.smudge= --config filter.lfs.required=false \
	"file://$PWD/kota.git" clone
is "$(git -C clone rev-parse HEAD)" "$(head_of kota.git)" "the same head"
is "$(git -C clone status --porcelain | wc -l)" 0 "checked out as it is"
does "git fsck --strict in the clone" git -C clone fsck --strict
is "$(git -C clone fsck --strict 2>/dev/null | wc -l)" 0 "not a word"
does "git verify-pack" sh -c 'git verify-pack kota.git/objects/pack/*.idx'
bad=0
n=0
for c in $(git -C clone rev-list HEAD); do
	n=$((n + 1))
	git -C clone -c gpg.format=ssh \
		-c gpg.ssh.allowedSignersFile=log/allowed_signers \
		verify-commit "$c" >"$out" 2>"$err" || bad=1
done
[ "$bad" -eq 0 ] && [ "$n" -gt 0 ]
rc=$?
result "$rc" "git verify-commit: all $n commits"
warns "Good" "spbe.kota-contoh.go.id"
is "$(git -C clone -c gpg.format=ssh \
	-c gpg.ssh.allowedSignersFile=log/allowed_signers \
	log --format='%G? %GS' | sort -u)" "G spbe.kota-contoh.go.id" \
	"git log --show-signature would say the same"

# ---- git-lfs

if have git-lfs; then
	does "a clone for lfs" git -c protocol.file.allow=always clone -q \
		--config filter.lfs.smudge= --config filter.lfs.required=false \
		"file://$PWD/kota.git" lfs
	(cd lfs && git config --unset filter.lfs.smudge &&
		git config --unset filter.lfs.required &&
		git lfs install --local --skip-smudge) >"$out" 2>"$err"
	rc=$?
	result "$rc" "git lfs install"
	is "$(cd lfs && git lfs ls-files | wc -l)" 3 "git lfs ls-files"
	is "$(cd lfs && git lfs ls-files --long | awk '{ print $1 }' | sort)" \
		"$(cd kota.git/lfs/objects && find . -type f |
			sed 's|.*/||' | sort)" "each pointer has its object"
	(cd lfs && git lfs pull) >"$out" 2>"$err"
	rc=$?
	result "$rc" "git lfs pull from the store"
	bad=0
	n=0
	for f in lfs/documents/*/*/content/*; do
		n=$((n + 1))
		d=$(basename "$(dirname "$(dirname "$f")")")
		sha=$(jq -r .sha256 "lfs/documents/$(echo "$d" |
			cut -c1-2)/$d/document.json")
		[ "$(sha256sum <"$f" | cut -c1-64)" = "$sha" ] || bad=1
		cmp -s "$f" "$sample/inspektorat/$(basename "$f")" || bad=1
	done
	[ "$bad" -eq 0 ] && [ "$n" -eq 3 ]
	result $? "documents come out byte for byte, under their names"
	(cd lfs && git lfs fsck --dry-run) >"$out" 2>"$err"
	rc=$?
	result "$rc" "git lfs fsck --dry-run"
	(cd lfs && git lfs fsck --pointers) >"$out" 2>"$err"
	rc=$?
	result "$rc" "git lfs fsck --pointers: all are canonical"
	is "$(git -C lfs status --porcelain | wc -l)" 0 "and nothing is changed"
else
	skip "git lfs" "no git-lfs"
fi

# ---- openssl and jq on the records in the tree

bad=0
n=0
: >"$out"
for s in $(git -C clone ls-files '*.json.*.p7s'); do
	n=$((n + 1))
	m=${s%.p7s}
	openssl cms -verify -cades -binary -inform DER -in "clone/$s" \
		-content "clone/${m%.*}" -CAfile clone/ca.pem -purpose any \
		-out "$work/content" 2>>"$err" || {
		bad=1
		echo "$s" >>"$out"
	}
	cmp -s "$work/content" "clone/${m%.*}" || bad=1
done
[ "$bad" -eq 0 ] && [ "$n" -gt 0 ]
rc=$?
result "$rc" "openssl cms -verify -cades: all $n signatures of the tree"
s=$(git -C clone ls-files 'documents/*.p7s' | head -n 1)
m=${s%.p7s}
{
	cat "clone/${m%.*}"
	echo
} >longer
run openssl cms -verify -cades -binary -inform DER -in "clone/$s" \
	-content longer -CAfile clone/ca.pem -purpose any -out /dev/null
[ "$rc" -ne 0 ]
result $? "and it refuses a byte more"
bad=0
n=0
for r in $(git -C clone ls-files '*.json'); do
	n=$((n + 1))
	jq -S . "clone/$r" | cmp -s - "clone/$r" || bad=1
done
[ "$bad" -eq 0 ] && [ "$n" -gt 0 ]
result $? "jq -S . gives each of $n records as it is"

# ---- the package

mkdir a b c
does "unzip -t" unzip -tqq "$package"
does "unzip" unzip -q "$package" -d a
is "$(ls a)" "bukti-2026-2" "one folder"
does "python" python3 -c 'import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
sys.exit(z.testzip() is not None or z.extractall("b") is not None)' "$package"
diff -r a b >"$out"
result $? "the same files"
if have 7z; then
	does "7z" 7z x -bd -oc "$package"
	diff -r a c >"$out"
	result $? "the same files"
else
	skip "7z" "no 7z"
fi
cd a/bukti-2026-2 || exit 99
does "sha256sum -c manifest" sha256sum -c --strict --quiet \
	manifest-sha256.txt
does "sha256sum -c tagmanifest" sha256sum -c --strict --quiet \
	tagmanifest-sha256.txt
is "$(head -n 1 bagit.txt)" "BagIt-Version: 1.0" "a bag"
bad=0
n=0
for s in tagmanifest-sha256.txt.*.p7s; do
	n=$((n + 1))
	m=${s%.p7s}
	openssl cms -verify -cades -binary -inform DER -in "$s" \
		-content tagmanifest-sha256.txt -CAfile data/meta/ca.pem \
		-purpose any -out /dev/null 2>"$err" || bad=1
	cmp -s "$s" "$work/run/clone/cycles/2026-2/packages/1.tagmanifest.${m##*.}.p7s" ||
		bad=1
done
[ "$bad" -eq 0 ] && [ "$n" -eq 2 ]
result $? "both seals over the tagmanifest, as in the store"
is "$(sed -n 's/^Payload-Oxum: //p' bag-info.txt)" \
	"$(find data -type f -printf '%s\n' |
		awk '{ s += $1; n++ } END { printf "%d.%d", s, n }')" \
	"Payload-Oxum"
does "verify.sh" sh verify.sh
says "INTACT"
cp -r . ../spoiled
f=$(find ../spoiled/data/I30 -type f | head -n 1)
printf X | dd of="$f" bs=1 seek=50 conv=notrunc 2>/dev/null
run sh ../spoiled/verify.sh
[ "$rc" -ne 0 ]
result $? "verify.sh on a spoiled copy"
cd "$work/run" || exit 99
bad=0
for f in "$sample/inspektorat/Laporan Audit Aplikasi SPBE 2026.pdf" \
	"$sample/inspektorat/Screenshot e-Wasin.jpg"; do
	sha=$(sha256sum <"$f" | cut -c1-64)
	grep -q "^$sha  data/I3" a/bukti-2026-2/manifest-sha256.txt || bad=1
done
result "$bad" "documents are in it byte for byte"

# ---- a checker of its own, from the man pages only

does "an independent check of the package" python3 -B \
	"$BUKTI_SOURCE/tests/scenario/second.py" package a/bukti-2026-2
says "records"

healthy kota.git
finish
