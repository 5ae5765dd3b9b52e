"""In which formats expenses can be had."""

from django import template

from expenses.exports import FORMATS, Format

register = template.Library()


@register.simple_tag
def export_formats() -> tuple[Format, ...]:
    return FORMATS
