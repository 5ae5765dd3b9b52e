"""What forms carry so that they are saved once, and the offer to undo what they saved."""

from uuid import uuid4

from django import template
from django.utils.html import format_html

from api.submissions import FIELD

register = template.Library()


@register.simple_tag
def submission_key() -> str:
    """The hidden field by which this rendering of a form is known."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())


@register.filter
def with_undo(messages) -> list[list]:
    """Pairs of each message and the address where what it tells of can be undone, or ``""``."""
    pairs = []
    for message in messages or ():
        if message.level_tag == "undo" and pairs:
            pairs[-1][1] = str(message)
        elif message.level_tag != "undo":
            pairs.append([message, ""])
    return pairs
