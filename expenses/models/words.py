"""Lists of words as PostgreSQL keeps them: tags of expenses, other names of categories."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db.models import BooleanField, F, Func, TextField, Value

MOST_WORDS = 20
# As PostgreSQL writes regular expressions. No white space, and of ASCII's punctuation only what joins a word.
TAG_SHAPE = r"""^[^][:space:][:cntrl:][:upper:]!"#$%&'()*+,./:;<=>?@[\\^`{|}~]{1,50}$"""
ALIAS_SHAPE = (
    r"^[^[:space:][:cntrl:][:upper:],#]([^[:cntrl:][:upper:],#]{0,48}[^[:space:][:cntrl:][:upper:],#])?$"
)


class AreWords(Func):
    """Whether an array has at most ``MOST_WORDS`` words of this shape, in the order of their code points, each once."""

    function = "are_words"
    output_field = BooleanField()


class WordsField(ArrayField):
    """Some words. As text, because PostgreSQL would cut a longer one off at the length of a varchar."""

    def __init__(self, **kwargs):
        kwargs |= {"size": MOST_WORDS, "blank": True, "default": list, "db_default": []}
        super().__init__(TextField(validators=[MaxLengthValidator(50)]), **kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        for known in ("base_field", "size", "blank", "default", "db_default"):
            kwargs.pop(known, None)
        return name, "expenses.models.words.WordsField", args, kwargs


def in_order(words: Iterable[str]) -> list[str]:
    """These words as the database keeps them."""
    return sorted(set(words))


class InOrder(Func):
    """The words of an array as the database keeps them: sorted, each once."""

    template = 'ARRAY(SELECT DISTINCT word COLLATE "C" FROM unnest(%(expressions)s) AS word ORDER BY 1)'
    arg_joiner = " || "


def with_words(column: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Func:
    """The words of a column of this kind without some of them and with others, for an UPDATE."""
    words = F(column)
    for word in remove:
        words = Func(words, Value(word), function="array_remove", output_field=WordsField())
    return InOrder(words, Value(list(add), WordsField()), output_field=WordsField())
