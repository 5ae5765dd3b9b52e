import pytest

from ledgers.etags import names

OURS = '"v7"'


@pytest.mark.parametrize(
    ("header", "is_named"),
    [
        (None, None),
        ('"v7"', True),
        ('W/"v7"', True),
        ("*", True),
        (' "v6" , "v7"', True),
        ('"v6"', False),
        ('"v77"', False),
        ('"*"', False),
        ("v7", False),
        ('"v7', False),
        ("", False),
        (",,", False),
        ('"a,b"', False),
        ("\x00ÿ", False),
        ('"' * 5000, False),
    ],
)
def test_a_header_names_a_state_as_http_writes_it(header, is_named):
    assert names(header, OURS) is is_named
