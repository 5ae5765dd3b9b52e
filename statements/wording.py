"""What readers say, kept as JSON and shown in the reader's language.

A message is ``{"template": …, "values": {…}}``, a question ``{"key", "text", "choices": [{"value", "label",
"example"}]}`` with messages for ``text`` and ``label``.
"""

from django.utils.translation import gettext

from statements.formats.lines import Message, Question
from statements.formats.values import storable


def kept(message: Message) -> dict:
    """A message as JSON. Its values are numbers or texts, of which a file may have written anything."""
    values = {name: v if isinstance(v, int) else storable(str(v)) for name, v in message.values.items()}
    return {"template": message.template, "values": values}


def shown(message: dict | None) -> str:
    """A kept message in the current language; empty for none."""
    if not message:
        return ""
    text = gettext(message["template"])
    return text % message["values"] if message["values"] else text


def kept_question(question: Question) -> dict:
    choices = [
        {"value": choice.value, "label": kept(choice.label), "example": storable(choice.example)}
        for choice in question.choices
    ]
    return {"key": question.key, "text": kept(question.text), "choices": choices}


def shown_question(question: dict) -> dict:
    """A kept question with its texts in the current language."""
    choices = [choice | {"label": shown(choice["label"])} for choice in question["choices"]]
    return question | {"text": shown(question["text"]), "choices": choices}
