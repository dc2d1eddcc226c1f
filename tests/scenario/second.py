#!/usr/bin/env python3
"""Read a clone of a store, or an unpacked package, without bukti.

A second implementation, from bukti-record(5), bukti-log(5), bukti-package(5),
C2SP signed-note, C2SP tlog-proof and RFC 6962 alone: standard library, openssl
for Ed25519, git for its objects. Seals are not looked into, and authority is not
judged. Says what it found; exit 1 at the first thing that is not so. Of files it
names those that are records.

usage: second.py records FILE... | store CLONE VKEY | package FOLDER
"""
import base64
import binascii
import csv
import glob
import hashlib
import os
import re
import subprocess
import sys
import tempfile

from second_record import Malformed, need, record

NUMBER = r"(0|[1-9]\d*)"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
ATTRIBUTES = (b"* -text\n"
              b"documents/*/*/content/* filter=lfs diff=lfs merge=lfs -text\n")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def read(*path):
    with open(os.path.join(*path), "rb") as f:
        return f.read()


def base64_32(s):
    raw = base64.b64decode(s, validate=True)
    need(len(raw) == 32 and base64.b64encode(raw).decode() == s, "hash")
    return raw


class Key:
    def __init__(self, vkey):
        self.name, want, coded = vkey.split("+", 2)
        raw = base64.b64decode(coded, validate=True)
        need(raw[0] == 1 and len(raw) == 33, "an Ed25519 verifier key")
        self.raw = raw[1:]
        self.id = sha(self.name.encode(), b"\n", raw)[:4]
        need(self.id.hex() == want, "key id is not that of name and key")
        self.der = bytes.fromhex("302a300506032b6570032100") + self.raw

    def good(self, text, signature):
        with tempfile.TemporaryDirectory() as d:
            for name, data in (("k", self.der), ("t", text),
                               ("s", signature)):
                with open(os.path.join(d, name), "wb") as f:
                    f.write(data)
            return subprocess.run(
                ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER",
                 "-inkey", d + "/k", "-rawin", "-in", d + "/t",
                 "-sigfile", d + "/s"],
                capture_output=True, check=False).returncode == 0

    def allowed_signers(self):
        ssh = b"".join(len(x).to_bytes(4, "big") + x
                       for x in (b"ssh-ed25519", self.raw))
        return ('%s namespaces="git" ssh-ed25519 %s\n' % (
            self.name, base64.b64encode(ssh).decode())).encode()


def opened(note, key):
    """Size and root of a signed checkpoint."""
    text, blank, signatures = note.partition(b"\n\n")
    need(blank and signatures.endswith(b"\n"), "not a note")
    text += b"\n"
    found = False
    for line in signatures.decode()[:-1].split("\n"):
        dash, name, coded = line.split(" ")
        raw = base64.b64decode(coded, validate=True)
        need(dash == "\u2014", "signature line")
        if name == key.name and raw[:4] == key.id:
            need(len(raw) == 68 and key.good(text, raw[4:]),
                 "bad signature under the checkpoint")
            found = True
    need(found, "no signature of this key")
    lines = re.fullmatch("(.*)\n%s\n(.*)\n" % NUMBER, text.decode())
    need(lines and lines[1] == key.name, "not a checkpoint of this log")
    return int(lines[2]), base64_32(lines[3])


def proven(leaf, index, size, path):
    """Root that an inclusion proof leads to (RFC 9162, 2.1.3.2)."""
    need(index < size, "index beyond the log")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        need(sn > 0, "proof is too long")
        if fn & 1 or fn == sn:
            r = sha(b"\1", p, r)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            r = sha(b"\1", r, p)
        fn >>= 1
        sn >>= 1
    need(sn == 0, "proof is too short")
    return r


def tree_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha(b"\1", tree_root(leaves[:k]), tree_root(leaves[k:]))


def leaf_of(raw, r, seals):
    lines = ["bukti-entry/1", r["path"], "sha256:" + sha(raw).hex()]
    lines += ["%s sha256:%s" % (m, sha(seals[m]).hex()) for m in r["by"]]
    return sha(b"\0", "".join(line + "\n" for line in lines).encode())


# ---- a store -----------------------------------------------------------------

def owned(r):
    """Paths of the files that a record owns, and bytes where they follow."""
    stem = r["path"][:-len(".json")]
    if r["kind"] == "institution":
        return {"ca.pem": None}
    if r["kind"] in ("member", "rulebook"):
        return {stem + (".pem" if r["kind"] == "member" else ".yaml"): None}
    if r["kind"] == "document":
        return {"%s/content/%s" % (os.path.dirname(stem), r["file"]):
                (POINTER % (r["sha256"], r["size"])).encode()}
    if r["kind"] == "package":
        return {"%s.tagmanifest.%s.p7s" % (stem, m): None
                for m in r["sealed_by"]}
    return {}


def files_of(r):
    return set(owned(r)) | {r["path"]} | {
        "%s.%s.p7s" % (r["path"], m) for m in r["by"]}


def handed_in(r, before):
    """The list has one value (bukti-record(5), who handed it in)."""
    key = {"document": "handed_in_by", "link": "handed_in_by",
           "claim": "claimed_by"}.get(r["kind"])
    if key:
        want = set(r["by"]) | set(before[key] if before else [])
        need(r[key] == sorted(want), key + " of " + r["path"])


class Store:
    def __init__(self, clone, key):
        self.clone, self.key = clone, key
        self.tree, self.current, self.leaves = {}, {}, []
        self.signers = tempfile.NamedTemporaryFile()
        self.signers.write(key.allowed_signers())
        self.signers.flush()

    def git(self, *args, data=None):
        return subprocess.run(["git", "-C", self.clone, *args], check=True,
                              capture_output=True, input=data).stdout

    def tree_of(self, commit):
        found = {}
        for line in self.git("ls-tree", "-r", "-z", commit).split(b"\0")[:-1]:
            mode, path = line.decode().split("\t", 1)
            need(mode.startswith("100644 blob "), "mode of " + path)
            found[path] = mode.split(" ")[2]
        return found

    def blobs(self, ids):
        out = self.git("cat-file", "--batch",
                       data="".join(i + "\n" for i in ids).encode())
        found, at = {}, 0
        for i in ids:
            head, _, _ = out[at:].partition(b"\n")
            size = int(head.split(b" ")[2])
            at += len(head) + 1
            found[i] = out[at:at + size]
            at += size + 1
        return found

    def entry(self, index, path, digest, files):
        raw = files[path]
        r = record(raw)
        before = self.current.get(path)
        need(index == len(self.leaves) and sha(raw).hex() == digest,
             "entry %d" % index)
        need(r["path"] == path and r["store"] == self.key.name, "place")
        need(r["prev"] == (before[1] if before else ""), "prev of " + path)
        handed_in(r, before and before[0])
        for name, want in owned(r).items():
            need(want in (None, files[name]), name + " is not as recorded")
        if r["kind"] == "rulebook":
            need(sha(files[path[:-4] + "yaml"]).hex() == r["sha256"], "YAML")
        if r["kind"] == "institution":
            need(sha(files["ca.pem"]).hex() == r["ca"], "CA")
        self.leaves.append(leaf_of(raw, r, {
            m: files["%s.%s.p7s" % (path, m)] for m in r["by"]}))
        self.current[path] = (r, digest)
        return files_of(r), files_of(before[0]) if before else set()

    def commit(self, commit, parent):
        raw = self.git("cat-file", "commit", commit).decode()
        m = re.fullmatch(
            r"tree [0-9a-f]{40}\n" + ("parent %s\n" % parent if parent else "")
            + r"author (\S+) <(\S+)> (\d+) \+0000\n"
            r"committer (\S+) <(\S+)> (\d+) \+0000\n"
            r"gpgsig -----BEGIN SSH SIGNATURE-----\n( .*\n)+\n"
            r"[^\n]{1,200}\n\n((?:Entry: .*\n)+)Log: (\d+) (\S+)\n", raw)
        need(m and m[1] == m[2] and m[3] == m[6] and
             m[4] == m[5] == self.key.name, "commit " + commit)
        self.git("-c", "gpg.format=ssh", "-c", "gpg.ssh.allowedSignersFile="
                 + self.signers.name, "verify-commit", commit)
        now = self.tree_of(commit)
        changed = {p for p in set(now) | set(self.tree)
                   if now.get(p) != self.tree.get(p)}
        blobs = self.blobs(sorted(set(now.values())))
        files = {p: blobs[i] for p, i in now.items()}
        may, must_go, first = {"log/checkpoint"}, set(), None
        for line in m[8].splitlines():
            e = re.fullmatch(r"Entry: %s (\S+) sha256:([0-9a-f]{64})" % NUMBER,
                             line)
            need(e, line)
            new, old = self.entry(int(e[1]), e[2], e[3], files)
            first = first or self.current[e[2]][0]["by"][0]
            may |= new | old
            must_go |= old - new
        if not parent:
            may |= {"log/allowed_signers", ".gitattributes"}
            need(files[".gitattributes"] == ATTRIBUTES and
                 files["log/allowed_signers"] == self.key.allowed_signers(),
                 "fixed files")
        need(changed <= may and not must_go & set(now), "files of " + commit)
        size, root = opened(files["log/checkpoint"], self.key)
        need(size == len(self.leaves) == int(m[9]) and m[1] == first and
             root == tree_root(self.leaves) == base64_32(m[10]),
             "checkpoint of " + commit)
        self.tree = now
        return size, root


def store(clone, vkey):
    s = Store(clone, Key(vkey))
    parent = None
    for commit in s.git("rev-list", "--reverse", "HEAD").decode().split():
        size, root = s.commit(commit, parent)
        parent = commit
    print("store", s.key.name, "size", size, "root",
          base64.b64encode(root).decode())


# ---- a package ---------------------------------------------------------------

def manifest(bag, name):
    found = re.findall(r"([0-9a-f]{64})  (.*)\n", read(bag, name).decode())
    paths = [p for _, p in found]
    need(paths == sorted(set(paths)) and read(bag, name).decode() ==
         "".join("%s  %s\n" % line for line in found), name)
    for digest, path in found:
        need(sha(read(bag, path)).hex() == digest, path + " is another")
    return set(paths)


BAG_INFO = ["Source-Organization", "Bagging-Date", "External-Identifier",
            "Payload-Oxum", "Bag-Software-Agent", "Bukti-Layout"]


def package(bag):
    bag = os.path.abspath(bag)
    meta = os.path.join(bag, "data", "meta")
    there = {os.path.relpath(os.path.join(at, f), bag)
             for at, _, files in os.walk(bag) for f in files}
    seals = {p for p in there if p.startswith("tagmanifest-sha256.txt")}
    payload = {p for p in there if p.startswith("data/")}
    need(manifest(bag, "manifest-sha256.txt") == payload, "payload")
    need(manifest(bag, "tagmanifest-sha256.txt") == there - payload - seals,
         "files beside the payload")
    info = read(bag, "bag-info.txt").decode().split("\n")
    need(len(info) == 7 and info[6] == "" and
         [line.partition(": ")[0] for line in info[:6]] == BAG_INFO and
         re.fullmatch(r"Bukti-Layout: [1-9]\d{0,5}", info[5]), "bag-info.txt")
    key = Key(read(meta, "store.vkey").decode().rstrip("\n"))
    note = read(meta, "checkpoint")
    size, root = opened(note, key)
    rows, release = [["index", "path", "sha256", "at", "by"]], None
    for file in sorted(glob.glob(os.path.join(meta, "records", "*.json"))):
        stem = os.path.basename(file)[:-len(".json")]
        raw = read(file)
        r = record(raw)
        head, _, under = read(meta, "proofs", stem + ".tlog-proof").partition(
            b"\n\n")
        lines = head.decode().split("\n")
        need(lines[:2] == ["c2sp.org/tlog-proof@v1", "index %d" % int(stem)]
             and under == note, "proof " + stem)
        leaf = leaf_of(raw, r, {m: read(meta, "records", "%s.%s.p7s" % (
            stem, m)) for m in r["by"]})
        need(proven(leaf, int(stem), size, [base64_32(p) for p in lines[2:]])
             == root, stem + " does not lead to the root")
        rows.append([str(int(stem)), r["path"], sha(raw).hex(), r["at"],
                     " ".join(r["by"])])
        release = r if r["kind"] == "release" else release
    with open(os.path.join(meta, "entries.csv"), newline="") as f:
        need(list(csv.reader(f)) == rows, "entries.csv")
    need(seals == {"tagmanifest-sha256.txt"} | {
        "tagmanifest-sha256.txt.%s.p7s" % m for m in release["by"]}, "seals")
    print("package", key.name, "size", size, "records", len(rows) - 1,
          "documents", len(there) - len(
              [p for p in there if not p.startswith("data/")
               or p.startswith("data/meta/")]))


def is_record(raw):
    try:
        return bool(record(raw))
    except Malformed:
        return False


def main(verb, *args):
    try:
        if verb == "records":
            for file in args:
                if is_record(read(file)):
                    print(file)
        else:
            {"store": store, "package": package}[verb](*args)
    except (Malformed, ValueError, KeyError, OSError, binascii.Error,
            subprocess.CalledProcessError) as e:
        sys.exit("second: %s: %s" % (type(e).__name__, e))


if __name__ == "__main__":
    main(*sys.argv[1:])
