"""Forms of the radar: what narrows its lists, and what a side says of a trend."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.insight.foresight_presenters import GAPS, SOURCES, STATES
from proxeny.insight.models import TrendView
from proxeny.insight.operations.foresight_actions import MOST_WHY, mark_of
from proxeny.insight.queries.foresight import TOPIC_SORTS, TopicsWanted
from proxeny.insight.queries.foresight_needs import NEED_SORTS, NeedsWanted

#: How much a trend matters, in the reader's words.
GRADES = {
    1: _("1 · hardly"),
    2: _("2 · a little"),
    3: _("3 · to some"),
    4: _("4 · to many"),
    5: _("5 · to nearly all"),
}


class _FindForm(forms.Form):
    """A filter for a list; invalid values are ignored."""

    use_required_attribute = False
    sorts: tuple[str, ...] = ()

    q = forms.CharField(
        label=_("Search in this list"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput())

    def asked(self) -> dict[str, str]:
        """Return the valid values of the filter, by name."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        if found["sort"].removeprefix("-") not in self.sorts:
            found["sort"] = ""
        return {name: value for name, value in found.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.asked().keys() - {"sort"})


class FindTopicsForm(_FindForm):
    """A filter for the topics found in texts."""

    sorts = TOPIC_SORTS
    source = forms.ChoiceField(
        label=_("Kind of text"), choices=[("", _("All")), *SOURCES.items()], required=False
    )
    state = forms.ChoiceField(
        label=_("How it’s going"),
        required=False,
        choices=[
            ("", _("All")),
            *((code, label) for code, (label, _tone) in STATES.items()),
            ("burst", _("much more than usual")),
        ],
    )

    def wanted(self) -> TopicsWanted:
        """Return the filter for the query."""
        return TopicsWanted(**self.asked())


class FindNeedsForm(_FindForm):
    """A filter for the table of trends, needs and calls."""

    sorts = NEED_SORTS
    gap = forms.ChoiceField(
        label=_("What’s missing"),
        required=False,
        choices=[("", _("All")), *((code, label) for code, (label, *_rest) in GAPS.items())],
    )

    def wanted(self) -> NeedsWanted:
        """Return the filter for the query."""
        return NeedsWanted(**self.asked())


class WeighForm(forms.Form):
    """The weight of a trend for the members of the user's own side."""

    use_required_attribute = False

    relevance = forms.TypedChoiceField(
        label=_("How much it matters to our members"),
        coerce=int,
        choices=[*GRADES.items()],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a number from 1 to 5."),
            "invalid_choice": _("Choose a number from 1 to 5."),
        },
    )
    why = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MOST_WHY,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("One sentence. The other side can read it."),
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, view: TrendView | None = None) -> None:
        initial = {"relevance": view.relevance, "why": view.why} if view else {}
        super().__init__(data, initial={**initial, "seen": mark_of(view)})
