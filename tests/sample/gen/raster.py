"""Pictures: a canvas of palette indices, a small font, PNG, baseline JPEG.

Deflate, DCT and Huffman are written out here in whole numbers, so that the
bytes depend neither on the machine's zlib nor on its floating point.
"""

import zlib

# 5 wide, 9 high, one base-32 digit a row; rows 7 and 8 hang below the line.
_GLYPHS = """
A EHHVHHH B UHHUHHU C EHGGGHE D UHHHHHU E VGGUGGV F VGGUGGG G EHGNHHE
H HHHVHHH I E44444E J 72222IC K HIKOKIH L GGGGGGV M HRLLHHH N HHPLJHH
O EHHHHHE P UHHUGGG Q EHHHLID R UHHUKIH S FGGE11U T V444444 U HHHHHHE
V HHHHHA4 W HHHLLRH X HHA4AHH Y HHA4444 Z V1248GV a 00E1FHF b GGUHHHU
c 00EGGHE d 11FHHHF e 00EHVGE f 698S888 g 00FHHHF1E h GGUHHHH i 40C444E
j 2062222IC k GGIKOKI l C44444E m 00QLLLL n 00UHHHH o 00EHHHE
p 00UHHHUGG q 00FHHHF11 r 00MPGGG s 00FGE1U t 88S8896 u 00HHHJD
v 00HHHA4 w 00HHLLA x 00HA4AH y 00HHHHF1E z 00V248V 0 EHJLPHE 1 4C4444E
2 EH1248V 3 V2421HE 4 26AIV22 5 VGU11HE 6 68GUHHE 7 V124888 8 EHHEHHE
9 EHHF12C . 00000CC , 00000C48 : 0CC0CC0 / 11248GG - 000E000 ( 2488842
) 8422248 ? EH12404 ! 4444404 ' 4400000 % OP248J3 + 044V440 = 00V0V00
_ 0000000V & CIK8LID # AAVAVAA > 8421248 < 248G842 * 04LEL40 @ EH1DLLE
[ E88888E ] E22222E | 4444444
"""


def _font():
    words = _GLYPHS.split()
    font = {" ": ([0] * 9, 4)}
    for ch, digits in zip(words[::2], words[1::2]):
        rows = [int(d, 32) for d in digits.ljust(9, "0")]
        used = 0
        for r in rows:
            used |= r
        while not used & 16:
            used = used << 1 & 31
            rows = [r << 1 & 31 for r in rows]
        wide = 5
        while not used >> (5 - wide) & 1:
            wide -= 1
        font[ch] = (rows, wide + 1)
    return font


FONT = _font()


class Canvas:
    def __init__(self, w, h, palette, fill=0):
        self.w, self.h, self.palette = w, h, palette
        self.px = bytearray([fill]) * (w * h)

    def rect(self, x, y, w, h, c):
        x2, y2 = min(x + w, self.w), min(y + h, self.h)
        x, y = max(x, 0), max(y, 0)
        for row in range(y, y2):
            self.px[row * self.w + x:row * self.w + x2] = \
                bytes([c]) * max(x2 - x, 0)

    def frame(self, x, y, w, h, c):
        self.rect(x, y, w, 1, c)
        self.rect(x, y + h - 1, w, 1, c)
        self.rect(x, y, 1, h, c)
        self.rect(x + w - 1, y, 1, h, c)

    def disc(self, x, y, r, c):
        for dy in range(-r, r + 1):
            dx = 0
            while (dx + 1) * (dx + 1) + dy * dy <= r * r:
                dx += 1
            self.rect(x - dx, y + dy, 2 * dx + 1, 1, c)

    def text(self, x, y, text, c, scale=1):
        for ch in text:
            rows, wide = FONT[ch]
            for dy, bits in enumerate(rows):
                for dx in range(5):
                    if bits >> (4 - dx) & 1:
                        self.rect(x + dx * scale, y + dy * scale, scale,
                                  scale, c)
            x += wide * scale
        return x


def text_width(text, scale=1):
    return sum(FONT[ch][1] for ch in text) * scale


# -- PNG ---------------------------------------------------------------------

class Bits:
    """Deflate packs from the low bit, Huffman codes from their top bit."""

    def __init__(self):
        self.data, self.acc, self.n = bytearray(), 0, 0

    def put(self, value, count):
        self.acc |= value << self.n
        self.n += count
        while self.n >= 8:
            self.data.append(self.acc & 255)
            self.acc >>= 8
            self.n -= 8

    def code(self, value, count):
        back = 0
        for _ in range(count):
            back = back << 1 | value & 1
            value >>= 1
        self.put(back, count)


def _ranges(base, extras):
    table = []
    for extra in extras:
        table.append((base, extra))
        base += 1 << extra
    return table


_LENGTHS = _ranges(3, [0] * 8 + [n for n in range(1, 6) for _ in range(4)])
_DISTANCES = _ranges(1, [0] * 4 + [n for n in range(1, 14) for _ in range(2)])


def _pick(table, value):
    i = len(table) - 1
    while table[i][0] > value:
        i -= 1
    return i, table[i][0], table[i][1]


def _symbol(bits, s):
    """The fixed Huffman code of RFC 1951 3.2.6."""
    if s < 144:
        bits.code(48 + s, 8)
    elif s < 256:
        bits.code(400 + s - 144, 9)
    elif s < 280:
        bits.code(s - 256, 7)
    else:
        bits.code(192 + s - 280, 8)


def deflate(data):
    bits = Bits()
    bits.put(3, 3)  # last block, fixed codes
    seen = {}
    i, end = 0, len(data)
    while i < end:
        key = bytes(data[i:i + 3])
        best, far = 0, 0
        for j in reversed(seen.get(key, ())[-24:]):
            if i - j > 32768:
                break
            n = 3
            top = min(257, end - i)
            while n < top and data[j + n] == data[i + n]:
                n += 1
            if n > best:
                best, far = n, i - j
        step = 1
        if best >= 3:
            k, base, extra = _pick(_LENGTHS, best)
            _symbol(bits, 257 + k)
            bits.put(best - base, extra)
            k, base, extra = _pick(_DISTANCES, far)
            bits.code(k, 5)
            bits.put(far - base, extra)
            step = best
        else:
            _symbol(bits, data[i])
        for k in range(i, min(i + step, end - 2)):
            seen.setdefault(bytes(data[k:k + 3]), []).append(k)
        i += step
    _symbol(bits, 256)
    bits.put(0, 7)
    return bytes(bits.data)


def zlib_stream(data):
    return b"\x78\x01" + deflate(data) + zlib.adler32(data).to_bytes(4, "big")


def png(canvas):
    """Four bits a pixel: at most 16 colours."""
    raw = bytearray()
    for y in range(canvas.h):
        row = canvas.px[y * canvas.w:(y + 1) * canvas.w]
        row += b"\0" * (len(row) & 1)
        raw.append(0)
        raw += bytes(row[k] << 4 | row[k + 1] for k in range(0, len(row), 2))
    def chunk(tag, data):
        crc = zlib.crc32(tag + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + tag + data + crc

    size = canvas.w.to_bytes(4, "big") + canvas.h.to_bytes(4, "big")
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size + b"\4\3\0\0\0")
            + chunk(b"PLTE", bytes(v for rgb in canvas.palette for v in rgb))
            + chunk(b"IDAT", zlib_stream(raw)) + chunk(b"IEND", b""))


# -- JPEG --------------------------------------------------------------------

# round(4096 * cos((2x + 1) * u * pi / 16) / 2), the first row / sqrt(2)
_DCT = [
    [1448] * 8,
    [2009, 1703, 1138, 400, -400, -1138, -1703, -2009],
    [1892, 784, -784, -1892, -1892, -784, 784, 1892],
    [1703, -400, -2009, -1138, 1138, 2009, 400, -1703],
    [1448, -1448, -1448, 1448, 1448, -1448, -1448, 1448],
    [1138, -2009, 400, 1703, -1703, -400, 2009, -1138],
    [784, -1892, 1892, -784, -784, 1892, -1892, 784],
    [400, -1138, 1703, -2009, 2009, -1703, 1138, -400],
]
_ZIGZAG = sorted(range(64), key=lambda i: (
    i // 8 + i % 8, i // 8 if (i // 8 + i % 8) & 1 else i % 8))


def _round_div(a, b):
    return (2 * a + b) // (2 * b) if a >= 0 else -((2 * -a + b) // (2 * b))


def _block(px, quant):
    """64 samples around zero to quantised coefficients in zigzag order."""
    if min(px) == max(px):  # flat: only the first one
        return [_round_div(px[0] * 8, quant[0])] + [0] * 63
    rows = [[sum(c * px[y * 8 + x] for x, c in enumerate(_DCT[u]))
             for u in range(8)] for y in range(8)]
    out = []
    for i in _ZIGZAG:
        v, u = divmod(i, 8)
        s = sum(_DCT[v][y] * rows[y][u] for y in range(8))
        out.append(_round_div(s, quant[i] << 24))
    return out


def _huffman(counts):
    """Code lengths of at most 16 bits (ITU-T T.81 annex K.2), then codes."""
    freq = dict(counts)
    freq[256] = 1  # keeps the code of all ones free
    group = {s: [s] for s in freq}
    size = {s: 0 for s in freq}
    while len(freq) > 1:
        a, b = sorted(freq, key=lambda s: (freq[s], -s))[:2]
        for s in group[a] + group[b]:
            size[s] += 1
        freq[a] += freq.pop(b)
        group[a] = group[a] + group.pop(b)
    bits = [0] * 64
    for n in size.values():
        bits[n] += 1
    for i in range(63, 16, -1):
        while bits[i]:
            j = i - 2
            while not bits[j]:
                j -= 1
            bits[i] -= 2
            bits[i - 1] += 1
            bits[j + 1] += 2
            bits[j] -= 1
    i = 16
    while not bits[i]:
        i -= 1
    bits[i] -= 1
    order = sorted((s for s in size if s != 256), key=lambda s: (size[s], s))
    codes, code, k = {}, 0, 0
    for n in range(1, 17):
        for _ in range(bits[n]):
            codes[order[k]] = (code, n)
            code += 1
            k += 1
        code <<= 1
    return bytes(bits[1:17]) + bytes(order), codes


def _magnitude(v):
    n = abs(v).bit_length()
    return n, v if v > 0 else v + (1 << n) - 1


def _tokens(blocks):
    """(is AC, symbol, extra bits, their count) of one component's blocks."""
    last = 0
    for block in blocks:
        n, extra = _magnitude(block[0] - last)
        last = block[0]
        out = [(0, n, extra, n)]
        run = 0
        for v in block[1:]:
            if v == 0:
                run += 1
                continue
            while run > 15:
                out.append((1, 0xF0, 0, 0))
                run -= 16
            n, extra = _magnitude(v)
            out.append((1, run << 4 | n, extra, n))
            run = 0
        if run:
            out.append((1, 0, 0, 0))
        yield out


def jpeg(canvas, coarse=9):
    """Baseline, three components, no subsampling; coarse: quantiser step."""
    quants = [[min(255, coarse + coarse * k * (i // 8 + i % 8) // 6)
               for i in range(64)] for k in (2, 6)]
    colours = [((77 * r + 150 * g + 29 * b) // 256 - 128,
                (-43 * r - 85 * g + 128 * b) // 256,
                (128 * r - 107 * g - 21 * b) // 256)
               for r, g, b in canvas.palette]
    wide, high = (canvas.w + 7) // 8, (canvas.h + 7) // 8
    parts = [[], [], []]
    cache = {}
    for by in range(high):
        for bx in range(wide):
            cell = bytes(
                canvas.px[min(by * 8 + y, canvas.h - 1) * canvas.w
                          + min(bx * 8 + x, canvas.w - 1)]
                for y in range(8) for x in range(8))
            if cell not in cache:
                cache[cell] = [
                    _block([colours[p][k] for p in cell], quants[k > 0])
                    for k in range(3)]
            for k in range(3):
                parts[k].append(cache[cell][k])
    tokens = [list(_tokens(p)) for p in parts]
    counts = [{}, {}, {}, {}]  # DC, AC of luma; DC, AC of chroma
    for k, blocks in enumerate(tokens):
        for block in blocks:
            for ac, symbol, _, _ in block:
                table = counts[2 * (k > 0) + ac]
                table[symbol] = table.get(symbol, 0) + 1
    tables = [_huffman(c) for c in counts]

    def segment(marker, body):
        return b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(
            2, "big") + body

    data = b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\1\0\x60\0\x60\0\0")
    for k in range(2):
        data += segment(0xDB, bytes([k]) + bytes(
            quants[k][i] for i in _ZIGZAG))
    data += segment(0xC0, b"\x08" + canvas.h.to_bytes(2, "big")
                    + canvas.w.to_bytes(2, "big")
                    + b"\3\1\x11\0\2\x11\1\3\x11\1")
    for k, (spec, _) in enumerate(tables):
        data += segment(0xC4, bytes([(k & 1) << 4 | k >> 1]) + spec)
    data += segment(0xDA, b"\3\1\0\2\x11\3\x11\0\x3f\0")
    acc, n = 1, 0  # the leading 1 guards leading zeros
    for i in range(wide * high):
        for k in range(3):
            for ac, symbol, extra, size in tokens[k][i]:
                code, length = tables[2 * (k > 0) + ac][1][symbol]
                acc = (acc << length | code) << size | extra
                n += length + size
    pad = -n % 8
    acc = acc << pad | (1 << pad) - 1
    n += pad
    body = (acc ^ 1 << n).to_bytes(n // 8, "big")
    return data + body.replace(b"\xff", b"\xff\0") + b"\xff\xd9"
