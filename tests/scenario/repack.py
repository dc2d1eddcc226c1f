#!/usr/bin/env python3
"""Repack a folder as a package whose zip is in order, whatever is inside.

usage: repack.py [--manifests] [--deflate] [--twice PATH] FOLDER ZIP

The zip has the profile of bukti-zip(5), so that a forged content is judged
for itself and not for its container. --manifests: write both manifests anew,
as a forger would. --deflate: compress. --twice: that entry a second time.
"""
import argparse
import hashlib
import os
import struct
import zlib


def names(folder):
    found = []
    for at, _, files in os.walk(folder):
        for f in files:
            path = os.path.join(at, f)
            found.append(os.path.relpath(path, os.path.dirname(folder)))
    return sorted(found, key=os.fsencode)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def manifests(folder):
    base = os.path.dirname(folder)
    inside = [os.path.relpath(os.path.join(base, n), folder)
              for n in names(folder)]

    def lines(paths):
        return "".join(
            "%s  %s\n" % (hashlib.sha256(read(os.path.join(folder, p)))
                          .hexdigest(), p) for p in paths).encode()

    payload = [p for p in inside if p.startswith("data/")]
    write(os.path.join(folder, "manifest-sha256.txt"), lines(payload))
    info = os.path.join(folder, "bag-info.txt")
    size = sum(os.path.getsize(os.path.join(folder, p)) for p in payload)
    text = read(info).decode().splitlines()
    write(info, "".join(
        ("Payload-Oxum: %d.%d" % (size, len(payload))
         if line.startswith("Payload-Oxum:") else line) + "\n"
        for line in text).encode())
    tags = [p for p in inside if not p.startswith("data/") and
            not p.startswith("tagmanifest-sha256.txt")]
    write(os.path.join(folder, "tagmanifest-sha256.txt"), lines(tags))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--manifests", action="store_true")
    p.add_argument("--deflate", action="store_true")
    p.add_argument("--twice")
    p.add_argument("folder")
    p.add_argument("zip")
    a = p.parse_args()
    folder = os.path.abspath(a.folder)
    if a.manifests:
        manifests(folder)
    entries = names(folder)
    if a.twice:
        entries.insert(entries.index(a.twice), a.twice)
    out, central = bytearray(), bytearray()
    for name in entries:
        data = read(os.path.join(os.path.dirname(folder), name))
        packed, method = data, 0
        if a.deflate:
            z = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed, method = z.compress(data) + z.flush(), 8
        common = struct.pack("<HHHHHIIIHH", 10, 0, method, 0, 0x21,
                             zlib.crc32(data), len(packed), len(data),
                             len(name), 0)
        central += b"PK\1\2" + struct.pack("<H", 0x031e) + common
        central += struct.pack("<HHHII", 0, 0, 0, 0x81a40000,
                                                     len(out))
        central += name.encode()
        out += b"PK\3\4" + common + name.encode() + packed
    at = len(out)
    out += central
    out += b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(entries),
                                   len(entries), len(central), at, 0)
    write(a.zip, out)


if __name__ == "__main__":
    main()
