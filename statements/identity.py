"""Which line of which account this is: the same in every file that has it, and of no other line.

An ``external_id`` is ``<account key>:<format>:<digest>:<occurrence>``. The digest is that of the bank's own id with
the date, the amount and the currency (banks use an id twice, and some begin anew each day), or else of the untouched
line. Equal lines of one file are numbered from 1 in the order of the file, so two equal coffees stay two, and a file
that has both again has both of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

from statements.formats.lines import Line


def external_ids(lines: Iterable[Line], format: str, key_of: Callable[[str], str]) -> Iterator[str]:
    """The ``external_id`` of each line of one file; ``key_of`` gives the account's key from what the file calls it."""
    seen = Counter()
    for line in lines:
        stem = f"{key_of(line.account)}:{format[:10]}:{_digest(line)}"
        seen[stem] += 1
        yield f"{stem}:{seen[stem]}"


def prefix(account_key: str, format: str) -> str:
    """How the ids of all lines of an account in files of this format begin."""
    return f"{account_key}:{format[:10]}:"


def _digest(line: Line) -> str:
    if line.bank_id:
        basis = f"{line.bank_id}\0{line.date}\0{line.amount.normalize():f}\0{line.currency}"
    else:
        basis = line.source.strip()
    return blake2b(basis.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
