#!/bin/sh
# Every verb of the program has a page, every option is in it, every page has
# examples and is good mdoc.
. "$(dirname "$0")/lint.sh"

check_mdoc() { # tree
	for f in "$1"/cli/man/*.[1-9]; do
		[ -e "$f" ] || continue
		mandoc -T lint -W warning "$f" 2>&1
	done | grep -v 'referenced manual not found'
	return 0
}

check_examples() { # tree
	for f in "$1"/cli/man/*.1; do
		grep -q '^\.Sh EXAMPLES' "$f" ||
			echo "${f#"$1"/}:1: no EXAMPLES"
	done
}

# verbs and options as the program's own help tells them; each is asked once
told() { # [verb [sub]]
	kept=$scratch/told-${1-}-${2-}
	[ -e "$kept" ] || "$build/bukti" help "$@" >"$kept"
	cat "$kept"
}

verbs() {
	told | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'
}

subs() { # verb
	told "$1" | sed -n "s/^  bukti $1 \([a-z]*\).*/\1/p"
}

options() { # verb [sub]
	told "$@" |
		sed -n '/^Options /,$s/^  \(-., \)\{0,1\} *--\([a-z0-9-]*\).*/\2/p'
}

check_pages() { # tree
	man=$1/cli/man
	for v in $(verbs); do
		page=$man/bukti-$v.1
		if [ ! -e "$page" ]; then
			echo "cli/man/bukti-$v.1:1: missing"
			continue
		fi
		grep -q "^\.It Xr bukti-$v 1\|, Xr bukti-$v 1" "$man/bukti.1" ||
			echo "cli/man/bukti.1:1: does not name bukti-$v"
		{
			options "$v"
			for s in $(subs "$v"); do
				grep -q "^\.Nm bukti $v $s\$" "$page" ||
					echo "?$s"
				options "$v" "$s"
			done
		} | sort -u | while IFS= read -r o; do
			case $o in
			'?'*)
				echo "cli/man/bukti-$v.1:1: no '${o#?}'"
				continue
				;;
			esac
			grep -q -- "Fl -$o\( \|\$\)" "$page" "$man/bukti.1" ||
				echo "cli/man/bukti-$v.1:1: no --$o"
		done
	done
}

# letters: a page may not promise an option that the program does not know
check_promises() { # tree
	for v in $(verbs); do
		page=$1/cli/man/bukti-$v.1
		[ -e "$page" ] || continue
		{
			options "$v"
			for s in $(subs "$v"); do
				options "$v" "$s"
			done
		} | sort -u >"$scratch/known"
		sed -n 's/^\.It .*Fl -\([a-z0-9-]*\).*/\1/p' "$page" |
			sort -u >"$scratch/promised"
		comm -13 "$scratch/known" "$scratch/promised" |
			sed "s|^|cli/man/bukti-$v.1:1: unknown --|"
	done
}

fresh
sample cli/man/bukti-x.1 <<'TXT'
.Dd November 24, 2026
.Dt BUKTI-X 1
.Os
.Sh NAME
.Nm bukti-x
.Nd x
.Sh DESCRIPTION
.Bl -tag -width Ds
.It open
TXT
catches "a list that is never closed" "bukti-x.1" check_mdoc "$tree"
catches "a page without examples" "no EXAMPLES" check_examples "$tree"
if [ -x "$build/bukti" ]; then
	catches "a verb without a page" "bukti-init.1:1: missing" \
		check_pages "$tree"
	sample cli/man/bukti-log.1 <<'TXT'
.It Fl -colour
TXT
	: | sample cli/man/bukti.1
	catches "an option without a word" "no --number" check_pages "$tree"
	catches "a page that promises too much" "unknown --colour" \
		check_promises "$tree"
	end_of_samples "$@"
	is_clean "every verb and option has its place in the pages" \
		check_pages "$source"
	is_clean "no page promises an option that is not there" \
		check_promises "$source"
else
	end_of_samples "$@"
	skip "verbs and options against pages" "no $build/bukti"
fi
if command -v mandoc >/dev/null; then
	is_clean "every page is good mdoc" check_mdoc "$source"
else
	skip "every page is good mdoc" "no mandoc"
fi
is_clean "every page of section 1 has examples" check_examples "$source"
finish
