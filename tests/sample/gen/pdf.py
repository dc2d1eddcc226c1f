"""A small PDF 1.4 writer: A4, the standard fonts, blocks that flow.

Whole numbers only (tenths of a point) and our own deflate, so that every
machine writes the same bytes.
"""

import zlib

from raster import zlib_stream

A4 = (5950, 8420)  # tenths of a point

_HELV = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 "
    "556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 "
    "1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 "
    "667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 "
    "333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 "
    "556 556 333 500 278 556 500 722 500 500 500 334 260 334 584")
_HELV_BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 "
    "556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 "
    "975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 "
    "667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 "
    "333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 "
    "611 611 389 556 333 611 556 778 556 556 500 389 280 389 584")
_TIMES = (
    "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 "
    "500 500 500 500 500 500 500 500 500 500 278 278 564 564 564 444 "
    "921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 "
    "556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 "
    "333 444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 "
    "500 500 333 389 278 500 500 722 500 500 444 480 200 480 541")
_TIMES_BOLD = (
    "250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 "
    "500 500 500 500 500 500 500 500 500 500 333 333 570 570 570 500 "
    "930 722 667 722 722 667 611 778 778 389 500 778 667 944 722 778 "
    "611 778 722 556 667 722 722 1000 722 722 667 333 278 333 581 500 "
    "333 500 556 444 556 444 333 500 556 278 333 556 278 833 556 500 "
    "556 556 444 389 333 556 500 722 500 500 444 394 220 394 520")

FONTS = {
    "times": ("F1", "Times-Roman", [int(w) for w in _TIMES.split()]),
    "times-bold": ("F2", "Times-Bold", [int(w) for w in _TIMES_BOLD.split()]),
    "helv": ("F3", "Helvetica", [int(w) for w in _HELV.split()]),
    "helv-bold": ("F4", "Helvetica-Bold",
                  [int(w) for w in _HELV_BOLD.split()]),
}


def width(text, font, size):
    """Width in tenths of a point; size in points."""
    table = FONTS[font][2]
    total = 0
    for ch in text:
        code = ord(ch)
        total += table[code - 32] if 32 <= code < 127 else 500
    return total * size // 100


def wrap(text, font, size, room):
    lines, line = [], ""
    for word in text.split():
        longer = line + " " + word if line else word
        if line and width(longer, font, size) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    return lines


def num(tenths):
    whole, part = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def literal(text):
    raw = text.encode("cp1252")
    for ch in b"\\()":
        raw = raw.replace(bytes([ch]), b"\\" + bytes([ch]))
    return b"(" + raw + b")"


def info_text(text):
    """Outside ASCII the information entries want UTF-16."""
    if text.isascii():
        return literal(text)
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


class Pdf:
    def __init__(self, title, author, date, family="times", size=11,
                 landscape=False):
        self.title, self.author, self.date = title, author, date
        self.font, self.bold, self.size = family, family + "-bold", size
        self.w, self.h = A4[::-1] if landscape else A4
        self.left, self.right = 720, self.w - 720
        self.top, self.bottom = self.h - 640, 760
        self.pages = []
        self.cover = False  # a title page carries no number
        self.new_page()

    # -- drawing -----------------------------------------------------------

    def new_page(self):
        self.out = []
        self.pages.append(self.out)
        self.y = self.top

    def op(self, text):
        self.out.append(text.encode("ascii"))

    def text(self, x, y, text, font, size, spread=0):
        """spread: extra tenths of a point over all spaces of the line."""
        spaces = text.count(" ")
        tw = ""
        if spread and spaces:
            hundredths = spread * 10 // spaces
            tw = f"{hundredths // 100}.{hundredths % 100:02d} Tw "
        head = f"BT {tw}/{FONTS[font][0]} {size} Tf {num(x)} {num(y)} Td "
        tail = b" Tj 0 Tw ET" if tw else b" Tj ET"
        self.out.append(head.encode("ascii") + literal(text) + tail)

    def line(self, x1, y1, x2, y2, w=8):
        self.op(f"{num(w)} w {num(x1)} {num(y1)} m "
                f"{num(x2)} {num(y2)} l S")

    def rect(self, x, y, w, h, grey=None):
        box = f"{num(x)} {num(y)} {num(w)} {num(h)} re"
        if grey is None:
            self.op(f"0.6 w {box} S")
        else:
            self.op(f"0.{grey} g {box} f 0 g")

    def circle(self, x, y, r):
        k = r * 552 // 1000
        n = num
        self.op(f"{n(x + r)} {n(y)} m "
                f"{n(x + r)} {n(y + k)} {n(x + k)} {n(y + r)} "
                f"{n(x)} {n(y + r)} c "
                f"{n(x - k)} {n(y + r)} {n(x - r)} {n(y + k)} "
                f"{n(x - r)} {n(y)} c "
                f"{n(x - r)} {n(y - k)} {n(x - k)} {n(y - r)} "
                f"{n(x)} {n(y - r)} c "
                f"{n(x + k)} {n(y - r)} {n(x + r)} {n(y - k)} "
                f"{n(x + r)} {n(y)} c S")

    def emblem(self, x, y, s):
        """The made-up city's shield; x is its middle, s half its width."""
        n = num
        self.op(f"0.25 0.35 0.55 rg {n(x - s)} {n(y)} m {n(x + s)} {n(y)} l "
                f"{n(x + s)} {n(y - s)} l {n(x)} {n(y - 2 * s - s // 3)} l "
                f"{n(x - s)} {n(y - s)} l f")
        b = s // 5
        bars = "".join(
            f"{n(x - w)} {n(y - top)} {n(2 * w)} {n(b)} re "
            for w, top in ((s - b, 2 * b), (s - b, 4 * b), (s // 2, 7 * b)))
        self.op(f"0.95 0.8 0.3 rg {bars}f 0 g")

    def need(self, height):
        if self.y - height < self.bottom:
            self.new_page()

    def gap(self, tenths):
        self.y -= tenths

    # -- blocks ------------------------------------------------------------

    def leading(self, size=None):
        return (size or self.size) * 135 // 10

    def center(self, text, size=None, bold=False):
        size = size or self.size
        font = self.bold if bold else self.font
        for row in wrap(text, font, size, self.right - self.left):
            self.need(self.leading(size))
            self.y -= self.leading(size)
            x = (self.w - width(row, font, size)) // 2
            self.text(x, self.y, row, font, size)

    def para(self, text, indent=0, label="", hang=None, bold=False, size=None,
             right=None):
        """Justified; a label hangs in the margin that `hang` opens."""
        size = size or self.size
        font = self.bold if bold else self.font
        hang = (240 if label else 0) if hang is None else hang
        x = self.left + indent + hang
        room = (right or self.right) - x
        rows = wrap(text, font, size, room)
        for i, row in enumerate(rows):
            self.need(self.leading(size))
            self.y -= self.leading(size)
            if i == 0 and label:
                self.text(self.left + indent, self.y, label, font, size)
            spare = room - width(row, font, size)
            spread = spare if i < len(rows) - 1 and spare < 700 else 0
            self.text(x, self.y, row, font, size, spread)
        self.y -= 30

    def fields(self, pairs, indent=0, key=1150):
        for name, value in pairs:
            rows = wrap(value, self.font, self.size,
                        self.right - self.left - indent - key - 120)
            self.need(self.leading() * len(rows))
            for i, row in enumerate(rows):
                self.y -= self.leading()
                if i == 0:
                    x = self.left + indent
                    self.text(x, self.y, name, self.font, self.size)
                    self.text(x + key, self.y, ":", self.font, self.size)
                self.text(self.left + indent + key + 120, self.y, row,
                          self.font, self.size)
        self.y -= 40

    def table(self, widths, header, rows, size=9):
        total = sum(widths)
        room = self.right - self.left
        cols = [w * room // total for w in widths]
        lead = size * 125 // 10
        for r, cells in enumerate([header] + rows):
            font = self.bold if r == 0 else self.font
            wrapped = [wrap(str(c), font, size, cols[i] - 80)
                       for i, c in enumerate(cells)]
            height = lead * max(len(w) for w in wrapped) + 60
            self.need(height)
            x = self.left
            if r == 0:
                self.rect(x, self.y - height, sum(cols), height, grey=9)
            for i, cell in enumerate(wrapped):
                self.rect(x, self.y - height, cols[i], height)
                for k, row in enumerate(cell):
                    self.text(x + 40, self.y - lead * (k + 1) + 10, row, font,
                              size)
                x += cols[i]
            self.y -= height
        self.y -= 80

    def letterhead(self, office, address):
        """Kop surat: emblem, government, office, address, double rule."""
        self.y = self.h - 480
        self.emblem(self.left + 180, self.y, 170)
        middle = (self.left + 380 + self.right) // 2
        for row, font, size in (
                ("PEMERINTAH KOTA CONTOH", self.bold, 13),
                (office.upper(), self.bold, 14),
                (address, self.font, 9)):
            self.y -= self.leading(size)
            self.text(middle - width(row, font, size) // 2, self.y, row, font,
                      size)
        self.y -= 120
        self.line(self.left, self.y, self.right, self.y, 16)
        self.line(self.left, self.y - 22, self.right, self.y - 22, 5)
        self.y -= 120

    def sign(self, place_date, office, signed=True, note=""):
        """Signature block at the right: a stroke and a stamp, no name."""
        x = self.left + (self.right - self.left) * 52 // 100
        rows = wrap(office + ",", self.bold, self.size, self.right - x)
        self.need(self.leading() * (len(rows) + 6))
        self.gap(100)
        for row in place_date:
            self.y -= self.leading()
            self.text(x, self.y, row, self.font, self.size)
        for row in rows:
            self.y -= self.leading()
            self.text(x, self.y, row, self.bold, self.size)
        mark = self.y
        self.y -= 560
        if signed:
            self.stroke(x + 350, mark - 300)
            self.op("0.4 0.3 0.6 RG")
            self.circle(x + 160, mark - 290, 210)
            self.circle(x + 160, mark - 290, 160)
            self.op("0 G")
            self.text(x + 1050, mark - 320, "ttd.", self.font, self.size)
        self.line(x, self.y + 40, x + 1700, self.y + 40, 5)
        if note:
            self.text(x, self.y - 90, note, self.font, 8)
            self.y -= 100

    def stroke(self, x, y):
        """A pen stroke, different for every title."""
        seed = zlib.crc32(self.title.encode("utf-8"))
        points = []
        for i in range(10):
            seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
            points.append((x + i * 65 + (seed >> 8) % 60,
                           y + (seed >> 16) % 260 - 130))
        path = f"{num(points[0][0])} {num(points[0][1])} m "
        for i in range(1, 10, 3):
            path += " ".join(f"{num(a)} {num(b)}"
                             for a, b in points[i:i + 3]) + " c "
        self.op(f"0.1 0.1 0.5 RG 1.2 w {path}S 0 G")

    def boxes(self, rows):
        """Boxes in rows, each row joined to the next by arrows."""
        last = None
        for row in rows:
            self.need(900)
            n = len(row)
            room = (self.right - self.left) // n
            w, h = min(room - 160, 1500), 440
            top = self.y
            centers = []
            for i, label in enumerate(row):
                x = self.left + room * i + (room - w) // 2
                self.rect(x, top - h, w, h, grey=93 if last else 85)
                self.rect(x, top - h, w, h)
                lines = wrap(label, self.font, 9, w - 80)
                y = top - (h - len(lines) * 110) // 2 - 85
                for line in lines:
                    self.text(x + (w - width(line, self.font, 9)) // 2, y,
                              line, self.font, 9)
                    y -= 110
                centers.append(x + w // 2)
            for a in last or []:
                for b in centers:
                    if n == 1 or len(last) == 1 or a == b:
                        self.arrow(a, top + 340, b, top)
            last = centers
            self.y = top - h - 340
        self.y += 200

    def arrow(self, x1, y1, x2, y2):
        self.line(x1, y1, x2, y2 + 50, 7)
        self.op(f"{num(x2 - 40)} {num(y2 + 70)} m {num(x2 + 40)} "
                f"{num(y2 + 70)} l {num(x2)} {num(y2)} l f")

    # -- the file ----------------------------------------------------------

    def finish(self):
        if len(self.pages) > 1:
            for i, page in enumerate(self.pages):
                if i == 0 and self.cover:
                    continue
                self.out = page
                label = f"- {i + 1} -"
                self.text((self.w - width(label, self.font, 9)) // 2, 450,
                          label, self.font, 9)
        objects = [b"", b""]
        fonts = b""
        for tag, name, _ in FONTS.values():
            if any(b"/" + tag.encode() + b" " in part
                   for page in self.pages for part in page):
                objects.append(
                    f"<</Type/Font/Subtype/Type1/BaseFont/{name}"
                    "/Encoding/WinAnsiEncoding>>".encode())
                fonts += f"/{tag} {len(objects)} 0 R".encode()
        kids = []
        for page in self.pages:
            stream = zlib_stream(b"\n".join(page))
            objects.append(b"<</Filter/FlateDecode/Length %d>>\nstream\n"
                           b"%s\nendstream"
                           % (len(stream), stream))
            objects.append(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s %s]"
                b"/Resources<</Font<<%s>>>>/Contents %d 0 R>>"
                % (num(self.w).encode(), num(self.h).encode(), fonts,
                   len(objects)))
            kids.append(b"%d 0 R" % len(objects))
        stamp = self.date.replace("-", "")
        info = b"<</Title %s/Author %s/Creator %s/CreationDate %s>>" % (
            info_text(self.title), info_text(self.author),
            info_text("Naskah dinas Kota Contoh (fiktif)"),
            info_text(f"D:{stamp}080000+07'00'"))
        objects[0] = b"<</Type/Catalog/Pages 2 0 R/Lang(id)>>"
        objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
            len(kids), b" ".join(kids))
        objects.append(info)
        data = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
        table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        for i, body in enumerate(objects):
            table += b"%010d 00000 n \n" % len(data)
            data += b"%d 0 obj\n%s\nendobj\n" % (i + 1, body)
        return data + table + (
            b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\n"
            b"startxref\n%d\n%%%%EOF\n"
            % (len(objects) + 1, len(objects), len(data)))
