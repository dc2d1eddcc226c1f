"""Spreadsheets: the smallest parts a reader accepts, stored, fixed dates."""

import io
import zipfile
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NS = "http://schemas.openxmlformats.org/"
_REL = _NS + "officeDocument/2006/relationships"
_MAIN = _NS + "spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _cell(ref, value, style):
    mark = f' s="{style}"' if style else ""
    if isinstance(value, int):
        return f'<c r="{ref}"{mark}><v>{value}</v></c>'
    return (f'<c r="{ref}"{mark} t="inlineStr"><is><t xml:space="preserve">'
            f"{escape(value)}</t></is></c>")


def _sheet(rows, header, widths):
    cols = "".join(
        f'<col min="{i}" max="{i}" width="{w}" customWidth="1"/>'
        for i, w in enumerate(widths, 1))
    body = ""
    for r, cells in enumerate(rows, 1):
        style = 1 if r == 1 else 2 if r == header else 0
        body += f'<row r="{r}">' + "".join(
            _cell(f"{chr(65 + c)}{r}", v, style or 3 * isinstance(v, int))
            for c, v in enumerate(cells)) + "</row>"
    return (f'{_HEAD}<worksheet xmlns="{_MAIN}"><cols>{cols}</cols>'
            f"<sheetData>{body}</sheetData></worksheet>")


_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/>'
    '<name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/>'
    '</font></fonts><fills count="3"><fill><patternFill patternType="none"/>'
    '</fill><fill><patternFill patternType="gray125"/></fill><fill>'
    '<patternFill patternType="solid"><fgColor rgb="FFD9E2F3"/></patternFill>'
    '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/>'
    '<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" '
    'fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" '
    'applyFont="1"/><xf numFmtId="0" fontId="1" fillId="2" borderId="0" '
    'xfId="0" applyFont="1" applyFill="1"/><xf numFmtId="3" fontId="0" '
    'fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>")


def xlsx(title, author, date, sheets):
    """sheets: [(name, widths, header row number, rows)]."""
    numbers = range(1, len(sheets) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" '
        f'ContentType="{_TYPE}.worksheet+xml"/>' for i in numbers)
    rels = "".join(
        f'<Relationship Id="rId{i}" Type="{_REL}/worksheet" '
        f'Target="worksheets/sheet{i}.xml"/>' for i in numbers)
    names = "".join(
        f'<sheet name="{escape(s[0])}" sheetId="{i}" r:id="rId{i}"/>'
        for i, s in enumerate(sheets, 1))
    core = _NS + "package/2006/"
    parts = [
        ("[Content_Types].xml",
         f'{_HEAD}<Types xmlns="{core}content-types"><Default Extension="rels"'
         ' ContentType="application/vnd.openxmlformats-package.relationships'
         '+xml"/><Default Extension="xml" ContentType="application/xml"/>'
         f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.'
         f'main+xml"/><Override PartName="/xl/styles.xml" ContentType="{_TYPE}'
         '.styles+xml"/><Override PartName="/docProps/core.xml" ContentType='
         '"application/vnd.openxmlformats-package.core-properties+xml"/>'
         f"{types}</Types>"),
        ("_rels/.rels",
         f'{_HEAD}<Relationships xmlns="{core}relationships"><Relationship '
         f'Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/>'
         f'<Relationship Id="rId2" Type="{core}relationships/metadata/'
         'core-properties" Target="docProps/core.xml"/></Relationships>'),
        ("xl/workbook.xml",
         f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{names}'
         "</sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels",
         f'{_HEAD}<Relationships xmlns="{core}relationships">{rels}'
         f'<Relationship Id="rId{len(sheets) + 1}" Type="{_REL}/styles" '
         'Target="styles.xml"/></Relationships>'),
        ("xl/styles.xml", _STYLES),
        ("docProps/core.xml",
         f'{_HEAD}<cp:coreProperties xmlns:cp="{core}metadata/core-properties"'
         ' xmlns:dc="http://purl.org/dc/elements/1.1/" '
         'xmlns:dcterms="http://purl.org/dc/terms/" '
         'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
         f"<dc:title>{escape(title)}</dc:title>"
         f"<dc:creator>{escape(author)}</dc:creator>"
         f'<dcterms:created xsi:type="dcterms:W3CDTF">{date}T01:00:00Z'
         "</dcterms:created></cp:coreProperties>"),
    ]
    for i, (_, widths, header, rows) in enumerate(sheets, 1):
        parts.append((f"xl/worksheets/sheet{i}.xml",
                      _sheet(rows, header, widths)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
        for name, text in parts:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            z.writestr(info, text.encode("utf-8"))
    return out.getvalue()
