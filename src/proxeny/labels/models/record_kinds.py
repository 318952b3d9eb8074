"""Label records as kinds of a room's records: created, archived and shown like all others."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices
from proxeny.directory.models import Kind as Organisations
from proxeny.labels.models.rounds import Round
from proxeny.labels.models.schemes import (
    LANGUAGES,
    Condition,
    Criterion,
    Indicator,
    Level,
    Quota,
    Scheme,
)
from proxeny.partnerships.kinds import Kind, add_kind


def _at_scheme(one: Any) -> str:
    """Return the page of a scheme; the list, if the scheme is unsaved or archived."""
    if one.pk is None or one.dropped_at:
        return reverse("labels:list", args=[one.partnership_id])
    return reverse("labels:scheme", args=[one.partnership_id, one.pk])


def _in_scheme(tag: str) -> Any:
    """Return a function that returns the address of a part on its scheme's page."""

    def at(one: Any) -> str:
        url = reverse("labels:scheme", args=[one.partnership_id, one.scheme_id])
        return url if one.pk is None or one.dropped_at else f"{url}#{tag}-{one.pk}"

    return at


def _at_round(one: Any) -> str:
    """Return the page of a round; its label's list, if the round is unsaved or archived."""
    if one.pk is None or one.dropped_at:
        return reverse("labels:rounds", args=[one.partnership_id, one.scheme_id])
    return reverse("labels:round", args=[one.partnership_id, one.pk])


def list_criteria(partnership_id: int, scheme_id: Any) -> list[tuple[int, str]]:
    """Return the criteria of a scheme. One query."""
    found = Criterion.objects.filter(
        partnership_id=partnership_id, scheme_id=scheme_id, dropped_at=None
    )
    return list(found.order_by("number", "pk").values_list("pk", "title"))


add_kind(
    Kind(
        "scheme",
        Scheme,
        (
            "title",
            "slug",
            "language",
            "languages",
            "about",
            "audience",
            "recognition",
            "countries",
            "kinds",
            "rule",
            "total_least",
            "per",
            "least_scores",
            "is_anonymous",
            "conflicts",
            "appeal_days",
            "appeals",
            "currency",
            "fee_application",
            "fee_award",
            "valid_months",
            "renew_months",
            "contact",
        ),
        "labels",
        _("Label"),
        _("New label"),
        {
            "add": _("Created a label"),
            "change": _("Changed a label"),
            "drop": _("Archived a label"),
            "restore": _("Restored a label"),
        },
        several={
            "languages": lambda: LANGUAGES,
            "countries": country_choices,
            "kinds": lambda: list(Organisations.choices),
        },
        hints={
            "slug": _(
                "Lower-case letters, digits and hyphens. It can’t be changed once a version is "
                "signed."
            ),
            "about": _("What people who see the label can rely on."),
            "recognition": _("What the label is worth in each country, and who vouches for it."),
            "countries": _("Choose none for any country."),
            "kinds": _("Choose none for any type."),
            "total_least": _(
                "Applications below this don’t get the label, whatever their individual points."
            ),
            "least_scores": _(
                "With fewer scores, an indicator isn’t judged and the application has to wait."
            ),
            "conflicts": _(
                "Jurors read this before seeing any application, then declare where it applies "
                "to them."
            ),
            "appeal_days": _("From the date of the letter. 0: no appeals."),
        },
        at=_at_scheme,
    )
)
add_kind(
    Kind(
        "label-criterion",
        Criterion,
        ("scheme", "number", "title", "explanation", "weight", "least"),
        "labels",
        _("Criterion"),
        _("New criterion"),
        {
            "add": _("Added a criterion to a label"),
            "change": _("Changed a criterion of a label"),
            "drop": _("Archived a criterion of a label"),
            "restore": _("Restored a criterion of a label"),
        },
        below="scheme",
        at=_in_scheme("label-criterion"),
        hints={
            "weight": _("Relative to the other criteria: 2 counts twice as much as 1."),
            "least": _("Leave empty if it has no threshold of its own."),
        },
    )
)
add_kind(
    Kind(
        "label-indicator",
        Indicator,
        (
            "scheme",
            "criterion",
            "number",
            "title",
            "explanation",
            "guide",
            "scale",
            "weight",
            "least",
            "evidence",
            "needs_file",
        ),
        "labels",
        _("Indicator"),
        _("New indicator"),
        {
            "add": _("Added an indicator to a label"),
            "change": _("Changed an indicator of a label"),
            "drop": _("Archived an indicator of a label"),
            "restore": _("Restored an indicator of a label"),
        },
        below="scheme",
        offers={"criterion": list_criteria},
        at=_in_scheme("label-indicator"),
        hints={
            "guide": _("For example: 0 nothing exists, 3 it works, 5 others learn from it."),
            "least": _("Leave empty if it has no threshold of its own."),
            "weight": _("Relative to the other indicators of its criterion."),
        },
    )
)
add_kind(
    Kind(
        "label-condition",
        Condition,
        ("scheme", "number", "title"),
        "labels",
        _("Condition"),
        _("New condition"),
        {
            "add": _("Added a condition to a label"),
            "change": _("Changed a condition of a label"),
            "drop": _("Archived a condition of a label"),
            "restore": _("Restored a condition of a label"),
        },
        below="scheme",
        at=_in_scheme("label-condition"),
        hints={"title": _("A statement that applicants confirm: “We have …”")},
    )
)
add_kind(
    Kind(
        "label-level",
        Level,
        ("scheme", "number", "title", "least"),
        "labels",
        _("Level"),
        _("New level"),
        {
            "add": _("Added a level to a label"),
            "change": _("Changed a level of a label"),
            "drop": _("Archived a level of a label"),
            "restore": _("Restored a level of a label"),
        },
        below="scheme",
        at=_in_scheme("label-level"),
    )
)
add_kind(
    Kind(
        "label-quota",
        Quota,
        ("scheme", "number", "title", "countries", "least", "most"),
        "labels",
        _("Quota"),
        _("New quota"),
        {
            "add": _("Added a quota to a label"),
            "change": _("Changed a quota of a label"),
            "drop": _("Archived a quota of a label"),
            "restore": _("Restored a quota of a label"),
        },
        below="scheme",
        at=_in_scheme("label-quota"),
        several={"countries": country_choices},
        hints={
            "least": _(
                "A share such as 1/3 or 33%, or a number such as 10 places. Shares are rounded "
                "down to whole places: of 30 places, 1/3 makes 10, but 33% makes 9.9, so 9."
            ),
            "most": _("Leave empty for no maximum. Shares are rounded up to whole places."),
        },
    )
)
add_kind(
    Kind(
        "label-round",
        Round,
        ("scheme", "title", "opens_at", "closes_at", "zone", "places", "decides_on"),
        "labels",
        _("Round"),
        _("New round"),
        {
            "add": _("Planned a round of a label"),
            "change": _("Changed a round of a label"),
            "drop": _("Archived a round of a label"),
            "restore": _("Restored a round of a label"),
        },
        below="scheme",
        binding=True,
        told_too=("state", "published_at"),
        at=_at_round,
        hints={"places": _("Leave empty to give the label to everyone who passes.")},
    )
)
