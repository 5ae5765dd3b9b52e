"""What field :86: of an MT940 says about an entry: who was paid, and what for.

Three ways of writing it are in use: numbered subfields (German and Polish banks), named ones between slashes (SWIFT's
own, Dutch banks), and free text.
"""

import re

from statements.formats.values import words

_NUMBERED = re.compile(r"(?:\d{3})?([?~^<>@!§])(?=\d\d)")
_NAMES = (
    "ABWA|ABWE|ACCW|ADDR|BENM|BIC|BO|BUSP|CHGS|CNTP|CSID|CREF|DACC|ENTR|EREF|EXCH|IBAN|ID|IREF|ISDT|MARF|NAME|"
    "OAMT|OCMT|OCCY|ORDP|PREF|PURP|REMI|RTRN|RTYP|SVCL|SUM|TRCD|TRTP|TYPE|UDTR|UCRD|ULTB|ULTC|ULTD"
)
_NAMED = re.compile(rf"/({_NAMES})/")
_SEPA = re.compile(
    r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT|PURP|BREF|RREF|ULTC|ULTD|ULTB)\s?[+:]"
)
PURPOSE = (*range(20, 30), *range(60, 64))
FULL = 27  # characters of a subfield: where it is full, the next goes on in the middle of a word


def information(value: str) -> tuple[str, str]:
    """Payee and text of a :86:, whose lines are joined by "\\n"."""
    unwrapped = value.replace("\n", "")
    if match := _NUMBERED.match(unwrapped):
        return _numbered(unwrapped[match.start(1) :], match[1])
    if _NAMED.match(unwrapped):
        return _named(unwrapped)
    return "", words(value.replace("\n", " "))


def _numbered(value: str, mark: str) -> tuple[str, str]:
    """``?00`` is the kind of booking, ``?20``–``?29``, ``?60``–``?63`` are the purpose, ``?32``, ``?33`` the name.

    As the German banks' agreement on remote data transmission (DFÜ-Abkommen, annex 3) lays down.
    """
    fields: dict[int, str] = {}
    for part in re.split(re.escape(mark) + r"(?=\d\d)", value):
        if part[:2].isdigit():
            fields.setdefault(int(part[:2]), part[2:])
    return _joined(fields, (32, 33)), words(fields.get(0), _purpose(_joined(fields, PURPOSE)))


def _joined(fields: dict[int, str], numbers: tuple[int, ...]) -> str:
    parts = [fields[number] for number in numbers if fields.get(number)]
    return words("".join(part if len(part) >= FULL else part + " " for part in parts))


def _purpose(text: str) -> str:
    """What stands under SVWZ+, the purpose of a SEPA payment; without it, whatever has no such name."""
    begin, *parts = _SEPA.split(text)
    named = dict(zip(parts[::2], parts[1::2], strict=True))
    return (
        words(begin, named["SVWZ"]) if named.get("SVWZ", "").strip() else words(begin) or words(*parts[1::2])
    )


def _named(value: str) -> tuple[str, str]:
    _, *parts = _NAMED.split(value)
    named: dict[str, str] = {}
    for name, part in zip(parts[::2], parts[1::2], strict=True):
        named.setdefault(name, part)
    payee = named.get("NAME") or _counterparty(named.get("CNTP", ""))
    purpose = re.sub(r"^(?:USTD|STRD)/(?:CUR/)?/?", "", named.get("REMI", ""))
    return words(payee.strip("/")), words(purpose.strip("/")) or words(named.get("TRTP") or named.get("EREF"))


def _counterparty(value: str) -> str:
    """``/CNTP/account/bank/name/city/``."""
    return "".join(value.split("/")[2:3])
