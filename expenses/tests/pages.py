"""Reads a page the way a browser without JavaScript does, so that tests post what such a browser would post."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "meta", "link", "img", "br", "hr", "path", "circle"}


def in_production(queries) -> list[str]:
    """The statements without the savepoints, which stand for BEGIN and COMMIT within a test's transaction."""
    statements = [query["sql"] for query in queries]
    return [sql for sql in statements if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]


@dataclass
class Form:
    """A form of a page: ``data`` is what pressing a button would send, ``errors`` what stands at its cells."""

    attributes: dict[str, str]
    data: dict[str, str | list[str]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)

    def row(self, index: int, *names: str) -> tuple[str, ...]:
        """What stands in one row of the day's grid."""
        return tuple(self.data[f"row-{index}-{name}"] for name in names or ("amount", "payee", "notes"))

    def write(self, index: int, **cells):
        """Type into one row of the day's grid."""
        self.data |= {f"row-{index}-{name}": str(value) for name, value in cells.items()}
        return self

    @property
    def rows(self) -> int:
        return sum(name.endswith("-amount") for name in self.data if name.startswith("row-"))


class Page(HTMLParser):
    """``Page(response).form("day-form")`` is the first form whose class or action contains that text."""

    def __init__(self, response):
        super().__init__()
        self.forms, self.texts = [], {}
        self._open, self._described, self._select = [], [], None
        self.feed(response.content.decode())
        for form, name, key in self._described:
            form.errors[name] = self.text(key)

    def form(self, mark: str) -> Form:
        return next(
            form
            for form in self.forms
            if mark in form.attributes.get("class", "") or mark in form.attributes.get("action", "")
        )

    def text(self, key: str) -> str:
        """The text of the elements with this id or class."""
        return " ".join("".join(self.texts.get(key, ())).split())

    @property
    def said(self) -> str:
        """The sentences of the page's messages, without the offers to undo."""
        return self.text("messages").replace(" Undo", "")

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, {attrs.get("id", ""), *attrs.get("class", "").split(), tag}))
        self.handle_data(" ")
        if tag == "template" or any(name == "template" for name, _keys in self._open):
            return  # a browser does not send what stands in a template
        if tag == "form":
            self.forms.append(Form(attrs))
        elif tag == "option" and self._select:
            self._option(attrs)
        elif tag in ("input", "select", "button") and any(name == "form" for name, _keys in self._open):
            self._control(tag, attrs)

    def handle_endtag(self, tag):
        self._select = None if tag == "select" else self._select
        while self._open and tag in [name for name, _keys in self._open]:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data):
        for key in {key for _tag, keys in self._open for key in keys}:
            self.texts.setdefault(key, []).append(data)

    def _control(self, tag, attrs):
        form, name, kind = self.forms[-1], attrs.get("name", ""), attrs.get("type", "text")
        if tag == "button":
            form.buttons.append(name)
            return
        if "aria-describedby" in attrs and "aria-invalid" in attrs:
            self._described.append((form, name, attrs["aria-describedby"]))
        if "disabled" in attrs:
            return
        if tag == "select":
            self._select = name
            form.options[name] = []
        elif kind in ("checkbox", "radio"):
            if "checked" in attrs:
                form.data[name] = attrs.get("value", "on")
        elif kind == "hidden":
            form.data[name] = attrs.get("value", "").replace("\n", "\r\n")
        else:
            form.data[name] = attrs.get("value", "").replace("\r", "").replace("\n", "")

    def _option(self, attrs):
        form = self.forms[-1]
        form.options[self._select].append(attrs["value"])
        if "selected" in attrs or self._select not in form.data:
            form.data[self._select] = attrs["value"]
