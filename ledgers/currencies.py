"""The currencies in use and how many decimals their amounts have.

Source: ISO 4217 list one, active codes of funds and metals left out. The list is written out because the
database holds it in a constraint: a new version of a library must not change what is a valid ledger.
"""

from babel import Locale
from django.utils.translation import get_language, to_locale

CODES = tuple(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
    HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY
    TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()
)
DECIMALS = dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0) | (
    dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
)


def decimals(currency: str) -> int:
    """How many digits an amount of this currency has after the decimal separator: 0, 2 or 3."""
    return DECIMALS.get(currency, 2)


def choices() -> list[tuple[str, str]]:
    """``(code, "EUR – Euro")`` for every currency, in the reader's language."""
    names = Locale.parse(to_locale(get_language() or "en")).currencies
    return [(code, f"{code} – {names.get(code, code)}") for code in CODES]
