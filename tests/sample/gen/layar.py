"""Pictures of screens, a certificate, a meeting: all of made-up things."""

from naskah import OFFICES, long_date
from raster import Canvas, text_width

WHITE, INK, BLUE, PALE, GREY, GREEN, AMBER, LIGHT, DARK, SKIN, WOOD, WALL = \
    range(12)
PALETTE = [(255, 255, 255), (34, 40, 49), (32, 78, 140), (232, 238, 247),
           (150, 158, 170), (38, 128, 78), (196, 128, 24), (206, 216, 230),
           (58, 66, 80), (196, 150, 120), (134, 98, 66), (222, 214, 198)]
SITE = "https://layanan.kota-contoh.example/"


def _centered(c, y, text, colour, scale=1):
    c.text((c.w - text_width(text, scale)) // 2, y, text, colour, scale)


def screen(d, app, path, menu, heading, header, rows, widths, buttons=(),
           site=SITE, note="", size=(480, 300)):
    """A browser window: address, application, menu, table, date."""
    c = Canvas(*size, PALETTE, WHITE)
    c.rect(0, 0, c.w, 24, LIGHT)
    for i, colour in enumerate((AMBER, GREEN, BLUE)):
        c.disc(10 + i * 12, 12, 3, colour)
    c.rect(48, 5, c.w - 56, 14, WHITE)
    c.frame(48, 5, c.w - 56, 14, GREY)
    c.text(54, 8, site + path, INK)
    c.rect(0, 24, c.w, 26, BLUE)
    c.text(10, 29, app, WHITE, 2)
    c.rect(0, 50, 92, c.h - 66, PALE)
    for i, name in enumerate(menu):
        if i == 0:
            c.rect(0, 56, 92, 15, LIGHT)
        c.text(8, 60 + i * 17, name, BLUE if i == 0 else DARK)
    c.text(102, 58, heading, INK)
    c.rect(102, 69, c.w - 112, 1, GREY)
    left, y = 102, 76
    room = c.w - 112
    cols = [w * room // sum(widths) for w in widths]
    for r, cells in enumerate([header] + rows):
        c.rect(left, y, sum(cols), 15, LIGHT if r == 0 else
               PALE if r % 2 == 0 else WHITE)
        x = left
        for w, cell in zip(cols, cells):
            colour = INK
            if cell in ("Disetujui", "Selesai", "Terbit", "Terhubung", "200"):
                colour = GREEN
            elif cell in ("Diproses", "Menunggu", "Verifikasi"):
                colour = AMBER
            c.text(x + 4, y + 3, cell, colour)
            x += w
        c.rect(left, y + 15, sum(cols), 1, LIGHT)
        y += 16
    x = left
    for name in buttons:
        w = text_width(name) + 14
        c.rect(x, y + 8, w, 15, BLUE)
        c.text(x + 7, y + 11, name, WHITE)
        x += w + 8
    if note:
        c.text(left, y + 32, note, DARK)
    c.rect(0, c.h - 16, c.w, 16, DARK)
    owner = OFFICES[d["unit"]][0]
    if text_width(owner) > c.w // 2:
        owner = d["unit"].upper()
    c.text(8, c.h - 13, f"{owner} - Kota Contoh", WHITE)
    stamp = f"{long_date(d['date'])} 09.14 WIB"
    c.text(c.w - text_width(stamp) - 8, c.h - 13, stamp, WHITE)
    return c


def certificate(d, heading, lines, office):
    c = Canvas(456, 304, PALETTE, WHITE)
    c.frame(8, 8, c.w - 16, c.h - 16, AMBER)
    c.rect(12, 12, c.w - 24, 3, BLUE)
    c.rect(12, c.h - 15, c.w - 24, 3, BLUE)
    _centered(c, 30, heading, BLUE, 3)
    _centered(c, 66, "Nomor " + d["number"], DARK)
    y = 90
    for row, scale in lines:
        _centered(c, y, row, INK, scale)
        y += 14 + 9 * scale
    _centered(c, 216, f"Kota Contoh, {long_date(d['date'])}", INK)
    _centered(c, 230, office, INK)
    c.disc(c.w // 2 - 60, 256, 14, LIGHT)
    c.disc(c.w // 2 - 60, 256, 9, WHITE)
    _centered(c, 252, "ttd.", INK)
    return c


def meeting(d, banner, caption):
    """A forum seen from the back row: no faces."""
    c = Canvas(448, 296, PALETTE, WALL)
    c.rect(0, 214, c.w, 82, WOOD)
    c.rect(96, 20, 256, 116, DARK)
    c.rect(102, 26, 244, 104, WHITE)
    for i, (row, scale) in enumerate(banner):
        c.text(102 + (244 - text_width(row, scale)) // 2, 40 + i * 26, row,
               BLUE, scale)
    c.rect(40, 164, 368, 12, LIGHT)
    c.rect(40, 176, 368, 44, GREY)
    for i in range(6):
        x = 66 + i * 62
        c.disc(x, 152, 9, INK)
        c.rect(x - 12, 160, 24, 8, BLUE)
    for i in range(7):
        x = 36 + i * 63
        c.disc(x, 222, 15, INK)
        c.rect(x - 24, 238, 48, 40, GREEN if i % 3 == 0 else DARK)
        c.disc(x - 14, 242, 10, GREEN if i % 3 == 0 else DARK)
        c.disc(x + 14, 242, 10, GREEN if i % 3 == 0 else DARK)
    c.rect(0, 278, c.w, 18, INK)
    c.text(8, 282, caption, WHITE)
    return c
