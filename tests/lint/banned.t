#!/bin/sh
# Functions and constructs that have no place here, in code, not in comments.
. "$(dirname "$0")/lint.sh"

check_banned() { # tree
	strip "$1" >"$scratch/code" || return 1
	[ ! -s "$scratch/code" ] || awk -f "$here/banned.awk" "$scratch/code"
}

good() { # what path code
	fresh
	printf '%s\n' "$3" | sample "$2"
	is_clean "allowed: $1" check_banned "$tree"
}

bad() { # what path code word
	fresh
	printf '%s\n' "$3" | sample "$2"
	catches "$1" "$2:1: $4" check_banned "$tree"
}

for f in atoi atol atoll strtok strtok_r gmtime gmtime_r localtime strftime \
	system popen sprintf vsprintf strcpy strcat gets; do
	bad "$f" cli/x.c "int y = $f(z);" "$f"
done
bad 'a call with a space' hooks/x.c 'int y = atoi (z);' atoi
bad 'a function behind a pointer' cli/x.c 'int (*f)(const char *) = atoi;' atoi
bad goto core/model/x.c 'goto out;' goto
bad float core/model/x.c 'float x;' float
bad double core/model/x.h 'double f(void);' double
bad 'a // comment' core/model/x.c 'int y; // why' '//'
bad 'a // comment behind a string' cli/x.c 'f("a\"b"); // why' '//'
bad 'code behind a comment' cli/x.c '/* a */ goto out; /* b */' goto
for f in printf puts fprintf exit perror putchar vfprintf _exit abort malloc \
	realloc strdup; do
	bad "$f in core" core/model/x.c "(void)$f(z);" "$f"
done
bad 'stderr in core' core/model/x.c 'FILE *f = stderr;' stderr

good 'words in a comment' core/model/x.c '/* goto system(x) // float */'
good 'words over comment lines' core/model/x.c '/* it
 * may goto anywhere, atoi(x)
 */'
good 'words in a string' core/model/x.c 'f("http://x/goto double atoi(");'
good 'a quote character' core/model/x.c "if (c == '\"') return; /* // */"
good 'longer names' core/model/x.c 'my_atoi(gotox, snprintf(a, b, c));'
good 'a member of that name' core/model/x.c 'y = x->system + s.exit;'
good 'printing in the program' cli/x.c 'printf(x); exit(1);'
good 'the allocator seam' core/base/mem.c 'void *p = malloc(n);'
good 'the one abort' core/base/err.c 'abort();'
end_of_samples "$@"

is_clean "nothing banned in the source" check_banned "$source"
finish
