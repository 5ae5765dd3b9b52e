"""Triggers that tables share."""

from collections.abc import Sequence

import pgtrigger


def stays_itself() -> pgtrigger.Trigger:
    """A row keeps its ``id`` and its ledger: its history is found by both."""
    return pgtrigger.ReadOnly(name="stays_itself", fields=["id", "ledger"])


def bump_version(ignoring: Sequence[str] = ()) -> pgtrigger.Trigger:
    """``version`` grows by one and ``updated_at`` moves with every change of a row, whoever writes it.

    Needs the columns ``version`` and ``updated_at``. A write that changes nothing, or only fields named in
    ``ignoring``, counts as no change.
    """
    return pgtrigger.Trigger(
        name="bump_version",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.AnyChange(exclude=["version", "updated_at", *ignoring]),
        func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
    )
