"""Every field by which a request can refer to a row, found by looking at the classes of this project."""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import django_filters
from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.management import get_commands, load_command_class
from django.db.models import ManyToManyField
from rest_framework.serializers import ManyRelatedField, ModelSerializer, RelatedField, Serializer
from rest_framework.viewsets import GenericViewSet

from expenses.admin.versions import CarriedField, FetchedChoiceField
from expenses.row_form import CategoryField

PACKAGES = ("expense_tracker", "statements", "history", "analytics", "expenses", "api", "ledgers", "users")
KINDS = (
    RelatedField,
    ManyRelatedField,
    forms.ModelChoiceField,
    FetchedChoiceField,
    CategoryField,
    CarriedField,
    django_filters.ModelChoiceFilter,
    django_filters.ModelMultipleChoiceFilter,
)
# Names that a field with a plain type gives itself away by.
NAMES = re.compile(
    r"(\w+_)?(id|ids|pk|category|ledger|user|person|expense|member|membership|parent|token|submission|statement)"
)
# What carries a number that is no row's.
NO_ROW = ("version",)

RAW_INPUT = re.compile(
    r"""(?:POST|GET|query_params|headers)\.(?:get|getlist)\(\s*["']?([\w.-]+)"""
    r"""|["'](\w+)["']\ (?:not\ )?in\ request\.(?:POST|GET)""",
    re.VERBOSE,
)


def refers(name: str, field: object) -> bool:
    """Whether this field of a form, a filter or a serializer names a row."""
    return name not in NO_ROW and (isinstance(field, KINDS) or NAMES.fullmatch(name) is not None)


def subclasses(base: type) -> Iterator[type]:
    """Classes that a module of this project defines beneath ``base``, those of its tests left out."""
    for each in base.__subclasses__():
        module, *rest = each.__module__.split(".")
        # Not those made for one request, which are their parents with another name.
        is_defined = getattr(sys.modules[each.__module__], each.__name__, None) is each
        if module in PACKAGES and "tests" not in rest and is_defined:
            yield each
        yield from subclasses(each)


def name_of(cls: type) -> str:
    return f"{cls.__module__.removesuffix('.forms')}.{cls.__qualname__}"


def references() -> set[str]:
    """All of them, as ``module.Class.field``."""
    _import_all()
    found = {*_of_serializers(), *_of_forms(), *_of_admins()}
    found |= {f"{name_of(formset)}.id" for formset in subclasses(forms.BaseFormSet)}
    for filterset in subclasses(django_filters.FilterSet):
        found |= {f"{name_of(filterset)}.{n}" for n, f in filterset.base_filters.items() if refers(n, f)}
    for view in subclasses(GenericViewSet):
        if getattr(view, "keyset", None):
            found.add(f"{name_of(view)}.cursor")
    return found


def raw_inputs() -> set[str]:
    """The names that our code reads from a request without any form."""
    root = Path(settings.BASE_DIR)
    sources = (
        path for package in PACKAGES for path in (root / package).rglob("*.py") if "tests" not in path.parts
    )
    found = (match for path in sources for match in RAW_INPUT.findall(path.read_text()))
    return {one or other for one, other in found}


def _import_all():
    """What only the addresses or the commands use has no classes yet, unless another test came before."""
    import_module(settings.ROOT_URLCONF)
    for name, app in get_commands().items():
        if app in PACKAGES:
            load_command_class(app, name)


def _of_serializers() -> Iterator[str]:
    for serializer in subclasses(Serializer):
        is_abstract = issubclass(serializer, ModelSerializer) and not hasattr(serializer, "Meta")
        fields = serializer._declared_fields if is_abstract else serializer(context={"ledger": None}).fields
        for name, field in fields.items():
            if refers(name, field) and not field.read_only:
                yield f"{name_of(serializer)}.{name}"


def _of_forms() -> Iterator[str]:
    for form in set(subclasses(forms.BaseForm)):
        for name, field in getattr(form, "base_fields", {}).items():
            if refers(name, field):
                yield f"{name_of(form)}.{name}"


def _of_admins() -> Iterator[str]:
    """Lists are filtered by rows and paged by dates; actions, and the forms Django makes itself, name rows."""
    for model, site_admin in admin.site._registry.items():
        name = name_of(type(site_admin))
        if name.split(".")[0] not in PACKAGES:
            continue
        yield f"{name}._selected_action"
        for each in site_admin.list_filter:
            field = each[0] if isinstance(each, tuple) else each
            if isinstance(field, str) and model._meta.get_field(field).is_relation:
                yield f"{name}?{field}"
        if site_admin.date_hierarchy:
            yield f"{name}?{site_admin.date_hierarchy}"
        for field in model._meta.get_fields():
            editable = getattr(field, "editable", False) and (
                field.concrete or isinstance(field, ManyToManyField)
            )
            if editable and field.is_relation and site_admin.form.base_fields.get(field.name) is None:
                yield f"{name}.{field.name}"
