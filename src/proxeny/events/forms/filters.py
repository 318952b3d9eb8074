"""Searching and filtering the lists of events."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.events.models import Event

Choices = Iterable[tuple[object, object]]


def _search() -> forms.CharField:
    return forms.CharField(
        label=_("Search in this list"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


def _choice(label: object, everything: object, choices: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", everything), *choices])


class Filter(forms.Form):
    """A filter whose wrong values count as none."""

    use_required_attribute = False

    def value(self, name: str) -> str:
        """Return what was chosen, or nothing when it is not one of the choices."""
        self.is_valid()
        return str(self.cleaned_data.get(name, "") or "")

    def number(self, name: str) -> int | None:
        """Return the chosen id, or None."""
        text = self.value(name)
        return int(text) if text.isdigit() else None


class EventFilter(Filter):
    """Which events to show."""

    q = _search()
    partnership = forms.ChoiceField(label=_("Partnership"), required=False)
    state = _choice(_("State"), _("All"), Event.State.choices)

    def __init__(self, data: object, *, partnerships: Choices) -> None:
        super().__init__(data)
        self.fields["partnership"].choices = [("", _("All")), *partnerships]


class ParticipantFilter(Filter):
    """Which participants to show."""

    q = _search()
    group = forms.ChoiceField(label=_("Group"), required=False)
    sector = forms.ChoiceField(label=_("Field"), required=False)

    def __init__(self, data: object, *, groups: Choices, sectors: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["group"].choices = [("", _("All")), *groups]
        self.fields["sector"].choices = [("", _("All")), *((one, one) for one in sectors)]


class CounterpartFilter(Filter):
    """Whom to show on the page of requests."""

    q = _search()
    sector = forms.ChoiceField(label=_("Field"), required=False)
    listing = _choice(
        _("Has published"), _("Anything"), [("offer", _("An offer")), ("need", _("A need"))]
    )
    marked = _choice(
        _("My mark"),
        _("All"),
        [
            ("no", _("Not marked yet")),
            ("yes", _("Marked")),
            ("must", _("Must")),
            ("wish", _("Wish")),
            ("no-thanks", _("No thanks")),
        ],
    )

    def __init__(self, data: object, *, sectors: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["sector"].choices = [("", _("All")), *((one, one) for one in sectors)]


class SearchFilter(Filter):
    """Words only."""

    q = _search()
