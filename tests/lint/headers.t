#!/bin/sh
# Each public header stands alone, in C and in C++, and shows no foreign type.
. "$(dirname "$0")/lint.sh"

warn='-Wall -Wextra -Wpedantic -Werror -fsyntax-only'

compile() { # include-folder header compiler language standard
	printf '#include "bukti/%s"\nint main(void) { return 0; }\n' "$2" |
		"$3" -x "$4" "-std=$5" $warn -I "$1" - 2>&1
}

# everything a header says on its own; a compiler that is absent is left out
check_header() { # include-folder header
	for cc in gcc clang; do
		command -v "$cc" >/dev/null || continue
		for std in c11 c17; do
			compile "$1" "$2" "$cc" c "$std" || echo "$cc $std"
		done
	done
	for cxx in g++ clang++; do
		command -v "$cxx" >/dev/null || continue
		compile "$1" "$2" "$cxx" c++ c++17 || echo "$cxx c++17"
	done
	return 0
}

foreign='git_[a-z_]+|EVP_[A-Z_]+|X509[A-Z0-9_]*|CMS_[A-Za-z_]+|ASN1_[A-Z_]+'
foreign="$foreign|BIO|BIGNUM|OSSL_[A-Z_]+|json_t|json_[a-z]+_t|sqlite3[a-z_]*"
foreign="$foreign|fy_[a-z_]+|magic_t|utf8proc_[a-z0-9_]+|z_stream|gzFile"
foreign="$foreign|la_[a-z0-9]+_t|struct archive|struct archive_entry"

check_types() { # tree
	strip "$1" >"$scratch/code" || return 1
	sed -n 's|^core/include/|&|p' "$scratch/code" |
		grep -E ":.*(^|[^A-Za-z0-9_])($foreign)([^A-Za-z0-9_]|\$)" |
		sed 's/$/ (foreign type)/'
	return 0
}

header() { # lines: the public header x.h of a sample
	fresh
	printf '%s\n' "$@" | sample core/include/bukti/x.h
}

compilers=0
for cc in gcc clang; do
	! command -v "$cc" >/dev/null || compilers=$((compilers + 1))
done
[ "$compilers" -gt 0 ]
result $? 'there is a C compiler'

header 'int f(uint32_t x);'
catches 'a header that needs another first' uint32_t \
	check_header "$tree/core/include" x.h
header 'int f(int class, int *restrict p);'
if command -v g++ >/dev/null || command -v clang++ >/dev/null; then
	catches 'a header that is no C++' 'c++17' \
		check_header "$tree/core/include" x.h
else
	skip 'caught: a header that is no C++' 'no C++ compiler'
fi
header 'int f(int x);'
is_clean 'allowed: a plain header' check_header "$tree/core/include" x.h
for type in 'git_oid *' 'EVP_PKEY *' 'X509 *' 'json_t *' 'sqlite3_stmt *' \
	'struct archive *' 'struct fy_node *' 'z_stream *' 'BIO *'; do
	header "int f(${type}p);"
	catches "${type}in a public header" 'foreign type' check_types "$tree"
done
header '/* git_oid, X509 */' 'typedef struct bkt_archive bkt_archive;' \
	'struct bkt_archive_entry { int x; };'
is_clean 'allowed: such words in comments, our own longer names' \
	check_types "$tree"
end_of_samples "$@"

for path in "$source"/core/include/bukti/*.h; do
	name=${path##*/}
	is_clean "$name stands alone" check_header "$source/core/include" "$name"
done
is_clean 'no foreign type in a public header' check_types "$source"
finish
