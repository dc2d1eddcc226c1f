#!/bin/sh
# libbukti-verify reads and judges: it can neither sign nor write, and it
# needs nothing from the library that can.
. "$(dirname "$0")/lint.sh"
mode=${1-}

awk '!/^#/ && NF { printf "%s%s", sep, $0; sep = "|" }' \
	"$here/symbols.list" >"$scratch/forbidden" || exit 99
forbidden="^($(cat "$scratch/forbidden"))\$"

# symbols that an archive needs from elsewhere
needed_by() { # library
	nm -A "$1" >"$scratch/nm" || return 1
	awk '$(NF - 1) == "U" { need[$NF] = 1 }
		NF > 2 && $(NF - 1) ~ /^[TDBRVWi]$/ { have[$NF] = 1 }
		END { for (s in need) if (!(s in have)) print s }' \
		"$scratch/nm" | sed 's/@.*//' | sort -u
}

check_symbols() { # library
	[ -f "$1" ] || { echo "no library $1: build first"; return 1; }
	needed_by "$1" >"$scratch/needed" || return 1
	# what _FORTIFY_SOURCE and large files make of a name
	sed 's/^__\(.*\)_chk$/\1/; s/^__\(open.*\)_2$/\1/; s/64$//' \
		"$scratch/needed" | sort -u | grep -E "$forbidden" |
		sed 's|^|signs or writes: |'
	grep '^bkt_' "$scratch/needed" |
		sed 's|^|comes from the writing library: |'
	return 0
}

check_creating() { # tree
	strip "$1" >"$scratch/code" || return 1
	grep -E '^core/' "$scratch/code" | grep -vE '^core/[a-z]+/write/' |
		grep -E '(^|[^A-Z_])(O_CREAT|O_TMPFILE|O_WRONLY|O_RDWR|O_TRUNC|O_APPEND)([^A-Z_]|$)' |
		sed 's/$/ (opened for writing outside write\/)/'
	return 0
}

library() { # code of two files: a sample library
	fresh
	printf '%s\n' "$1" | sample a.c
	printf '%s\n' "${2-int b_only;}" | sample b.c
	for part in a b; do
		cc -w -c -o "$tree/$part.o" "$tree/$part.c" || return 1
	done
	ar rcs "$tree/libx.a" "$tree/a.o" "$tree/b.o"
}

calling() { # functions: a sample library that calls each of them
	code=
	for f in "$@"; do
		code="$code int $f(); int sample_$f(void) { return $f(); }"
	done
	library "$code"
}

set -- CMS_sign CMS_final EVP_DigestSign EVP_DigestSignInit EVP_PKEY_keygen \
	EVP_PKEY_sign X509_sign PEM_read_bio_PrivateKey PKCS12_parse \
	d2i_AutoPrivateKey write pwrite64 rename unlink unlinkat mkdir rmdir \
	fsync fdatasync syncfs ftruncate64 fchmod chmod link symlink fopen64 \
	mkstemp __fprintf_chk git_odb_write git_reference_create \
	git_commit_create git_treebuilder_write git_blob_create_from_buffer \
	git_repository_init archive_write_new archive_write_header \
	sqlite3_open_v2 sqlite3_step
calling "$@"
check_symbols "$tree/libx.a" >"$scratch/report"
for f in "$@"; do
	plain=${f#__}
	plain=${plain%_chk}
	plain="signs or writes: ${plain%64}"
	catches "$f" "$plain" grep -xF "$plain" "$scratch/report"
done
calling bkt_file_write
catches 'our own writing function' 'comes from the writing library' \
	check_symbols "$tree/libx.a"
catches 'a library that is not there' 'build first' eval \
	'check_symbols "$tree/absent.a" || :'

calling EVP_DigestVerify CMS_verify read open64 __open64_2 git_odb_read fstat \
	archive_read_open git_repository_open X509_verify_cert __snprintf_chk
is_clean 'allowed: reading and judging' check_symbols "$tree/libx.a"
library 'int bkt_two(); int bkt_one(void) { return bkt_two(); }' \
	'int bkt_two(void) { return 2; }'
is_clean 'allowed: what the library has itself' check_symbols "$tree/libx.a"

fresh
echo 'int fd = open(p, O_WRONLY | O_CREAT);' | sample core/model/x.c
catches 'O_CREAT in a reading file' 'core/model/x.c:1' check_creating "$tree"
fresh
echo 'int fd = open(p, O_RDWR | O_CREAT);' | sample core/model/write/x.c
echo '/* O_CREAT */ int fd = open(p, O_RDONLY);' | sample core/model/x.c
is_clean 'allowed: O_CREAT in write/' check_creating "$tree"
end_of_samples "$mode"

is_clean 'libbukti-verify neither signs nor writes' \
	check_symbols "$build/libbukti-verify.a"
is_clean 'nothing is opened for writing outside write/' \
	check_creating "$source"
finish
