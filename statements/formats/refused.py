"""Files that are no statement, and what to do about each. Their first bytes tell, not their names."""

from statements.formats.archive import is_archive
from statements.formats.decoding import BOMS, ascii_of
from statements.formats.lines import Unreadable, gettext_noop

OLE = b"\xd0\xcf\x11\xe0"  # Excel before 2007, and newer files under a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SIGNS = {
    b"%PDF": gettext_noop(
        "This is a PDF, which is made to be looked at. Download the statement as CSV, OFX or CAMT."
    ),
    b"\x89PNG": gettext_noop(
        "This is an image, not a text file. Download the statement as CSV, OFX or CAMT."
    ),
    b"\xff\xd8\xff": gettext_noop(
        "This is an image, not a text file. Download the statement as CSV, OFX or CAMT."
    ),
    b"GIF8": gettext_noop("This is an image, not a text file. Download the statement as CSV, OFX or CAMT."),
    b"Rar!": gettext_noop("This kind of archive cannot be read; unpack it first."),
    b"7z\xbc\xaf": gettext_noop("This kind of archive cannot be read; unpack it first."),
    b"BZh": gettext_noop("This kind of archive cannot be read; unpack it first."),
    b"\xfd7zXZ": gettext_noop("This kind of archive cannot be read; unpack it first."),
    b"\x28\xb5\x2f\xfd": gettext_noop("This kind of archive cannot be read; unpack it first."),
}
ALLOWED = frozenset(b"\0\t\n\x0b\x0c\r\x1a\x1b\x85")  # control characters that text files are known to hold


def refusal(head: bytes) -> Unreadable | None:
    """Why a file that begins like this cannot be a statement; None if it may be one."""
    for sign, template in SIGNS.items():
        if head.startswith(sign):
            return Unreadable(template)
    if head.startswith(OLE):
        if ENCRYPTED in head:
            return Unreadable(
                gettext_noop("This spreadsheet is locked with a password; save it without one.")
            )
        return Unreadable(
            gettext_noop(
                "This is an Excel file of the old kind (.xls); save it as .xlsx or CSV in a spreadsheet program."
            )
        )
    if head.startswith(b"PK\x03\x04") and b"opendocument" in head[:200]:
        return Unreadable(gettext_noop("This is an OpenDocument file (.ods); save it as .xlsx or CSV."))
    if is_archive(head):
        return Unreadable(gettext_noop("This is an archive inside an archive; unpack it first."))
    if not head.startswith(b"PK\x03\x04") and _is_binary(head):
        return Unreadable(gettext_noop("This is not a text file."))
    return None


def unknown(head: bytes) -> Unreadable:
    """What to say of a file that no reader wants."""
    if ascii_of(head[:200]).lstrip().startswith("<?xml"):
        return Unreadable(gettext_noop("This XML file is no statement: neither CAMT nor OFX."))
    return Unreadable(gettext_noop("No known format of statements was recognised in this file."))


def _is_binary(head: bytes) -> bool:
    """Many control characters. Not for UTF-16, where half a character may look like one."""
    if head.startswith(BOMS):
        return False
    control = sum(head.count(bytes([byte])) for byte in range(32) if byte not in ALLOWED)
    return control > len(head) / 50
