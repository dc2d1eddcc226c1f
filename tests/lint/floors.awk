# Reads the list of known files, then stripped code; prints what goes wrong.
BEGIN {
	n = split("base crypto model merkle rulebook objects gitdb index " \
	    "archive ledger assess verify receive package store", order, " ")
	for (i = 1; i <= n; i++)
		rank[order[i]] = i
	# these are linked into libbukti only
	writing["index"] = writing["receive"] = writing["store"] = 1

	owner["jansson.h"] = owner["utf8proc.h"] = "model"
	owner["libfyaml.h"] = "rulebook"
	owner["magic.h"] = "objects"
	owner["git2.h"] = owner["zlib.h"] = "gitdb"
	owner["sqlite3.h"] = "index"
	owner["archive.h"] = owner["archive_entry.h"] = "archive"
	owner_dir["openssl"] = "crypto"
	owner_dir["git2"] = "gitdb"
	owner_dir["linux"] = "base" # what libc does not wrap yet

	n = split("assert ctype dirent endian errno fcntl getopt inttypes " \
	    "langinfo limits locale malloc poll pthread pwd sched signal stdalign " \
	    "stdarg stdatomic stdbool stddef stdint stdio stdlib string " \
	    "strings termios time unistd wchar wctype", libc, " ")
	for (i = 1; i <= n; i++)
		own["libc/" libc[i] ".h"] = 1
}

function say(what)
{
	print where ": " what
}

# core/<module>/..., core/include/bukti/<module>.h, cli/..., hooks/...
function place(path,    part)
{
	split(path, part, "/")
	in_write = 0
	public = 0
	if (part[1] != "core")
		return part[1]
	if (part[2] == "include") {
		public = 1
		sub(/\.h$/, "", part[4])
		return part[4]
	}
	in_write = part[3] == "write"
	return part[2]
}

function height(module)
{
	if (module == "cli" || module == "bukti")
		return 100
	if (module == "hooks")
		return rank["receive"]
	return rank[module]
}

function system_header(name,    dir)
{
	dir = name
	sub(/\/.*/, "", dir)
	if (name in owner)
		dir = owner[name]
	else if (dir != name && dir in owner_dir)
		dir = owner_dir[dir]
	else {
		if (!("libc/" name in own) && name !~ /^sys\/[a-z]+\.h$/)
			say("nobody allowed <" name ">")
		return
	}
	if (public)
		say("<" name "> in a public header")
	else if (dir != module)
		say("<" name "> belongs to " dir " alone")
}

function public_header(name,    target)
{
	target = name
	sub(/^bukti\//, "", target)
	sub(/\.h$/, "", target)
	if (!("core/include/" name in known))
		say("no such public header: " name)
	else if (height(target) > height(module))
		say(name " goes up from " module)
	else if (target in writing && target != module && !in_write &&
	    module in rank && !(module in writing))
		say(name " is of a writing module, and this file only reads")
}

function private_header(name,    folder, target)
{
	folder = path
	sub(/\/[^\/]*$/, "", folder)
	target = name
	if (in_write && name ~ /^\.\.\/[^\/]+$/) {
		sub(/\/write$/, "", folder)
		sub(/^\.\.\//, "", target)
	}
	# the program is one module with folders of its own
	while (module == "cli" && target ~ /^\.\.\// && folder ~ /\//) {
		sub(/\/[^\/]*$/, "", folder)
		sub(/^\.\.\//, "", target)
	}
	if (module == "cli" && (folder "/" target in known))
		return
	if (target ~ /^write\//)
		say(name " is writing code, and this file only reads")
	else if (target ~ /\//)
		say(name " is of another folder")
	else if (!(folder "/" target in known))
		say("no such file: " name)
}

FNR == NR {
	known[$0] = 1
	next
}

{
	split($0, part, ":")
	path = part[1]
	where = path ":" part[2]
	line = $0
	sub(/^[^:]*:[^:]*:/, "", line)
	if (line !~ /^[ \t]*#[ \t]*include/)
		next
	module = place(path)
	if (!height(module)) {
		say("unknown module " module)
		next
	}
	sub(/^[ \t]*#[ \t]*include[ \t]*/, "", line)
	sub(/[ \t]*$/, "", line)
	name = substr(line, 2, length(line) - 2)
	if (line ~ /^<[^>]+>$/)
		system_header(name)
	else if (line ~ /^"bukti\/[^"\/]+"$/)
		public_header(name)
	else if (line ~ /^"[^"]+"$/)
		private_header(name)
	else
		say("this include cannot be read: " line)
}
