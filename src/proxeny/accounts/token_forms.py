"""The form that lets a program in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from proxeny.accounts.models import ApiToken, Seat
from proxeny.accounts.operations.tokens import DEFAULT_DAYS, LONGEST_DAYS
from proxeny.kernel.api.access import AREAS, SCOPES
from proxeny.kernel.form_fields import choice_field

#: The name of each area of the product, and its contents for a program.
AREA_LABELS: dict[str, tuple[Any, Any]] = {
    "people": (_("People"), _("Roles and invitations in your organisations, and your profile.")),
    "notices": (_("Notifications"), _("Activity that concerns you, and how you’re notified.")),
    "directory": (_("Directory"), _("Organisations, memberships, offers and needs, imports.")),
    "partnerships": (_("Partnerships"), _("Partnerships, agreements and what is shared.")),
    "desk": (
        _("Ambassador’s desk"),
        _("Introductions, mandates, times and your replies to them."),
    ),
    "assessments": (
        _("Market assessments"),
        _("Services, requests, findings, figures and reports."),
    ),
    "research": (_("Research"), _("Studies, data packages and what was published from them.")),
    "calls": (
        _("Calls"),
        _("Calls for proposals, possible participants and the calls you follow."),
    ),
    "bids": (_("Bids"), _("Joint bids: consortium, plan, budget, documents, submission.")),
    "alliances": (_("Alliances"), _("Public pages of partnerships, and what is published.")),
    "labels": (_("Labels"), _("Labels: schemes, applications, juries, decisions, awards.")),
    "insight": (_("Insight"), _("Network, foresight, outcomes and boards, as figures.")),
    "meetings": (_("Meetings"), _("Your meetings and their outcomes.")),
    "events": (_("Events"), _("Events, participants, meeting requests and agendas.")),
    "work": (_("Tasks"), _("Long-running tasks: their progress and files.")),
    "webhooks": (_("Webhooks"), _("Addresses that Proxeny notifies when something happens.")),
}
_NONE, _READ, _WRITE = "", "read", "write"
_RIGHTS = [
    (_NONE, _("No access")),
    (_READ, pgettext_lazy("a permission", "Read")),
    (_WRITE, _("Read and write")),
]
_DAYS = (7, 30, DEFAULT_DAYS, 180, LONGEST_DAYS)


def describe_scopes(scopes: Iterable[str]) -> list[tuple[Any, bool]]:
    """Return the parts that scopes open, each with whether it may be written."""
    granted = set(scopes)
    if granted == set(SCOPES):
        return [(_("All areas"), True)]
    return [
        (AREA_LABELS[area][0], f"{area}:write" in granted)
        for area in AREAS
        if {f"{area}:read", f"{area}:write"} & granted
    ]


def _terms() -> list[tuple[int, str]]:
    # Asked for each form: a text that is filled in stays in the language it was filled in.
    return [
        (days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days}) for days in _DAYS
    ]


class TokenForm(forms.Form):
    """Name, seat, end, and the right in each part."""

    name = forms.CharField(
        label=_("What’s the program called?"),
        max_length=100,
        help_text=_(
            "So that you can recognise it later, for example: member sync with our own system."
        ),
    )
    seat_id = forms.TypedChoiceField(label=_("Role it acts for"), coerce=int)
    days = forms.TypedChoiceField(
        label=_("For how long?"),
        coerce=int,
        initial=DEFAULT_DAYS,
        choices=_terms,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )

    def __init__(self, *args: Any, seats: Iterable[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (seat.pk, f"{seat.organisation.name} · {seat.get_role_display()}") for seat in seats
        ]
        choice_field(self, "seat_id").choices = choices
        if choices:
            self.initial.setdefault("seat_id", choices[0][0])
        for area in AREAS:
            label, help_text = AREA_LABELS[area]
            self.fields[area] = forms.ChoiceField(
                label=label,
                help_text=help_text,
                required=False,
                choices=_RIGHTS,
                initial=_NONE,
                widget=forms.RadioSelect(attrs={"class": "segmented"}),
            )

    @classmethod
    def known(cls) -> set[str]:
        """Return the names of all fields."""
        return {*cls.base_fields, *AREAS}

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """Name, seat and end."""
        return [self[name] for name in ("name", "seat_id", "days")]

    @property
    def area_fields(self) -> list[forms.BoundField]:
        """The rights, one field a part."""
        return [self[area] for area in AREAS]

    def to_values(self) -> dict[str, Any]:
        """Return the typed values by the operation's parameter names."""
        typed = self.cleaned_data
        scopes = [scope for scope in SCOPES if scope in {f"{area}:{typed[area]}" for area in AREAS}]
        return {
            "name": typed["name"],
            "seat_id": typed["seat_id"],
            "days": typed["days"],
            "scopes": scopes,
        }


def state_of(token: ApiToken, *, now: Any, live_seats: set[int]) -> tuple[Any, str]:
    """Return the state of a token, as a label and a tone."""
    if token.revoked_at is not None:
        return _("revoked"), ""
    if token.expires_at <= now:
        return _("expired"), ""
    if token.seat_id not in live_seats:
        return _("its role has ended"), ""
    if (token.expires_at - now).days < 14:
        return _("expires soon"), "warn"
    return _("in force"), "ok"
