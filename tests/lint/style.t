#!/bin/sh
# One format, no overlong file, no word that marks unfinished work, no path of
# one machine.
. "$(dirname "$0")/lint.sh"

# other versions lay some lines out differently
format=
for f in clang-format-14 clang-format; do
	if command -v "$f" >/dev/null &&
		"$f" --version | grep -q 'version 14\.'; then
		format=$f
		break
	fi
done

# the files a person wrote: those git knows or would take, or all of a sample
files_of() { # tree
	if [ -e "$1/.git" ]; then
		# the tree may belong to someone else than who tests it
		git -C "$1" -c safe.directory='*' -c core.quotePath=false \
			ls-files --cached --others --exclude-standard
	else
		(cd "$1" && find . -path './out' -prune -o \
			-path './build*' -prune -o -type f -print |
			sed 's|^\./||')
	fi | sort -u
}

each_file() { # tree regex command...: the command gets the matching paths
	root=$1
	regex=$2
	shift 2
	files_of "$root" >"$scratch/all" || return 1
	grep -E -- "$regex" "$scratch/all" | while IFS= read -r f; do
		[ ! -f "$root/$f" ] || printf '%s\0' "$f"
	done >"$scratch/chosen"
	[ -s "$scratch/chosen" ] || return 0
	(cd "$root" && xargs -0 "$@") <"$scratch/chosen"
}

check_format() { # tree
	each_file "$1" '\.[ch]$' "$format" --dry-run -Werror
}

hand='\.(c|h|t|sh|awk|js|css|cmake|yaml)$|(^|/)CMakeLists\.txt$|^tests/run$'

check_length() { # tree
	each_file "$1" '\.(c|h|t|sh|awk|js)$' \
		awk 'FNR == 601 { print FILENAME ":601: over 600 lines" }'
}

words='TO''DO|FIX''ME|X''XX|HA''CK'

check_words() { # tree
	each_file "$1" "$hand|\.md\$|\.[1-9]\$" \
		grep -nE "(^|[^A-Za-z0-9_])($words)([^A-Za-z0-9_]|\$)" /dev/null
	[ $? -ne 2 ] || return 1
	return 0
}

check_paths() { # tree
	each_file "$1" . grep -nIE \
		"(^|[^A-Za-z0-9_.>}\$/-])/(ho""me|ro""ot|wo""rk|Us""ers)/[A-Za-z0-9]" \
		/dev/null
	if [ "${#source}" -gt 4 ]; then
		each_file "$1" . grep -nIF "$source/" /dev/null
	fi
	return 0
}

fresh
cp "$source/.clang-format" "$tree/.clang-format"
if [ -n "$format" ]; then
	echo 'int  f( int x ){return x;}' | sample core/x.c
	catches 'a line laid out otherwise' core/x.c eval \
		'check_format "$tree" || :'
	printf 'int f(int x)\n{\n\treturn x;\n}\n' | sample core/x.c
	is_clean 'allowed: our format' check_format "$tree"
else
	skip 'caught: a line laid out otherwise' 'no clang-format 14'
fi

fresh
yes 'int x;' | head -n 601 | sample core/x.c
catches 'a file of 601 lines' core/x.c:601 check_length "$tree"
yes 'int x;' | head -n 600 | sample core/x.c
is_clean 'allowed: 600 lines' check_length "$tree"

for w in TO''DO FIX''ME; do
	fresh
	echo "/* $w: later */" | sample core/x.c
	catches "$w in code" core/x.c:1 check_words "$tree"
	fresh
	echo "# $w" | sample README.md
	catches "$w in a text" README.md:1 check_words "$tree"
done
fresh
echo 'int METODO_x, todo;' | sample core/x.c
is_clean 'allowed: other words' check_words "$tree"

for p in /ho''me/ani/x /ro''ot/x /wo''rk/main/x; do
	fresh
	echo "see $p" | sample README.md
	catches "$p in a text" README.md:1 check_paths "$tree"
	fresh
	echo "const char *p = \"$p\";" | sample core/x.c
	catches "$p in code" core/x.c:1 check_paths "$tree"
done
fresh
echo 'see /usr/bin, data/home/x, https://x.id/home/x' | sample README.md
is_clean 'allowed: paths of every machine' check_paths "$tree"
end_of_samples "$@"

if [ -n "$format" ]; then
	is_clean 'every C file has our format' check_format "$source"
else
	skip 'every C file has our format' 'no clang-format 14'
fi
is_clean 'no file over 600 lines' check_length "$source"
is_clean 'no word of unfinished work' check_words "$source"
is_clean 'no path of one machine' check_paths "$source"
finish
