"""Form fields that know a ledger's currency."""

from decimal import Decimal

from django import forms

from ledgers.money import parse_sum, write


class AmountField(forms.CharField):
    """An amount, or a sum, as a person writes it in the current language.

    Cleans to a ``Decimal``, or None when blank.
    """

    def __init__(self, *, decimals: int = 2, **kwargs):
        super().__init__(**kwargs)
        self.decimals = decimals

    def prepare_value(self, value):
        return write(value, self.decimals, grouped=False) if isinstance(value, Decimal) else value

    def to_python(self, value):
        text = super().to_python(value)
        return parse_sum(text, self.decimals) if text else None
