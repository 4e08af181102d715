"""What a mail that came in has attached, as bytes. Nothing of the mail itself is believed, not even who sent it."""

from email import message_from_bytes

LARGEST = 60_000_000
"""Bytes of a mail that are read: a package of the largest size, in base64, with room for another."""
MOST = 10
_ZIP = b"PK\x03\x04"


def zips(mail: bytes) -> list[bytes]:
    """The attachments that are ZIP files by their first bytes or by their name, in their order."""
    found = []
    for part in message_from_bytes(mail).walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and not part.is_multipart():
            name = str(part.get_filename() or "").lower()
            if content.startswith(_ZIP) or name.endswith(".zip"):
                found.append(content)
    return found[:MOST]
