# TAP for the lint tests. A checker is a function that prints one finding a
# line, "path:line: what", and nothing when all is well. Each test first shows
# that its checker catches a bad sample, then runs it over the source; with
# --self-test it stops after the samples.
set -u
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd) || exit 99
source=${BUKTI_SOURCE:-$(cd "$here/../.." && pwd)}
build=${BUKTI_BUILD:-$source/out/test}
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
tree=$scratch/none
count=0
failed=0

result() { # ok? description
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
	fi
}

skip() { # description why
	count=$((count + 1))
	echo "ok $count - $1 # skip $2"
}

show() { # the first lines of what a checker said
	head -n 40 "$1" | sed 's/^/# /'
}

# run a checker; a checker that itself breaks is a failure, never "clean"
is_clean() { # description checker args...
	what=$1
	shift
	"$@" >"$scratch/said" 2>&1
	rc=$?
	[ "$rc" -eq 0 ] && [ ! -s "$scratch/said" ]
	result $? "$what"
	[ "$rc" -eq 0 ] || echo "# the checker ended with status $rc"
	show "$scratch/said"
}

catches() { # description word checker args...
	what=$1
	word=$2
	shift 2
	"$@" >"$scratch/said" 2>&1
	rc=$?
	[ "$rc" -eq 0 ] && grep -qF -- "$word" "$scratch/said"
	rc=$?
	result $rc "caught: $what"
	[ "$rc" -eq 0 ] || show "$scratch/said"
}

fresh() { # a new empty sample tree
	tree=$scratch/tree
	rm -rf "$tree"
	mkdir -p "$tree"
}

sample() { # path: the text on stdin becomes a file of the sample tree
	mkdir -p "$(dirname "$tree/$1")"
	cat >"$tree/$1"
}

code_of() { # the C files of a tree, one a line
	for d in core cli hooks; do
		[ ! -d "$1/$d" ] || find "$1/$d" -name '*.[ch]'
	done | sort
}

# "path:line:code" without comments; text in quotes blanked unless kept
strip() { # tree [-v keep=1]
	root=$1
	shift
	code_of "$root" >"$scratch/files"
	[ -s "$scratch/files" ] || return 0
	tr '\n' '\0' <"$scratch/files" |
		xargs -0 awk -v root="$root/" "$@" -f "$here/strip.awk"
}

end_of_samples() {
	[ "${1-}" != --self-test ] || finish
}

finish() {
	echo "1..$count"
	[ "$failed" -eq 0 ] || exit 1
	exit 0
}
