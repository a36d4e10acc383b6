#!/usr/bin/env python3
"""Draws the pictures and scans beside it, for tests: python3 make.py (needs Pillow and the DejaVu fonts).

Persons, numbers and texts are invented. What each must give stands in `cases.toml`.
"""
import io
import random
import zlib
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).parent / "pictures"
FONTS = "/usr/share/fonts/truetype/dejavu/"
LETTER = """Søndervig Kommune
Borgerservice

Vedr. {name}, CPR-nr. {number}

Kære {name}

Vi har modtaget din henvendelse om ændring af adresse og
sender hermed en kvittering. Du behøver ikke gøre mere.

Har du spørgsmål, er du velkommen til at ringe til os.

Med venlig hilsen
Åse Sørensen"""
PEOPLE = iter(
    [
        ("Karen Holm", "140562-1234"),
        ("Jens Ærø", "031090-1235"),
        ("Ane Bæk", "250771-2346"),
        ("Ole Kær", "190355-3457"),
        ("Ida Lyø", "070888-4568"),
        ("Per Å", "220449-1679"),
        ("Mia Holm", "160993-2780"),
        ("Bo Bæk", "051261-1891"),
        ("Eva Sø", "281077-2902"),
        ("Kaj Lund", "110266-3013"),
        ("Lis Dal", "090183-4124"),
        ("Nis Eg", "300695-1345"),
        ("Åge Bro", "240452-2456"),
        ("Ove Fur", "170379-3567"),
        ("Ib Als", "080260-4678"),
        ("Pia Thy", "190595-1789"),
        ("Max Mors", "111187-2890"),
    ]
)


def letter(dots, size=(5.8, 4.4), points=11, font="DejaVuSerif.ttf", mode="L"):
    """A letter of one page, `dots` to the inch."""
    name, number = next(PEOPLE)
    page = Image.new("L", tuple(int(side * dots) for side in size), 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(FONTS + font, round(points * dots / 72))
    text = LETTER.format(name=name, number=number)
    draw.multiline_text((0.5 * dots, 0.4 * dots), text, 0, font, spacing=0.06 * dots)
    return page.point(lambda grey: 255 * (grey > 140)).convert(mode) if mode == "1" else page


def scanned(page, turn=0.0):
    """As a scanner sees it: not quite straight, a little soft, with dust."""
    chance = random.Random(7)
    page = page.rotate(turn, fillcolor=245, resample=Image.BICUBIC)
    page = page.filter(ImageFilter.GaussianBlur(0.6))
    dots = page.load()
    for _ in range(page.width * page.height // 400):
        dots[chance.randrange(page.width), chance.randrange(page.height)] = chance.randrange(256)
    return page


def pdf(name, pages):
    """Pages of (media box, rotation, contents, pictures by name as (dictionary, octets))."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>".encode(), b""]
    kids = []
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects.append(font)

    def add(octets):
        objects.append(octets)
        return len(objects)

    def stream(dictionary, octets):
        head = f"<< {dictionary} /Length {len(octets)} >>\nstream\n".encode()
        return add(head + octets + b"\nendstream")

    for (width, height), turned, contents, pictures in pages:
        named = {key: stream(f"/Type /XObject /Subtype /Image {said}", octets) for key, (said, octets) in pictures.items()}
        shown = " ".join(f"/{key} {number} 0 R" for key, number in named.items())
        text = stream("", contents.encode("cp1252"))
        kids.append(
            add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Rotate {turned} /Contents {text} 0 R"
                f" /Resources << /XObject << {shown} >> /Font << /F 3 0 R >> >> >>".encode()
            )
        )
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>".encode()
    file = io.BytesIO()
    file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, octets in enumerate(objects, 1):
        places.append(file.tell())
        file.write(f"{number} 0 obj\n".encode() + octets + b"\nendobj\n")
    start = file.tell()
    file.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    for place in places:
        file.write(f"{place:010} 00000 n \n".encode())
    file.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    (HERE / name).write_bytes(file.getvalue())


def size(page):
    return f"/Width {page.width} /Height {page.height}"


def jpeg(page, quality=30):
    octets = io.BytesIO()
    page.save(octets, "JPEG", quality=quality)
    return f"{size(page)} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode", octets.getvalue()


def fax(page):
    octets = io.BytesIO()
    page.save(octets, "TIFF", compression="group4")
    with Image.open(octets) as tiff:
        at, length = tiff.tag_v2[273][0], sum(tiff.tag_v2[279])
        black_is_one = "true" if tiff.tag_v2[262] == 1 else "false"
    parameters = f"/DecodeParms << /K -1 /Columns {page.width} /Rows {page.height} /BlackIs1 {black_is_one} >>"
    said = f"{size(page)} /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode {parameters}"
    return said, octets.getvalue()[at : at + length]


def packed(page, said="/ColorSpace /DeviceGray /BitsPerComponent 8"):
    return f"{size(page)} {said} /Filter /FlateDecode", zlib.compress(page.tobytes(), 9)


def drawn(page, dots, key="P", x=0.0, y=0.0):
    """The instructions that draw a picture at its size."""
    width, height = page.width * 72 / dots, page.height * 72 / dots
    return f"q {width:.2f} 0 0 {height:.2f} {x:.2f} {y:.2f} cm /{key} Do Q\n"


def box(page, dots):
    return round(page.width * 72 / dots), round(page.height * 72 / dots)


def main():
    HERE.mkdir(exist_ok=True)
    letter(200, mode="1").save(HERE / "brev.png")
    scanned(letter(150)).save(HERE / "brev.jpg", quality=35)
    letter(150, mode="1").save(HERE / "brev.gif")
    letter(150, mode="1").save(HERE / "brev.bmp")
    letter(150).save(HERE / "brev.webp", quality=30)
    empty = Image.new("1", (870, 660), 1)
    ImageDraw.Draw(empty).text((80, 80), "Bilag", 0, ImageFont.truetype(FONTS + "DejaVuSans.ttf", 40))
    empty.save(HERE / "brev.tif", compression="group4", save_all=True, append_images=[letter(150, mode="1")])
    letter(150, mode="1").rotate(90, expand=True).save(HERE / "paa_siden.png")
    # What a screen shows: small letters, on grey.
    shot = letter(96, points=10.5, font="DejaVuSans.ttf").point(lambda grey: 20 + grey * 220 // 255)
    shot.save(HERE / "skaermbillede.png")

    page = scanned(letter(150), 1.5)
    pdf("scan.pdf", [(box(page, 150), 0, drawn(page, 150), {"P": jpeg(page)})])
    page = letter(200, mode="1")
    pdf("fax.pdf", [((419, 595), 0, "", {}), (box(page, 200), 0, drawn(page, 200), {"P": fax(page)})])
    # Stored on its side, and turned by the page.
    page = letter(150).rotate(90, expand=True)
    pdf("vendt.pdf", [(box(page, 150), 90, drawn(page, 150), {"P": packed(page)})])
    # Cut into strips of eight rows, as some scanners do; each is too low to show anything.
    page = letter(150)
    strips, contents = {}, ""
    for top in range(0, page.height, 8):
        strip = page.crop((0, top, page.width, min(top + 8, page.height)))
        strips[f"S{top}"] = packed(strip)
        contents += drawn(strip, 150, f"S{top}", 0, (page.height - top - strip.height) * 72 / 150)
    pdf("strimler.pdf", [(box(page, 150), 0, contents, strips)])
    # Pasted into a page of text.
    page = letter(150)
    words = "BT /F 11 Tf 50 780 Td (Herunder er indsat et billede af det brev, som borgeren har modtaget.) Tj ET\n"
    pdf("indsat.pdf", [((595, 842), 0, words + drawn(page, 150, "P", 60, 300), {"P": jpeg(page)})])

    # Films, of which Tesseract reads the first frame and nobody the second.
    frames = [letter(150) for _ in range(3)]
    second = letter(150)
    for frame, name in zip(frames, ["film.gif", "film.png", "film.webp"]):
        frame.save(HERE / name, save_all=True, append_images=[second], duration=500)

    # Nothing to read: a logo, and something like a photograph.
    logo = Image.new("RGB", (120, 40), (0, 80, 140))
    ImageDraw.Draw(logo).text((8, 8), "Søndervig", "white", ImageFont.truetype(FONTS + "DejaVuSans.ttf", 20))
    logo.save(HERE / "logo.png")
    photo = Image.effect_noise((400, 300), 60).filter(ImageFilter.GaussianBlur(3))
    photo.save(HERE / "foto.jpg", quality=40)


main()
