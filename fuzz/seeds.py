#!/usr/bin/env python3
"""Derives the seeds of each target, and a dictionary, from what the repository has: its test cases, the demo, its sources.

Nothing here is kept: `fuzz/corpus` is not under version control. Run it again at any time; what the fuzzer found stays.
"""

import email
import hashlib
import io
import json
import re
import struct
import tomllib
import zipfile
from email import policy
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "fuzz" / "corpus"
MARK = b"\xff@@"
# Longer seeds slow the fuzzer down more than they teach it.
LONGEST = 40_000

PDF, ZIP, COMPOUND, AS_IT_IS = (bytes([kind]) for kind in (0x50, 0x51, 0x52, 0x53))


def keep(target, seed):
    if 0 < len(seed) <= LONGEST:
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


def pieces(parts):
    return b"".join(MARK + name.encode() + b"\n" + octets for name, octets in parts)


def file(octets):
    """A file: as it is, and its parts where it is a container that is known."""
    keep("file", octets)
    keep("document", AS_IT_IS + octets)
    try:
        if octets.startswith(b"PK"):
            archive = zipfile.ZipFile(io.BytesIO(octets))
            keep("document", ZIP + pieces([(n, archive.read(n)) for n in archive.namelist()]))
        elif octets.startswith(b"\xd0\xcf\x11\xe0"):
            keep("document", COMPOUND + pieces(compound(octets)))
        elif octets.startswith(b"%PDF"):
            keep("document", PDF + pieces(pdf(octets)))
    except Exception as error:  # A broken container is a seed as it is.
        print("as it is:", error)


def compound(octets):
    """The streams of a compound file (MS-CFB)."""
    shift, = struct.unpack_from("<H", octets, 30)
    size = 1 << shift
    sector = lambda number: octets[(number + 1) * size : (number + 2) * size]
    numbers = lambda part: struct.unpack("<%dI" % (len(part) // 4), part)
    lists = [number for number in struct.unpack_from("<109I", octets, 76) if number < 0xFFFFFFF0]
    table = [number for one in lists for number in numbers(sector(one))]

    def chain(first, table, sector):
        parts = []
        while first < len(table) and len(parts) < 10_000:
            parts.append(sector(first))
            first = table[first]
        return b"".join(parts)

    directory, = struct.unpack_from("<I", octets, 48)
    small_first, = struct.unpack_from("<I", octets, 60)
    directory = chain(directory, table, sector)
    small_table = numbers(chain(small_first, table, sector))
    entries = [directory[at : at + 128] for at in range(0, len(directory), 128)]
    tell = lambda entry: struct.unpack_from("<IQ", entry, 116)
    small = chain(tell(entries[0])[0], table, sector)
    found = []

    def walk(number, above):
        if number >= len(entries):
            return
        entry = entries[number]
        length, kind = struct.unpack_from("<HB", entry, 64)
        name = entry[: max(length - 2, 0)].decode("utf-16-le", "replace")
        name = above + name.replace("\1", "~1").replace("\5", "~5")
        left, right, child = struct.unpack_from("<3I", entry, 68)
        walk(left, above)
        if kind == 2:
            first, long = tell(entry)
            if long < 4096:
                stream = chain(first, small_table, lambda one: small[one * 64 : one * 64 + 64])
            else:
                stream = chain(first, table, sector)
            found.append((name, stream[:long]))
        elif kind == 1:
            walk(child, name + "/")
        walk(right, above)

    walk(struct.unpack_from("<I", entries[0], 76)[0], "")
    return found


def pdf(octets):
    """The objects of a PDF file, in the order of their numbers."""
    objects = {}
    for match in re.finditer(rb"(\d+) \d+ obj\s(.*?)\sendobj", octets, re.S):
        number, text = int(match[1]), match[2]
        stream = re.match(rb"<<(.*?)>>\s*stream\r?\n(.*)\nendstream", text, re.S)
        if stream and b"\n" not in stream[1]:
            entries = re.sub(rb"/Length \d+", b"", stream[1])
            objects[number] = (("s" + entries.decode("latin-1")), stream[2])
        else:
            objects[number] = ("", text)
    return [objects.get(number, ("", b"null")) for number in range(1, max(objects) + 1)]


def messages():
    for path in [*ROOT.glob("tests/mime/*/*.eml"), *ROOT.glob("demo/**/*.eml")]:
        octets = path.read_bytes()
        keep("message", octets)
        keep("suspect", octets)
        for part in email.message_from_bytes(octets, policy=policy.compat32).walk():
            if not part.is_multipart():
                try:
                    file(part.get_payload(decode=True) or b"")
                except Exception as error:
                    print("passed over:", path.name, error)


def files():
    for folder in ("tests/extract", "tests/office/fixtures"):
        for path in (ROOT / folder).iterdir():
            if path.is_file() and path.suffix not in (".toml", ".rs"):
                file(path.read_bytes())


def elements():
    """The XML and the instructions of pages that the tests of documents write, each where its reader reads it."""
    word, excel = "wordprocessingml.document.main", "spreadsheetml.sheet.main"
    types = "<Types><Override PartName='/%s' ContentType='application/vnd.openxmlformats-officedocument.%s+xml'/></Types>"
    for path in ROOT.glob("tests/office/*.rs"):
        for text in literals(path.read_text(), '"'):
            text = text.replace(b"{}", b"010160-1234").replace(b"{{", b"{")
            if not 12 < len(text) < 3000:
                continue
            parts = []
            if b"<w:" in text or b"<a:" in text or b"<v:" in text:
                text = b"<w:document><w:p>" + text + b"</w:p></w:document>"
                kind = types % ("word/document.xml", word)
                parts = [("[Content_Types].xml", kind.encode()), ("word/document.xml", text)]
            elif b"<c " in text or b"<row" in text or b"<si>" in text or b"numFmt" in text:
                kind = types % ("xl/workbook.xml", excel)
                book = b"<workbook><sheets><sheet name='A' sheetId='1' r:id='rId1'/></sheets></workbook>"
                link = b"<Relationships><Relationship Id='rId1' Type='http://x/worksheet' Target='worksheets/sheet1.xml'/></Relationships>"
                sheet = b"<worksheet><sheetData>" + text + b"</sheetData></worksheet>"
                parts = [("[Content_Types].xml", kind.encode()), ("xl/workbook.xml", book)]
                parts += [("xl/_rels/workbook.xml.rels", link), ("xl/worksheets/sheet1.xml", sheet)]
                parts += [("xl/sharedStrings.xml", b"<sst>" + text + b"</sst>")]
                parts += [("xl/styles.xml", b"<styleSheet><numFmts>" + text + b"</numFmts></styleSheet>")]
            elif b"<text:" in text or b"<table:" in text or b"<draw:" in text:
                mimetype = b"application/vnd.oasis.opendocument.text"
                content = b"<office:document-content><office:spreadsheet>" + text
                parts = [("mimetype", mimetype), ("content.xml", content)]
            if parts:
                keep("document", ZIP + pieces(parts))
            if path.name.startswith("pdf"):
                page(text)


def page(text):
    objects = [("", b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> /Names << /EmbeddedFiles 6 0 R >> >>")]
    objects.append(("", b"<< /Type /Pages /Kids [4 0 R] /Count 1 /MediaBox [0 0 595 842] >>"))
    objects.append(("", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"))
    resources = b"/Resources << /Font << /F1 3 0 R >> /XObject << /X0 6 0 R >> >>"
    objects.append(("", b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Annots [6 0 R] " + resources + b" >>"))
    if text.startswith(b"<<"):
        objects += [("s", b"BT /F1 12 Tf 50 700 Td (010160-1234) Tj ET /X0 Do"), ("", text)]
    elif b" Tj" in text or b"BT" in text or b" Td" in text:
        objects += [("s", text), ("s/Type /XObject /Subtype /Form /BBox [0 0 600 800]", text)]
    elif b"begincmap" in text or b"/Type" in text:
        objects += [("s", b"BT /F1 12 Tf 50 700 Td <0102> Tj ET"), ("s" + text.decode("latin-1")[:250].replace("\n", " "), text)]
    else:
        return
    keep("document", PDF + pieces(objects))


def drawings():
    """Metafiles (MS-EMF, MS-WMF) with a line of text in two runs, whose records the tests of the readers have only in code."""
    text = "CPR 120352", "-1234"
    emf = b""
    for at, run in enumerate(text):
        octets = run.encode("utf-16-le")
        octets += bytes(-len(octets) % 4)
        record = bytes(16) + struct.pack("<I2f2i", 1, 1, 1, 900 * at, 50)
        record += struct.pack("<3I4iI", len(run), 76, 0, 0, 0, 0, 0, 0) + octets
        emf += struct.pack("<2I", 84, 8 + len(record)) + record
    emf += struct.pack("<5I", 14, 20, 0, 16, 20)
    size = 88 + len(emf)
    head = struct.pack("<2I", 1, 88) + struct.pack("<8i", 0, 0, 999, 99, 0, 0, 9999, 999) + b" EMF"
    head += struct.pack("<3I2H3I", 0x10000, size, 4, 1, 0, 0, 0, 0) + struct.pack("<4i", 1000, 1000, 300, 300)
    file(head + emf)
    wmf = b""
    for at, run in enumerate(text):
        octets = run.encode() + bytes(len(run) % 2)
        record = struct.pack("<H", len(run)) + octets + struct.pack("<2h", 50, 900 * at)
        wmf += struct.pack("<IH", 3 + len(record) // 2, 0x521) + record
    wmf += struct.pack("<IH", 3, 0)
    wmf = struct.pack("<3HIHIH", 1, 9, 0x300, 9 + len(wmf) // 2, 0, 20, 0) + wmf
    file(wmf)
    placed = struct.pack("<IH4hHI", 0x9AC6CDD7, 0, 0, 0, 999, 99, 96, 0)
    check = 0
    for word, in struct.iter_unpack("<H", placed):
        check ^= word
    file(placed + struct.pack("<H", check) + wmf)


def texts():
    for path in ROOT.glob("corpus/*/*.jsonl"):
        for number, line in enumerate(path.read_text().splitlines()):
            if number % 12 == 0 and (text := json.loads(line).get("text")):
                keep("text", b"\0" + text.encode()[:3000])
    for path in ROOT.glob("tests/extract/*.txt"):
        for kind in range(8):
            keep("text", bytes([kind]) + path.read_bytes())
    for path in ROOT.glob("tests/detect/*.toml"):
        for text in list(literals(path.read_text(), '"'))[::3]:
            keep("text", b"\0" + text)


def dialogues():
    for path in ROOT.glob("tests/smtp/transcripts/*.txt"):
        lines = path.read_text().splitlines()
        said = lambda who: b"".join(
            unescaped(line[3:].removesuffix("\\")) + (b"" if line.endswith("\\") else b"\r\n")
            for line in lines
            if line.startswith(who + ": ")
        )
        # With pieces, over LMTP, with TLS offered, required, and there with passwords; or with nothing.
        for offers in (0x1F, 0x3F, 0x5F, 0xDF, 0x9F, 0x00):
            keep("session", bytes([offers, 7]) + said("C"))
        keep("reply", b"\5" + said("S"))
    for sequence in literals((ROOT / "tests/smtp/smuggling.rs").read_text(), '"'):
        message = b"HELO x\r\nMAIL FROM:<a@b.dk>\r\nRCPT TO:<c@d.dk>\r\nDATA\r\na" + unescaped(sequence.decode("latin-1"))
        keep("session", bytes([0x0F, 9]) + message + b"\r\n.\r\nQUIT\r\n")
        keep("reply", b"\4" + message)


def headers():
    for case in tomllib.loads((ROOT / "tests/smtp/proxy.toml").read_text())["case"]:
        keep("proxy", unescaped(case["header"]))


def unescaped(text):
    return text.encode("latin-1", "replace").decode("unicode_escape", "replace").encode("latin-1", "replace")


def literals(source, quote):
    """The string literals of a source in Rust or TOML, as octets."""
    for match in re.finditer(r'"((?:[^"\\]|\\.)*)"', source, re.S):
        text = re.sub(r"\\\n\s*", "", match[1])
        text = re.sub(r"\\u\{([0-9A-Fa-f]+)\}", lambda it: chr(int(it[1], 16)), text)
        escapes = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
        whole = re.sub(
            r"\\(x[0-9A-Fa-f]{2}|.)",
            lambda it: chr(int(it[1][1:], 16)) if len(it[1]) == 3 else escapes.get(it[1], it[1]),
            text,
        )
        high = "\\x" in text
        yield whole.encode("latin-1", "replace") if high else whole.encode()


def dictionary(target, folders, more=()):
    """Words that readers look for, out of their sources."""
    words = set(more)
    for folder in folders:
        for path in (ROOT / "src").glob(folder):
            code = path.read_text().split("#[cfg(test)]")[0]
            code = "\n".join(line for line in code.splitlines() if not line.lstrip().startswith("//"))
            words.update(word for word in literals(code, '"') if 2 <= len(word) <= 40)
    told = ("".join("\\x%02X" % octet for octet in word) for word in sorted(words))
    (CORPUS / f"{target}.dict").write_text("".join(f'"{word}"\n' for word in told))


CORPUS.mkdir(exist_ok=True)
messages()
files()
elements()
drawings()
texts()
dialogues()
headers()
named = [MARK + name + b"\n" for name in (b"word/document.xml", b"content.xml", b"Workbook", b"WordDocument", b"1Table", b"s", b"")]
named += [b"\xff@@xl/worksheets/sheet1.xml\n", b"\xff@@PowerPoint Document\n", b"\xff@@__substg1.0_1000001F\n", b"\xff@@~1Ole10Native\n"]
dictionary("suspect", ["mime/**/*.rs"])
dictionary("message", ["mime/**/*.rs", "extract/message/*.rs", "extract/*.rs"])
dictionary("file", ["extract/*.rs", "extract/[!op]*/**/*.rs", "extract/outlook/*.rs", "mime/charset.rs"], [b"\x54\0\0\0", b" EMF", b"EMF+", b"\x21\x05", b"\x32\x0A"])
dictionary("document", ["extract/office.rs", "extract/o*/**/*.rs", "extract/pdf/**/*.rs", "extract/compound/*.rs"], named)
dictionary("text", ["detect/**/*.rs"])
dictionary("session", ["smtp/**/*.rs", "mail/*.rs"], [b"STARTTLS\r\n\xff\xff", b"BDAT 5 LAST\r\n", b"\r\n.\r\n", b"\r\n", b"\n.\n", b"<a@b.dk>"])
dictionary("reply", ["smtp/**/*.rs"], [b"\r\n.\r\n", b"250-", b"250 ", b"\r\n"])
dictionary("proxy", ["accept/proxy.rs"], [b"\r\n\r\n\0\r\nQUIT\n", b"PROXY TCP4 ", b"PROXY TCP6 ", b"PROXY UNKNOWN", b"\r\n"])
for target in sorted(path for path in CORPUS.iterdir() if path.is_dir()):
    print(target.name, sum(1 for _ in target.iterdir()), "seeds and cases")
