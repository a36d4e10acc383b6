#!/usr/bin/env python3
"""Makes the messages of `sluse demo`, once, with the programs office workers' documents come from.

    pip install python-docx openpyxl reportlab && python3 make.py

Everybody and everything in them is invented. The CPR numbers belong to nobody: their birth dates lie before 2000, no
date is 1 January, and none satisfies modulus 11, which every number issued for such a date does.
"""
import datetime, io, os, zipfile
from email.message import EmailMessage
from email import policy

HERE = os.path.dirname(os.path.abspath(__file__))
WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def cpr(date, serial):
    """A number nobody has: the next serial from this one on that fails modulus 11."""
    while sum(int(d) * w for d, w in zip(date + "%04d" % serial, WEIGHTS)) % 11 == 0:
        serial += 1
    return date + "-%04d" % serial


def message(name, subject, text, to, sender="Mette Holm <meho@kommune.example>", html=None, files=(), raw=None):
    m = EmailMessage(policy=policy.SMTP)
    m["From"], m["To"], m["Subject"] = sender, to, subject
    m["Date"], m["Message-ID"] = "Mon, 16 Nov 2026 09:12:00 +0100", f"<{name}@kommune.example>"
    m.set_content(text)
    if html:
        m.add_alternative(html, subtype="html")
    for file, kind, data in files:
        main, sub = kind.split("/")
        if kind == "message/rfc822":
            m.add_attachment(data, filename=file)
        else:
            m.add_attachment(data, maintype=main, subtype=sub, filename=file)
    for n, part in enumerate(m.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{name}_{n}")
    with open(f"{HERE}/{name}.eml", "wb") as f:
        f.write(raw(bytes(m)) if raw else bytes(m))


def docx(paragraphs, comment=None):
    import docx
    d = docx.Document()
    for p in paragraphs:
        last = d.add_paragraph(p)
    if comment:
        d.add_comment(last.runs, text=comment, author="Sagsbehandler", initials="SB")
    out = io.BytesIO(); d.save(out)
    return out.getvalue()


def xlsx(sheets):
    import openpyxl
    w = openpyxl.Workbook(); w.remove(w.active)
    for title, rows, hidden in sheets:
        s = w.create_sheet(title)
        for r in rows:
            s.append(r)
        s.sheet_state = "hidden" if hidden else "visible"
    out = io.BytesIO(); w.save(out)
    return out.getvalue()


def pdf(lines):
    from reportlab.pdfgen import canvas
    out = io.BytesIO(); c = canvas.Canvas(out, invariant=1)
    for n, line in enumerate(lines):
        c.drawString(72, 780 - 18 * n, line)
    c.showPage(); c.save()
    return out.getvalue()


def archive(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files:
            z.writestr(zipfile.ZipInfo(name, (2026, 11, 16, 9, 0, 0)), data)
    return out.getvalue()


def locked(data):
    """Sets the flag of encryption of every entry: what a mail guard sees of a password-protected archive."""
    b = bytearray(data)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = b.find(signature)
        while at >= 0:
            b[at + flags] |= 1
            at = b.find(signature, at + 4)
    return bytes(b)


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HILSEN = "\n\nVenlig hilsen\nMette Holm\nBorgerservice\n"
CITIZEN = "Karen Lund <karen@borger.example>"
LAWYER = "Advokat Bo Krog <bk@advokat.example>"

a, b, c = cpr("140562", 1234), cpr("230478", 2106), cpr("070191", 3412)
pupils = [("Asta Brandt", cpr("040395", 2210)), ("Viggo Holt", cpr("190296", 1187)), ("Liv Dam", cpr("301197", 3054)),
          ("Noa Riis", cpr("150298", 2893)), ("Ida Fog", cpr("220899", 1466))]

message("01-clean", "Åbningstider i uge 47", "Kære Karen\n\nVi har åbent til kl. 18 på torsdag. Ring på 20 14 03 62, hvis du får brug for en anden tid." + HILSEN, CITIZEN)
message("02-clean-document", "Dagsorden til onsdag", "Hej Bo\n\nHer er dagsordenen." + HILSEN, LAWYER,
        files=[("dagsorden.docx", DOCX, docx(["Dagsorden", "1. Siden sidst", "2. Lokalplan 4.12, sagsnr. 150324-0091", "3. Eventuelt"]))])
message("03-look-alikes", "Faktura 310526-1187", "Vedhæftet faktura 310526-1187. Betales til reg.nr. 0759 kontonr. 1203710549.\nP-nummer 1007214231, CVR 29189854, EAN 5798004412347." + HILSEN,
        "bogholderi@leverandoer.example", files=[("faktura.pdf", "application/pdf", pdf(["Faktura 310526-1187", "Ordrenr. 240985-1730", "Beloeb 8.440,00 kr.", "+71<000301124785612+84512367<"]))])
message("04-colleague", "Opslag", f"Hej Lis\n\nKan du slå {a} op for mig?" + HILSEN, "Lis Bang <lba@kommune.example>")
message("05-text", "Din ansøgning", f"Kære Karen\n\nVi har modtaget din ansøgning. CPR-nr. {a}." + HILSEN, CITIZEN)
message("06-html", "Kvittering", "Se den formaterede udgave." + HILSEN, CITIZEN,
        html=f"<html><body><p>K&aelig;re Karen</p><table><tr><th>Navn</th><th>CPR</th></tr><tr><td>Karen Lund</td><td>{b[:4]}<b>{b[4:6]}</b>&#8209;{b[7:]}</td></tr></table></body></html>")
message("07-docx-comment", "Udkast til afgørelse", "Hej Bo\n\nHer er udkastet." + HILSEN, LAWYER,
        files=[("udkast.docx", DOCX, docx(["Afgørelse om aktindsigt", "Anmodningen imødekommes delvist."], comment=f"Gælder også cpr {c}, ring først."))])
message("08-xlsx-hidden-sheet", "Klasseliste", "Hej\n\nHer er listen til lejrskolen." + HILSEN, "booking@lejrskole.example",
        files=[("klasseliste.xlsx", XLSX, xlsx([("Oversigt", [["Elev", "Hold"]] + [[n, "7.a"] for n, _ in pupils], False),
                                                  ("Data", [["Elev", "CPR-nummer"]] + [list(p) for p in pupils], True)]))])
message("09-pdf", "Lægeerklæring", "Hej Bo\n\nErklæringen er vedhæftet." + HILSEN, LAWYER,
        files=[("erklaering.pdf", "application/pdf", pdf(["Erklaering", f"Personnummer: {b}", "Udstedt den 16. november 2026"]))])
message("10-zip-in-zip", "Udtræk", "Hej\n\nUdtrækket ligger i zip-filen." + HILSEN, "support@leverandoer.example",
        files=[("udtraek.zip", "application/zip", archive([("indre.zip", archive([("borgere.csv", f"navn;cpr\nKaren Lund;{a.replace('-', '')}\nOle Friis;{c.replace('-', '')}\n".encode("latin-1"))]))]))])
message("11-subject", f"Vedr. {a}", "Kære Karen\n\nVi vender tilbage i næste uge." + HILSEN, CITIZEN)
message("12-locked-zip", "Fortroligt", "Hej Bo\n\nKoden kommer i en sms." + HILSEN, LAWYER,
        files=[("fortroligt.zip", "application/zip", locked(archive([("sag.txt", b"\x8f\x11\x02\x9c" * 20)])))])
inner = EmailMessage(policy=policy.SMTP)
inner["From"], inner["To"], inner["Subject"] = "ole@borger.example", "borgerservice@kommune.example", "Flytning"
inner["Date"], inner["Message-ID"] = "Sun, 15 Nov 2026 20:01:00 +0100", "<flytning@borger.example>"
inner.set_content(f"Hej\n\nJeg er flyttet. Mit personnummer er {c}.\n\nOle Friis\n", cte="base64")
message("13-forwarded", "VS: Flytning", "Hej\n\nTager I den?" + HILSEN, "post@nabokommune.example", files=[("flytning.eml", "message/rfc822", inner)])
