# Reads stripped code, "path:line:code"; prints the words that are banned.
function ban(set, words,    part, n, i)
{
	n = split(words, part, " ")
	for (i = 1; i <= n; i++)
		banned[set, part[i]] = 1
}

BEGIN {
	ban("all", "goto float double setjmp longjmp alloca")
	ban("all", "atoi atol atoll atof strtok strtok_r strtod strtof")
	ban("all", "gmtime gmtime_r localtime localtime_r mktime timegm " \
	    "strftime strptime ctime asctime")
	ban("all", "system popen sprintf vsprintf strcpy strcat stpcpy gets " \
	    "strncat tmpnam tempnam mktemp rand srand random_r")
	# core never prints, logs or exits, and has one allocator
	ban("core", "printf puts putchar putc fputs fputc fprintf vprintf " \
	    "vfprintf dprintf perror psignal syslog warn warnx err errx " \
	    "exit _exit _Exit quick_exit abort stdout stderr stdin")
	ban("core", "malloc calloc realloc reallocarray strdup strndup " \
	    "asprintf vasprintf getline open_memstream")
	allowed["core/base/err.c", "abort"] = 1
	allowed["core/base/mem.c", "malloc"] = 1
	allowed["core/base/mem.c", "calloc"] = 1
	allowed["core/base/mem.c", "realloc"] = 1
	is_name["err"] = 1
	is_name["warn"] = 1
}

{
	path = $0
	sub(/:.*/, "", path)
	rest = substr($0, length(path) + 2)
	where = path ":" rest
	sub(/:.*/, "", rest)
	where = path ":" rest
	line = substr($0, length(where) + 2)
	in_core = path ~ /^core\//

	if (line ~ /^[ \t]*#[ \t]*include/)
		next
	if (index(line, "//"))
		print where ": // starts a comment"
	before = ""
	while (match(line, /[A-Za-z_][A-Za-z0-9_]*/)) {
		before = before substr(line, 1, RSTART - 1)
		word = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		member = before ~ /(\.|->)[ \t]*$/
		before = word
		if (member || (path, word) in allowed)
			continue
		# these are our parameter's name as well as libc's function
		if (word in is_name && line !~ /^[ \t]*\(/)
			continue
		if (("all", word) in banned)
			print where ": " word " has no place here"
		else if (in_core && ("core", word) in banned)
			print where ": " word " has no place in core"
	}
}
