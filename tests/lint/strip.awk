# C without its comments: "path:line:code". Text in quotes is blanked unless
# keep=1. A // comment keeps its two slashes, so that it can be found.
FNR == 1 {
	in_comment = 0
	path = FILENAME
	if (index(path, root) == 1)
		path = substr(path, length(root) + 1)
}
# most lines hold nothing of the kind
!in_comment && !/["'\/]/ {
	print path ":" FNR ":" $0
	next
}
in_comment && !/\*\// {
	print path ":" FNR ":"
	next
}
{
	out = ""
	quote = ""
	n = length($0)
	for (i = 1; i <= n; i++) {
		c = substr($0, i, 1)
		two = substr($0, i, 2)
		if (in_comment) {
			if (two == "*/") {
				in_comment = 0
				i++
			}
			continue
		}
		if (quote != "") {
			if (c == "\\") {
				out = out (keep ? two : "  ")
				i++
			} else if (c == quote) {
				out = out c
				quote = ""
			} else {
				out = out (keep ? c : " ")
			}
			continue
		}
		if (two == "/*") {
			in_comment = 1
			out = out " "
			i++
			continue
		}
		if (two == "//") {
			out = out "//"
			break
		}
		if (c == "\"" || c == "'")
			quote = c
		out = out c
	}
	print path ":" FNR ":" out
}
