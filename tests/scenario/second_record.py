"""Is this a record? From bukti-record(5) alone; no code in common with bukti.

Each kind is a pattern of its path and a table of its keys. A type is written as
on that page: '?' is optional, '[x]' a list of x, '{x}' a set of x.
"""
import base64
import datetime
import hashlib
import json
import math
import re
import unicodedata

STATE = "active|withdrawn"
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.I)
ID = "[a-z0-9][a-z0-9-]{0,39}"
INDICATOR = "[A-Z][A-Za-z0-9-]{0,11}"
DOCUMENT = "[a-z2-7]{12}"
HASH = "[0-9a-f]{64}"
DECIMAL = r"(0|[1-9]\d{0,8})(\.\d{1,9})?"
PATTERNS = {
    "id": ID, "indicator": INDICATOR, "document": DOCUMENT, "hash": HASH,
    "origin": r"(?=.{1,100}$)(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}"
              r"(?<!-))*",
    "stem": r"(?=.{1,80}$)(?!.*\.\.)[a-z0-9][a-z0-9.-]*-r[1-9]\d{0,8}",
    "code": "[a-z0-9][a-z0-9_-]{0,63}",
    "value": "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
    "decimal": DECIMAL, "level": DECIMAL + "|unknown",
    "prev": HASH + "|",
    "media": "(?=[^/]{1,64}/[^/]{1,64}$)[a-z0-9][a-z0-9!#$&^_.+-]*"
             "/[a-z0-9][a-z0-9!#$&^_.+-]*",
    "zip": r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]{0,119}",
}
NOT_DEVICES = {"id", "indicator"}
CYCLE = "cycles/(?P<cycle>%s)/" % ID
AT = CYCLE + "(?P<indicator>%s)/" % INDICATOR
FOLDER = "documents/(?P<dd>..)/(?P<document>%s)/" % DOCUMENT
COMMON = {"v": "1..1", "store": "origin", "kind": "text20", "path": "text240",
          "prev": "prev", "at": "time", "by": "{id}16"}
KINDS = {
    "institution": ("institution.json", {
        "ca": "hash", "name": "text200", "note_key": "notekey",
        "type": "pemda|pusat"}),
    "access": ("access.json", {"roles": "{id}", "rules": "[rule]"}),
    "unit": ("units/(?P<unit>%s).json" % ID, {
        "name": "text200", "state": STATE, "unit": "id"}),
    "member": ("members/(?P<member>%s).json" % ID, {
        "cert": "hash", "member": "id", "request": "base64", "roles": "{id}*",
        "state": STATE, "title": "?text300", "units": "{id}*"}),
    "rulebook": (r"rulebooks/(?P<rulebook>[a-z0-9.-]+).json", {
        "rulebook": "stem", "sha256": "hash", "size": "1..9007199254740991"}),
    "cycle": (CYCLE + "cycle.json", {
        "assignments": "[assignment]*", "cutoff": "date", "cycle": "id",
        "rulebook": "stem", "rulebook_sha256": "hash", "state": "closed|open",
        "target": "?decimal"}),
    "document": (FOLDER + "document.json", {
        "class": "rahasia|terbatas|umum", "covers": "?[cover]",
        "date": "?date", "document": "document", "file": "file",
        "handed_in_by": "{id}", "media": "media", "note": "?text8000",
        "number": "?text120", "personal": "no|yes", "replaces": "?document",
        "revoked": "?date", "sha256": "hash", "signer": "?text200",
        "size": "1..9007199254740991", "state": STATE, "title": "text300",
        "type": "code", "unit": "id", "valid_from": "?date",
        "valid_until": "?date", "years": "?{1900..9999}"}),
    "link": (AT + "evidence/(?P<document>%s).json" % DOCUMENT, {
        "document": "document", "handed_in_by": "{id}", "levels": "?{1..99}",
        "locator": "?text300", "note": "?text8000", "state": STATE}),
    "claim": (AT + "claim.json", {
        "analysis": "text8000", "claimed_by": "{id}", "fact": "text8000",
        "level": "decimal", "state": STATE}),
    "review": (AT + "reviews/(?P<document>%s)/(?P<member>%s).json"
               % (DOCUMENT, ID), {
        "cause": "?code", "content": "hash", "decision": "accept|reject|return",
        "document": "document", "document_record": "hash", "link": "hash",
        "reason": "?text8000"}),
    "release": (CYCLE + "release.json", {
        "band": "text100", "claimed": "exact", "supported": "exact",
        "verified": "exact", "cycle": "id", "exclusions": "[exclusion]*",
        "levels": "[stated]", "log_root": "root",
        "log_size": "1..9007199254740991", "rulebook_sha256": "hash"}),
    "package": (CYCLE + r"packages/(?P<number>[1-9]\d*).json", {
        "cycle": "id", "file": "zip", "number": "1..999999",
        "recipient": "?text200", "release": "hash", "sealed_by": "{id}",
        "tagmanifest": "hash"}),
    "result": (CYCLE + "result.json", {
        "basis": "text1000", "cycle": "id", "document": "?document",
        "index": "decimal", "levels": "[decided]*"}),
    "revocation": ("members/(?P<member>%s).revocation-(?P<key>%s).json"
                   % (ID, HASH), {
        "cert": "hash", "invalid_from": "time", "key": "hash", "member": "id",
        "reason": "key-compromise|left|superseded|withdrawn"}),
    "hold": (FOLDER + "hold.json", {
        "basis": "text1000", "document": "document", "state": STATE}),
    "erasure": ("erasures/(?P<cc>..)/(?P<content>%s).json" % HASH, {
        "basis": "text1000", "content": "hash", "document": "document",
        "reason": "text8000"}),
}
ITEMS = {  # of lists: keys, and the one they are sorted by or unique in
    "rule": ({"distinct_from": "?{claimant|reviewer|uploader}", "kind": "|".join(KINDS),
              "needs": "[need]"}, None, False),
    "need": ({"count": "1..16", "role": "id", "scope": "any|assigned|unit"},
             None, False),
    "assignment": ({"due": "?date", "indicator": "indicator",
                    "units": "{id}*"}, "indicator", True),
    "cover": ({"tag": "code", "values": "{value}"}, "tag", True),
    "exclusion": ({"path": "text240", "reason": "text8000"}, "path", True),
    "stated": ({"claimed": "level", "supported": "level", "verified": "level",
                "gap": "?text8000", "indicator": "indicator"}, "indicator",
               False),
    "decided": ({"indicator": "indicator", "level": "decimal",
                 "note": "?text8000"}, "indicator", False),
}


class Malformed(Exception):
    pass


def need(truth, what):
    if not truth:
        raise Malformed(what)


UNSEEN = re.compile(
    "[ \u00a0\u00ad\u034f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    "\u2000-\u200d\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f"
    "\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0080-\U000e0fff]*")


def text(s, most):
    need(isinstance(s, str) and 1 <= len(s.encode()) <= most, "length of text")
    need(unicodedata.is_normalized("NFC", s), "text is not NFC")
    for c in s:
        need(unicodedata.category(c) not in ("Cc", "Cn", "Cs") and
             c not in "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d"
             "\u202e\u2066\u2067\u2068\u2069\ufeff" and
             not "\U000e0000" <= c <= "\U000e007f", "character %r" % c)
    need(not UNSEEN.fullmatch(s), "blank text")


def file_name(s):
    text(s, 180)
    need(not re.search(r'[/\\:*?"<>|]', s), "character in a file name")
    need(s == s.strip(" ") and not s.endswith("."), "end of a file name")
    bare = re.sub("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]", "", s)
    need(not bare.startswith("."), "hidden file")
    need(not re.match(r"gi[^~.]{0,5}~\d", s, re.I), "short name of .git")
    need(not DEVICE.fullmatch(s.split(".")[0].rstrip(" ")), "device")


def base64_of(s):
    raw = base64.b64decode(s, validate=True)
    need(base64.b64encode(raw).decode() == s, "base64")
    return raw


def when(s, form):
    moment = datetime.datetime.strptime(s, form)
    need(moment.strftime(form) == s, "spelling of a time")
    return moment


def exact(s):
    if s == "unknown":
        return
    if "/" not in s:
        need(re.fullmatch(DECIMAL, s) and not re.search(r"\.\d*0$", s), "exact")
        return
    n, d = (int(x) for x in s.split("/"))
    rest = d
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    need("%d/%d" % (n, d) == s and math.gcd(n, d) == 1 and
         max(n, d) < 1 << 63 and (rest > 1 or 10 ** 9 % d), "lowest terms")


def note_key(s):
    name, key_id, key = s.split("+", 2)
    raw = base64_of(key)
    need(len(raw) == 33 and raw[0] == 1, "Ed25519 key")
    want = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    need(key_id == want, "id of the key")


def check(kind, v):
    """A value of one of the types of the page."""
    many = re.fullmatch(r"([\[{])(.*)[\]}](\*?|16)", kind)
    whole = re.fullmatch(r"(\d+)\.\.(\d+)", kind)
    if many:
        need(isinstance(v, list) and (v or many[3] == "*"), "list")
        need(many[3] != "16" or len(v) <= 16, "too many")
        for x in v:
            check(many[2], x)
        if many[1] == "{":
            raw = [x.encode() if isinstance(x, str) else x for x in v]
            need(raw == sorted(set(raw)), "order of a set")
        elif ITEMS[many[2]][1]:
            names = [x[ITEMS[many[2]][1]] for x in v]
            need(len(set(names)) == len(names), "twice")
            need(not ITEMS[many[2]][2] or names == sorted(names), "order")
    elif whole:
        need(type(v) is int and int(whole[1]) <= v <= int(whole[2]), "number")
    elif kind in ITEMS:
        need(isinstance(v, dict), "object")
        keys(v, ITEMS[kind][0])
    else:
        need(isinstance(v, str), "string")
        word(kind, v)


def word(kind, v):
    if kind.startswith("text"):
        text(v, int(kind[4:]))
    elif kind == "date":
        need(when(v, "%Y-%m-%d").year >= 1900, "year")
    elif kind == "time":
        need(when(v, "%Y-%m-%dT%H:%M:%SZ").year >= 1970, "year")
    elif kind == "base64":
        need(1 <= len(v) <= 8192 and base64_of(v), "base64")
    elif kind == "root":
        need(len(base64_of(v)) == 32, "root")
    elif kind in ("file", "exact", "notekey"):
        {"file": file_name, "exact": exact, "notekey": note_key}[kind](v)
    elif kind in PATTERNS:
        need(re.fullmatch(PATTERNS[kind], v), kind)
        need(kind not in NOT_DEVICES or not DEVICE.fullmatch(v), "device")
    else:
        need(v in kind.split("|"), kind)


def keys(value, table):
    need(set(value) <= set(table), "unknown key")
    for key, kind in table.items():
        if key in value:
            check(kind.lstrip("?"), value[key])
        else:
            need(kind.startswith("?"), "no key " + key)


def once(pairs):
    need(pairs and len(dict(pairs)) == len(pairs), "key twice, or no key")
    return dict(pairs)


def no(_):
    raise Malformed("float")


def depth(v):
    kids = v.values() if isinstance(v, dict) else v
    return 1 + max(map(depth, kids), default=0) if isinstance(
        v, (dict, list)) else 0


def between(r):
    """What one key says about another."""
    fields = re.fullmatch(KINDS[r["kind"]][0].replace(".json", r"\.json"),
                          r["path"])
    need(fields, "path of the kind")
    for name, value in fields.groupdict().items():
        if name == "member" and r["kind"] == "review":
            need(r["by"] == [value], "who decides")
        elif name in r:
            need(str(r[name]) == value, "path and " + name)
        elif name in ("dd", "cc"):
            need((r["document"] if name == "dd" else r["content"])[:2] == value,
                 name)
        need(name not in ("cycle", "unit", "member", "indicator") or
             not DEVICE.fullmatch(value), "device")
    if r["kind"] == "institution":
        need(r["note_key"].split("+")[0] == r["store"], "name of the key")
    if r["kind"] == "review" and r["decision"] != "accept":
        need("cause" in r and "reason" in r, "cause and reason")
    if r["kind"] == "access":
        for n in (n for rule in r["rules"] for n in rule["needs"]):
            need(n["role"] in r["roles"], "role")
    if r["kind"] == "document":
        need(r.get("replaces") != r["document"], "replaces itself")
    for e in r.get("exclusions", []):
        need(re.fullmatch(KINDS["link"][0], e["path"]) and
             e["path"].startswith("cycles/%s/" % r["cycle"]), "exclusion")


def record(raw):
    """The record of these bytes, or Malformed."""
    try:
        need(0 < len(raw) <= 65536, "size")
        r = json.loads(raw.decode("utf-8"), object_pairs_hook=once,
                       parse_float=no, parse_constant=no)
        need(isinstance(r, dict) and depth(r) <= 8, "object")
        need(r.get("kind") in KINDS, "kind")
        keys(r, {**COMMON, **KINDS[r["kind"]][1]})
        between(r)
        again = json.dumps(r, indent=2, sort_keys=True, ensure_ascii=False)
    except (ValueError, AttributeError, TypeError, RecursionError) as e:
        raise Malformed(str(e)) from e
    need(again.encode() + b"\n" == raw, "not the one spelling")
    return r
