"""Examples for the page of components that a template alone cannot make."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from proxeny.accounts.trail import Change, Happening
from proxeny.kernel.versions import Author, Comparison, Difference


def two_versions(*, now: datetime) -> Comparison:
    """Return a record that two people changed in two fields, and one of them in a third."""
    author = Author(_("The manager in Paris"), now - timedelta(minutes=4))
    summary = Difference.between(
        "summary",
        _("Summary"),
        _("Ten pilots in health imaging by 2028, each with a hospital on both sides."),
        _("Twelve pilots in health imaging by 2029, each with a hospital on both sides."),
        author=author,
    )
    city = Difference.between("city", _("City"), "Paris", "Saint-Denis", author=author)
    return Comparison([summary, city], taken=[_("Website")])


def one_version() -> Comparison:
    """Return a record that two people changed in one field, nobody knows who."""
    place = Difference.between("place", _("Place"), _("Town hall"), "")
    return Comparison([place])


def some_happenings(*, now: datetime) -> list[Happening]:
    """Return what happened to a record, newest first: with a reason, a change, a name, nothing."""

    def one(minutes: int, sentence: str, by: str, **more: Any) -> Happening:
        told = {"what": "", "why": "", "changes": [], **more}
        return Happening(at=now - timedelta(minutes=minutes), sentence=sentence, by=by, **told)

    return [
        one(4, _("Changed the entry"), _("The manager in Paris"),
            changes=[
                Change(_("City"), "Paris", "Saint-Denis"),
                Change(
                    _("Summary"),
                    _("Ten pilots in health imaging by 2028, each with a hospital on both sides, and "
                      "a report that both clusters read."),
                    _("Twelve pilots in health imaging by 2029, each with a hospital on both sides, "
                      "and a report that both clusters read."),
                ),
            ]),
        one(90, _("Ended the membership"), _("The manager in Athens"),
            what="Kyklos Creative", why=_("The firm has moved to Lisbon.")),
        one(3000, _("Published a text again"), _("Somebody whose name is not shown to you"),
            what=_("Sound guides without a network")),
        one(9000, _("Added the member"), _("Proxeny")),
    ]  # fmt: skip
