"""A next hop made with aiosmtpd: PORT FOLDER. Each message becomes N.eml there, and N.json beside it once it is whole.

It refuses `nobody@` for good and `later@` for now, and sorts out whoever claims to be refused at the end of the message."""

import json
import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

# Messages may have longer lines than RFC 5321 allows; whether to refuse them is not the question here.
SMTP.line_length_limit = 1 << 20

port, folder = int(sys.argv[1]), Path(sys.argv[2])


class Keeper:
    def __init__(self):
        self.kept = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("later@"):
            return "450 4.2.1 Come again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        if b"Subject: afvis mig" in envelope.original_content:
            return "554 5.6.0 Not this one"
        name = folder / str(self.kept)
        self.kept += 1
        name.with_suffix(".eml").write_bytes(envelope.original_content)
        told = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "options": envelope.mail_options,
        }
        name.with_suffix(".part").write_text(json.dumps(told))
        name.with_suffix(".part").rename(name.with_suffix(".json"))
        return "250 2.0.0 Kept"


Controller(Keeper(), hostname="127.0.0.1", port=port, data_size_limit=1 << 27, enable_SMTPUTF8=True).start()
while True:
    time.sleep(60)
