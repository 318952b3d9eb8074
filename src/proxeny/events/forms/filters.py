"""Searching and filtering the lists of events."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.events.models import Event
from proxeny.kernel.form_fields import choice_field

Choices = Iterable[tuple[object, object]]


def _search() -> forms.CharField:
    return forms.CharField(
        label=_("Search in this list"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


def _choice(label: Any, everything: Any, choices: Choices) -> forms.ChoiceField:
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
    """Filter of the list of events."""

    q = _search()
    partnership = forms.ChoiceField(label=_("Partnership"), required=False)
    state = _choice(_("State"), _("All"), Event.State.choices)

    def __init__(self, data: Any, *, partnerships: Choices) -> None:
        super().__init__(data)
        choice_field(self, "partnership").choices = [("", _("All")), *partnerships]


class ParticipantFilter(Filter):
    """Filter of the list of participants."""

    q = _search()
    group = forms.ChoiceField(label=_("Group"), required=False)
    sector = forms.ChoiceField(label=_("Field"), required=False)

    def __init__(self, data: Any, *, groups: Choices, sectors: Iterable[str]) -> None:
        super().__init__(data)
        choice_field(self, "group").choices = [("", _("All")), *groups]
        choice_field(self, "sector").choices = [("", _("All")), *((one, one) for one in sectors)]


class CounterpartFilter(Filter):
    """Filter of the page of requests."""

    q = _search()
    sector = forms.ChoiceField(label=_("Field"), required=False)
    listing = _choice(
        _("Has published"), _("Anything"), [("offer", _("An offer")), ("need", _("A need"))]
    )
    marked = _choice(
        _("My choice"),
        _("All"),
        [
            ("no", _("No choice yet")),
            ("yes", _("Choice made")),
            ("must", _("Must meet")),
            ("wish", _("Want to meet")),
            ("no-thanks", _("No thanks")),
        ],
    )

    def __init__(self, data: Any, *, sectors: Iterable[str]) -> None:
        super().__init__(data)
        choice_field(self, "sector").choices = [("", _("All")), *((one, one) for one in sectors)]


class SearchFilter(Filter):
    """Words only."""

    q = _search()
