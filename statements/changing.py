"""Many decisions about the lines of an import in one go: all of them or none."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from statements import deciding
from statements.models import Import, StatementLine

Plan, State = StatementLine.Plan, StatementLine.State


class Change(NamedTuple):
    """What these lines shall get: any of ``plan``, ``category``, ``payee_name``, ``notes`` and ``tags``, a tuple."""

    ids: list[int]
    values: dict


class NotChanged(Exception):
    """Nothing was changed. ``problems`` says why: field and sentence, by the position of the change."""

    def __init__(self, problems: dict[int, dict[str, str]]):
        super().__init__("not changed")
        self.problems = problems

    @property
    def sentence(self) -> str:
        """All reasons in one."""
        return " ".join(reason for problem in self.problems.values() for reason in problem.values())


@transaction.atomic
def change(of_import: Import, changes: Sequence[Change]):
    """Carry out all changes, later ones over earlier ones. Raises NotChanged for what cannot be done."""
    lines = StatementLine.objects.of(of_import)
    wanted = {pk for each in changes for pk in each.ids}
    found = {line.pk: line for line in lines.filter(pk__in=wanted).only("state", "amount", "twin")}
    problems = {at: problem for at, each in enumerate(changes) if (problem := _problem(each, found))}
    if problems:
        raise NotChanged(problems)
    for field, groups in _grouped(changes).items():
        for value, ids in groups:
            some = lines.filter(pk__in=ids)
            match field:
                case "plan":
                    deciding.plan(of_import, some, value)
                case "category":
                    deciding.categorise(of_import, some, value)
                case _:
                    deciding.reword(of_import, some, **{field: value})


def _grouped(changes: Sequence[Change]) -> dict[str, list[tuple[object, list[int]]]]:
    """By field, each value with the lines that get it: one statement for each value, however many lines."""
    last = defaultdict(dict)
    for ids, values in changes:
        for field, value in values.items():
            last[field] |= dict.fromkeys(ids, value)
    grouped = {}
    for field, by_line in last.items():
        groups = defaultdict(list)
        for pk, value in by_line.items():
            groups[value].append(pk)
        grouped[field] = list(groups.items())
    return grouped


def _problem(each: Change, found: dict[int, StatementLine]) -> dict[str, str]:
    """Of the first line that it cannot be done to."""
    for pk in each.ids:
        if pk not in found:
            return {"id": _("This import has no line with the id %(id)d.") % {"id": pk}}
        if reason := _why_not(found[pk], each.values.get("plan")):
            return {"plan": _("Line %(id)d: %(reason)s") % {"id": pk, "reason": reason}}
    return {}


def _why_not(line: StatementLine, plan: str | None) -> str:
    if plan in (None, Plan.SKIP):
        return ""
    if line.state == State.REJECTED or line.amount == 0:
        return _("A line that cannot be read or is zero cannot be added.")
    if line.state == State.KNOWN:
        return _("This line is in the ledger already.")
    if plan == Plan.SAME and line.twin_id is None:
        return _("Nothing in the ledger is likely the same as this line.")
    return ""
