"""What a room keeps of labels, as kinds of its records: written, put away and told like all others."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.labels.models.rounds import Round
from proxeny.labels.models.schemes import Condition, Criterion, Indicator, Level, Quota, Scheme
from proxeny.partnerships.kinds import Kind, add_kind


def _at_scheme(one: Any) -> str:
    """Return the page of a scheme; the list, of one that is not saved or put away."""
    if one.pk is None or one.dropped_at:
        return reverse("labels:list", args=[one.partnership_id])
    return reverse("labels:scheme", args=[one.partnership_id, one.pk])


def _in_scheme(tag: str) -> Any:
    """Return what leads to the place on the page of a scheme where something of it stands."""

    def at(one: Any) -> str:
        url = reverse("labels:scheme", args=[one.partnership_id, one.scheme_id])
        return url if one.pk is None or one.dropped_at else f"{url}#{tag}-{one.pk}"

    return at


def _at_round(one: Any) -> str:
    """Return the page of a round; those of its label, of one that is not saved or put away."""
    if one.pk is None or one.dropped_at:
        return reverse("labels:rounds", args=[one.partnership_id, one.scheme_id])
    return reverse("labels:round", args=[one.partnership_id, one.pk])


def list_criteria(partnership_id: int, scheme_id: Any) -> list[tuple[int, str]]:
    """Return the criteria of a scheme. One query."""
    found = Criterion.objects.filter(
        partnership_id=partnership_id, scheme_id=scheme_id, dropped_at=None
    )
    return list(found.order_by("number", "pk").values_list("pk", "title"))


add_kind(Kind(
    "scheme", Scheme,
    ("title", "slug", "language", "languages", "about", "audience", "recognition", "countries",
     "kinds", "rule", "total_least", "per", "least_scores", "is_anonymous", "conflicts",
     "appeal_days", "appeals", "currency", "fee_application", "fee_award", "valid_months",
     "renew_months", "contact"),
    "labels", _("Label"), _("New label"),
    {"add": _("Began a label"), "change": _("Changed a label"), "drop": _("Put a label away"),
     "restore": _("Brought a label back")},
    hints={
        "slug": _("Small letters, digits and hyphens. It stays once a version is signed."),
        "languages": _("Codes with a space between: en fr el ar."),
        "about": _("What somebody who sees the label may rely on."),
        "recognition": _("What the label is worth in each of the countries, and who vouches for it."),
        "countries": _("Codes with a space between, such as FR GR. Empty: from anywhere."),
        "total_least": _("Whoever stays below gets no label, whatever the single points."),
        "least_scores": _("With fewer, an indicator is not judged, and the application waits."),
        "conflicts": _("A juror reads this before the first look, and then says where it is so."),
        "appeal_days": _("From the day of the letter. 0: nobody can appeal."),
    },
    at=_at_scheme,
))  # fmt: skip
add_kind(Kind(
    "label-criterion", Criterion,
    ("scheme", "number", "title", "explanation", "weight", "least"),
    "labels", _("Criterion"), _("New criterion"),
    {"add": _("Added a criterion to a label"), "change": _("Changed a criterion of a label"),
     "drop": _("Put a criterion of a label away"),
     "restore": _("Brought a criterion of a label back")},
    below="scheme", at=_in_scheme("label-criterion"),
    hints={
        "weight": _("Against the other criteria: 2 counts twice as much as 1."),
        "least": _("Empty: it has no threshold of its own."),
    },
))  # fmt: skip
add_kind(Kind(
    "label-indicator", Indicator,
    ("scheme", "criterion", "number", "title", "explanation", "guide", "scale", "weight", "least",
     "evidence", "needs_file"),
    "labels", _("Indicator"), _("New indicator"),
    {"add": _("Added an indicator to a label"), "change": _("Changed an indicator of a label"),
     "drop": _("Put an indicator of a label away"),
     "restore": _("Brought an indicator of a label back")},
    below="scheme", offers={"criterion": list_criteria}, at=_in_scheme("label-indicator"),
    hints={
        "guide": _("For instance: 0 nothing is there, 3 it works, 5 others learn from it."),
        "least": _("Empty: it has no threshold of its own."),
        "weight": _("Against the other indicators of its criterion."),
    },
))  # fmt: skip
add_kind(Kind(
    "label-condition", Condition, ("scheme", "number", "title"), "labels", _("Condition"),
    _("New condition"),
    {"add": _("Added a condition to a label"), "change": _("Changed a condition of a label"),
     "drop": _("Put a condition of a label away"),
     "restore": _("Brought a condition of a label back")},
    below="scheme", at=_in_scheme("label-condition"),
    hints={"title": _("A sentence that an applicant confirms: “We have …”")},
))  # fmt: skip
add_kind(Kind(
    "label-level", Level, ("scheme", "number", "title", "least"), "labels", _("Level"),
    _("New level"),
    {"add": _("Added a level to a label"), "change": _("Changed a level of a label"),
     "drop": _("Put a level of a label away"), "restore": _("Brought a level of a label back")},
    below="scheme", at=_in_scheme("label-level"),
))  # fmt: skip
add_kind(Kind(
    "label-quota", Quota, ("scheme", "number", "title", "countries", "least", "most"), "labels",
    _("Quota"), _("New quota"),
    {"add": _("Added a quota to a label"), "change": _("Changed a quota of a label"),
     "drop": _("Put a quota of a label away"), "restore": _("Brought a quota of a label back")},
    below="scheme", at=_in_scheme("label-quota"),
    hints={
        "countries": _("Codes with a space between, such as MA TN SN."),
        "least": _("33.33 of 30 places are 9: it is rounded down."),
        "most": _("Empty: there is no upper end. It is rounded up."),
    },
))  # fmt: skip
add_kind(Kind(
    "label-round", Round, ("scheme", "title", "opens_at", "closes_at", "zone", "places",
                           "decides_on"),
    "labels", _("Round"), _("New round"),
    {"add": _("Planned a round of a label"), "change": _("Changed a round of a label"),
     "drop": _("Put a round of a label away"), "restore": _("Brought a round of a label back")},
    below="scheme", binding=True, told_too=("state", "published_at"), at=_at_round,
    hints={"places": _("Empty: whoever passes gets the label.")},
))  # fmt: skip
