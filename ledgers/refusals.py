"""The sentences by which an amount is refused, for pages that say them before anything is sent."""

from django.core.exceptions import ValidationError

from ledgers.arithmetic import LONGEST, MOST_DECIMALS
from ledgers.money import MAX_INTEGER_DIGITS, marks, parse_sum


def refusals(decimals: int) -> dict[str, str]:
    """For each reason, by the code that ``money.mjs`` has for it, what the server says in the reader's language."""
    too_fine = f"0{marks()[0]}{'1' * (MOST_DECIMALS + 1)}"
    refused = {
        "number": "?",
        "large": "9" * (MAX_INTEGER_DIGITS + 1),
        "decimals": too_fine,
        "part": f"1+{too_fine}",
        "sum": "1+",
        "zero": "1/0",
        "long": "1+" * LONGEST,
    }
    return {code: _sentence(text, decimals) for code, text in refused.items()}


def _sentence(text: str, decimals: int) -> str:
    try:
        amount = parse_sum(text, decimals)
    except ValidationError as error:
        return error.messages[0]
    raise ValueError(f"{text} is an amount: {amount}")
