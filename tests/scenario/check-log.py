#!/usr/bin/env python3
"""Check checkpoint, entries and proofs of a package and a clone of its store.

A second implementation, from bukti-log(5), C2SP signed-note, C2SP tlog-proof
and RFC 6962 alone: standard library, and openssl for Ed25519.

usage: check-log.py UNPACKED-PACKAGE CLONE
"""
import base64
import glob
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def read(*path):
    with open(os.path.join(*path), "rb") as f:
        return f.read()


class Key:
    def __init__(self, vkey):
        self.name, want, coded = vkey.split("+", 2)
        raw = base64.b64decode(coded, validate=True)
        if raw[0] != 1 or len(raw) != 33:
            raise ValueError("not an Ed25519 verifier key")
        self.id = sha(self.name.encode(), b"\n", raw)[:4]
        if self.id.hex() != want:
            raise ValueError("key id is not that of name and key")
        self.der = bytes.fromhex("302a300506032b6570032100") + raw[1:]

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


def opened(note, key):
    """Origin, size and root of a signed checkpoint."""
    text, _, signatures = note.rpartition(b"\n\n")
    text += b"\n"
    for line in signatures.decode().splitlines():
        dash, name, coded = line.split(" ")
        raw = base64.b64decode(coded, validate=True)
        if dash == "\u2014" and name == key.name and raw[:4] == key.id:
            if len(raw) != 68 or not key.good(text, raw[4:]):
                raise ValueError("bad signature under the checkpoint")
            break
    else:
        raise ValueError("no signature of this key")
    origin, size, root = text.decode().splitlines()[:3]
    if origin != key.name or not re.fullmatch(r"0|[1-9][0-9]*", size):
        raise ValueError("not a checkpoint")
    return int(size), base64.b64decode(root, validate=True)


def proven(leaf, index, size, path):
    """Root that an inclusion proof leads to (RFC 9162, 2.1.3.2)."""
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            raise ValueError("proof is too long")
        if fn & 1 or fn == sn:
            r = sha(b"\1", p, r)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            r = sha(b"\1", r, p)
        fn >>= 1
        sn >>= 1
    if sn:
        raise ValueError("proof is too short")
    return r


def tree_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha(b"\1", tree_root(leaves[:k]), tree_root(leaves[k:]))


def entry(record, seals):
    path = json.loads(record)["path"]
    lines = ["bukti-entry/1", path, "sha256:" + sha(record).hex()]
    lines += ["%s sha256:%s" % (m, sha(s).hex())
              for m, s in sorted(seals.items())]
    return "".join(line + "\n" for line in lines).encode()


def main(bag, clone):
    meta = os.path.join(bag, "data", "meta")
    key = Key(read(meta, "store.vkey").decode().strip())
    note = read(meta, "checkpoint")
    size, root = opened(note, key)
    print("checkpoint of", key.name, "at", size, "is signed by its key")

    checked = 0
    for file in sorted(glob.glob(os.path.join(meta, "proofs", "*"))):
        stem = os.path.basename(file)[:-len(".tlog-proof")]
        head, _, under = read(file).partition(b"\n\n")
        lines = head.decode().splitlines()
        if lines[0] != "c2sp.org/tlog-proof@v1" or under != note:
            raise ValueError(file + ": not a proof to this checkpoint")
        index = int(re.fullmatch(r"index (\d+)", lines[1]).group(1))
        path = [base64.b64decode(p, validate=True) for p in lines[2:]]
        seals = {
            os.path.basename(s)[len(stem) + 1:-len(".p7s")]: read(s)
            for s in glob.glob(os.path.join(meta, "records", stem + ".*.p7s"))}
        data = entry(read(meta, "records", stem + ".json"), seals)
        if index != int(stem) or not seals:
            raise ValueError(file + ": index or signatures")
        if proven(sha(b"\0", data), index, size, path) != root:
            raise ValueError(file + ": does not lead to the root")
        checked += 1
    records = len(glob.glob(os.path.join(meta, "records", "*.json")))
    if checked == 0 or checked != records:
        raise ValueError("%d proofs for %d records" % (checked, records))
    print(checked, "proofs lead to it")

    def git(*args):
        return subprocess.run(["git", "-C", clone, *args], check=True,
                              capture_output=True).stdout

    leaves = []
    for commit in git("rev-list", "--reverse", "HEAD").decode().split():
        body = git("cat-file", "commit", commit).decode()
        for index, path, digest in re.findall(
                r"^Entry: (\d+) (\S+) sha256:([0-9a-f]{64})$", body, re.M):
            record = git("cat-file", "blob", commit + ":" + path)
            names = git("ls-tree", "--name-only", commit,
                        os.path.dirname(path) + "/" if "/" in path else
                        ".").decode().splitlines()
            seals = {n[len(path) + 1:-4]: git("cat-file", "blob",
                                              commit + ":" + n)
                     for n in names
                     if n.startswith(path + ".") and n.endswith(".p7s")}
            if int(index) != len(leaves) or sha(record).hex() != digest:
                raise ValueError("entry " + index)
            leaves.append(sha(b"\0", entry(record, seals)))
        at, top = opened(git("cat-file", "blob", commit + ":log/checkpoint"),
                         key)
        if at != len(leaves) or top != tree_root(leaves):
            raise ValueError("checkpoint of " + commit)
        if at == size and top != root:
            raise ValueError("the package has another log")
    print("log of", len(leaves), "entries rebuilt from git, every checkpoint")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
