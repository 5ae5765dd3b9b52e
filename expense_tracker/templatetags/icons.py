"""The icons, each of them drawn once: to copy one and to write its SVG takes as long as a small query."""

from functools import cache

from django.template import Library
from heroicons.templatetags import heroicons

register = Library()
register.simple_tag(cache(heroicons.heroicon_mini))
register.simple_tag(cache(heroicons.heroicon_outline))
