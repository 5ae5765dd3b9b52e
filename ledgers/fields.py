"""Form fields that know a ledger's currency."""

from decimal import Decimal

from django import forms

from ledgers.money import parse_local, write


class AmountField(forms.CharField):
    """An amount as a person writes it in the current language; cleans to a ``Decimal``, or None when blank."""

    def __init__(self, *, decimals: int = 2, **kwargs):
        super().__init__(**kwargs)
        self.decimals = decimals

    def prepare_value(self, value):
        return write(value, self.decimals, grouped=False) if isinstance(value, Decimal) else value

    def to_python(self, value):
        text = super().to_python(value)
        return parse_local(text, self.decimals) if text else None
