"""Hands one message to a mail server with smtplib: PORT FROM TO,TO FILE. Prints a line of JSON with what was answered."""

import json
import smtplib
import sys

port, sender, recipients, file = sys.argv[1:]
with open(file, "rb") as message:
    message = message.read()


def told(answer):
    code, text = answer[0], answer[1]
    return f"{code} {text.decode('utf-8', 'replace')}"


with smtplib.SMTP("127.0.0.1", int(port), "mail.kommune.example", timeout=60) as client:
    client.ehlo()
    options = ["BODY=8BITMIME"] if client.has_extn("8bitmime") else []
    result = {"refused": {}, "error": None}
    try:
        refused = client.sendmail(sender, recipients.split(","), message, options)
        result["refused"] = {to: told(answer) for to, answer in refused.items()}
    except smtplib.SMTPRecipientsRefused as error:
        result["refused"] = {to: told(answer) for to, answer in error.recipients.items()}
        result["error"] = "every recipient was refused"
    except smtplib.SMTPResponseException as error:
        result["error"] = told((error.smtp_code, error.smtp_error))
print(json.dumps(result))
