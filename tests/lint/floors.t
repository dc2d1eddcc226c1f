#!/bin/sh
# Includes go down the floors only, and each foreign library has one user.
. "$(dirname "$0")/lint.sh"

check_floors() { # tree
	strip "$1" -v keep=1 >"$scratch/code" || return 1
	code_of "$1" | sed "s|^$1/||" >"$scratch/known"
	awk -f "$here/floors.awk" "$scratch/known" "$scratch/code"
}

one() { # path include-operand: a tree with one file that includes this
	fresh
	echo 'int base_h;' | sample core/include/bukti/base.h
	for m in model gitdb ledger verify store index; do
		echo "int ${m}_h;" | sample "core/include/bukti/$m.h"
	done
	echo 'int private_h;' | sample core/gitdb/private.h
	echo 'int signing_h;' | sample core/gitdb/write/signing.h
	echo 'int cli_h;' | sample cli/cli.h
	echo "#include $2" | sample "$1"
}

good() { # path include-operand
	one "$1" "$2"
	is_clean "allowed: $1 includes $2" check_floors "$tree"
}

bad() { # path include-operand word
	one "$1" "$2"
	catches "$1 includes $2" "$3" check_floors "$tree"
}

good core/gitdb/x.c '"bukti/model.h"'
good core/gitdb/x.c '"bukti/gitdb.h"'
good core/gitdb/x.c '"private.h"'
good core/gitdb/x.c '<git2/odb.h>'
good core/gitdb/x.c '<sys/stat.h>'
good core/gitdb/write/x.c '"../private.h"'
good core/gitdb/write/x.c '"signing.h"'
good cli/x.c '"bukti/store.h"'
good cli/x.c '"cli.h"'
good cli/web/x.c '"../cli.h"'
bad core/gitdb/x.c '"bukti/ledger.h"' 'goes up'
bad core/include/bukti/model.h '"bukti/gitdb.h"' 'goes up'
bad core/base/x.c '"bukti/model.h"' 'goes up'
bad core/ledger/x.c '<git2.h>' 'belongs to gitdb'
bad core/ledger/write/x.c '<openssl/cms.h>' 'belongs to crypto'
bad core/include/bukti/gitdb.h '<git2.h>' 'in a public header'
bad core/gitdb/x.c '<curl/curl.h>' 'nobody allowed'
bad core/gitdb/x.c '"bukti/nothing.h"' 'no such public header'
bad core/gitdb/x.c '"absent.h"' 'no such file'
bad core/ledger/x.c '"../gitdb/private.h"' 'of another folder'
bad core/gitdb/x.c '"write/signing.h"' 'writing code'
bad core/verify/x.c '"bukti/index.h"' 'writing module'
bad core/base/x.c '"../../cli/cli.h"' 'of another folder'
bad core/other/x.c '"bukti/base.h"' 'unknown module'
bad cli/x.c '<sqlite3.h>' 'belongs to index'
bad cli/x.c '"../core/gitdb/private.h"' 'of another folder'
bad hooks/x.c '"../cli/cli.h"' 'of another folder'
bad hooks/x.c '"bukti/store.h"' 'goes up'
bad core/gitdb/x.c 'HEADER' 'cannot be read'
end_of_samples "$@"

is_clean "every include of the source goes down" check_floors "$source"
finish
