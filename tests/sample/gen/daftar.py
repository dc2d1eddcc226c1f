"""The register that the content modules fill: one entry a file."""

DOCS = []


def doc(file, kind, number, date, signer, title, links, make, covers="",
        years="", klass="", personal="", note="", unit="", valid_from="",
        valid_until=""):
    """
    links: [(indicators, levels, locator)], each one row of evidence.csv.
    make:  entry -> bytes of the file.
    """
    DOCS.append({
        "file": file, "unit": unit or file.split("/")[0], "type": kind,
        "number": number, "date": date, "signer": signer, "title": title,
        "valid_from": valid_from, "valid_until": valid_until,
        "covers": covers, "years": years, "class": klass,
        "personal": personal, "note": note, "links": links, "make": make})
