"""Amounts and percentages in templates, in the reader's language."""

from decimal import Decimal

from django import template

from ledgers import money
from ledgers.models import Ledger

register = template.Library()


@register.filter
def amount(value: Decimal, ledger: Ledger) -> str:
    """``1,234.50`` – for columns whose heading names the currency."""
    return money.write(value, ledger.decimals, grouped=True)


@register.filter
def rounded(value: Decimal) -> str:
    """``1,235`` – where there is no room for more, beside the exact figure."""
    return money.write(value.quantize(Decimal(1)), 0, grouped=True)


@register.filter
def currency(value: Decimal, ledger: Ledger) -> str:
    """``€1,234.50`` – for figures that stand alone."""
    return money.write_currency(value, ledger.currency, ledger.decimals)


@register.filter
def percent(value: Decimal) -> str:
    """``55.7%``, written the reader's way."""
    return money.write_percent(value)
