"""Which line of which account this is: the same in every file that has it, and of no other line.

An ``external_id`` is ``<account key>:<format>:<digest>:<occurrence>``. The digest is that of the bank's own id with
the date, the amount, the currency and the payee (banks use an id twice, and some begin anew each day), or else of the
untouched line; what is only pending is not yet the line that is booked. Equal lines of one file are numbered from 1 in
the order of the file, so two equal coffees stay two, and a file that has both again has both of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

from statements.formats.lines import Kind, Line


def external_ids(lines: Iterable[Line], format: str, key_of: Callable[[str], str]) -> Iterator[str]:
    """The ``external_id`` of each line of one file; ``key_of`` gives the account's key from what the file calls it."""
    seen = Counter()
    for line in lines:
        stem = f"{key_of(line.account)}:{format[:10]}:{_digest(line)}"
        seen[stem] += 1
        yield f"{stem}:{seen[stem]}"


def _digest(line: Line) -> str:
    if line.bank_id:
        basis = f"{line.bank_id}\0{line.date}\0{line.amount.normalize():f}\0{line.currency}\0{line.payee}"
    else:
        basis = line.source.strip()
    if line.kind != Kind.BOOKED:
        basis = f"{line.kind}\0{basis}"  # what is pending is not yet the line that is booked
    return blake2b(basis.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
