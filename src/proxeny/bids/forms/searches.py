"""The criteria of a search for partners, and a choice of two proposals to compare."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.bids.operations.wishes import (
    MOST_BIDS,
    MOST_COST,
    MOST_MEMBERS,
    MOST_NEEDS,
    MOST_SUM,
    MOST_WORDS,
    Figures,
    NeedWish,
    SearchSettings,
)
from proxeny.directory.forms import CountriesField
from proxeny.directory.models import Kind
from proxeny.kernel.errors import InvalidInput, ProxenyError
from proxeny.kernel.form_fields import choice_field

#: So many empty rows are offered for more needs.
_MORE = 2
_HOW = [("wish", gettext_lazy("Nice to have")), ("must", gettext_lazy("Must have"))]


def _sum(label: Any, most: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        decimal_places=2,
        help_text=help_text,
    )


class SearchForm(forms.Form):
    """The criteria for a consortium.

    Parameters
    ----------
    settings : SearchSettings
        Initial values of the form.
    partners, parties, left_out : sequence of (int, str)
        The organisations that may be kept, the sides, and organisations already left out: number
        and name.
    currency : str
        Of the call.
    """

    keep = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Keep"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Included in every proposal; the rest is built around them."),
    )
    least = forms.IntegerField(
        label=gettext_lazy("Minimum number of members"), min_value=1, max_value=MOST_MEMBERS
    )
    most = forms.IntegerField(
        label=gettext_lazy("Maximum number of members"), min_value=1, max_value=MOST_MEMBERS
    )
    coordinator = forms.BooleanField(
        label=gettext_lazy("At least one member must be able to coordinate"), required=False
    )
    differ_by = forms.IntegerField(
        label=gettext_lazy("Minimum number of new members in each further proposal"),
        min_value=1,
        max_value=MOST_MEMBERS,
        help_text=gettext_lazy(
            "With 1 you get the ten best proposals; with a higher number they differ more."
        ),
    )
    countries = CountriesField(
        label=gettext_lazy("Only in these countries"),
        required=False,
        help_text=gettext_lazy("Choose none to search everywhere."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Only these kinds"),
        required=False,
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    without = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Left out"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    names = forms.CharField(
        label=gettext_lazy("Exclude"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One name per line."),
    )
    most_bids = forms.IntegerField(
        label=gettext_lazy("Exclude anyone already in this many of our open bids"),
        required=False,
        min_value=1,
        max_value=MOST_BIDS,
        help_text=gettext_lazy(
            "Counts this partnership’s other bids still being written. Leave empty for no limit."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        settings: SearchSettings,
        partners: Sequence[tuple[int, str]],
        parties: Sequence[tuple[int, str]],
        left_out: Sequence[tuple[int, str]],
        currency: str,
    ) -> None:
        super().__init__(data, initial=_initial(settings))
        self._offer("keep", partners)
        self._offer("without", left_out)
        self.parties = parties
        for pk, name in parties:
            self.fields[f"side_{pk}"] = forms.IntegerField(
                label=_("Minimum on the %(name)s side") % {"name": name},
                min_value=0,
                max_value=MOST_MEMBERS,
                required=False,
            )
        for row in range(1, MOST_NEEDS + 1):
            self.fields[f"need_{row}"] = forms.CharField(
                label=_("Topic %(number)d") % {"number": row},
                required=False,
                max_length=MOST_WORDS,
            )
            self.fields[f"how_{row}"] = forms.ChoiceField(
                label=_("Weight of topic %(number)d") % {"number": row},
                required=False,
                choices=_HOW,
            )
        self.shown = min(MOST_NEEDS, len(settings.needs) + _MORE)
        self._add_money(currency)

    def _offer(self, name: str, pairs: Sequence[tuple[int, str]]) -> None:
        if pairs:
            choice_field(self, name).choices = pairs
        else:
            del self.fields[name]

    def _add_money(self, currency: str) -> None:
        told = {"currency": currency}
        self.fields["request_most"] = _sum(
            _("Maximum total request, in %(currency)s") % told, MOST_SUM
        )
        self.fields["cost"] = _sum(_("Usual cost per partner, in %(currency)s") % told, MOST_COST)
        self.fields["request"] = _sum(
            _("Usual request per partner, in %(currency)s") % told,
            MOST_COST,
            _("If empty, as much as the call funds for that cost."),
        )
        for kind, label in Kind.choices:
            self.fields[f"cost_{kind}"] = _sum(_("%(kind)s: cost") % {"kind": label}, MOST_COST)
            self.fields[f"request_{kind}"] = _sum(
                _("%(kind)s: request") % {"kind": label}, MOST_COST
            )

    def need_rows(self) -> Iterator[tuple[BoundField, BoundField]]:
        """Yield the rows of needs that are shown: the words, and how much they matter."""
        for row in range(1, MOST_NEEDS + 1):
            words = self[f"need_{row}"]
            if row <= self.shown or words.value() or words.errors:
                yield words, self[f"how_{row}"]

    def sides(self) -> Iterator[BoundField]:
        """Yield the fields of the sides."""
        return (self[f"side_{pk}"] for pk, _name in self.parties)

    def money_rows(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        """Yield the cost and the request of each kind of partner."""
        for kind, label in Kind.choices:
            yield str(label), self[f"cost_{kind}"], self[f"request_{kind}"]

    @property
    def has_money(self) -> bool:
        """Whether something is said of money, or wrong with it."""
        names = [
            "request_most",
            *(name for name in self.fields if name.startswith(("cost", "request"))),
        ]
        return any(self[name].value() not in (None, "") or self[name].errors for name in names)

    @property
    def has_kinds(self) -> bool:
        """Whether something is said of kinds alone, or wrong with it."""
        return any(
            field.value() not in (None, "") or field.errors
            for _label, *fields in self.money_rows()
            for field in fields
        )

    def names_left_out(self) -> list[str]:
        """Return the names typed for organisations to leave out."""
        lines = self.cleaned_data["names"].splitlines()
        return [line.strip() for line in lines if line.strip()]

    def to_settings(self, leave_out: Sequence[int]) -> SearchSettings:
        """Return the criteria, once the typed names are known organisations."""
        values = self.cleaned_data
        figures = {
            kind: Figures(values[f"cost{mark}"], values[f"request{mark}"])
            for kind, mark in (("", ""), *((kind, f"_{kind}") for kind in Kind.values))
            if values[f"cost{mark}"] is not None or values[f"request{mark}"] is not None
        }
        return SearchSettings(
            keep=tuple(values.get("keep", ())),
            without=tuple(dict.fromkeys((*values.get("without", ()), *leave_out))),
            needs=tuple(
                NeedWish(values[f"need_{row}"], values[f"how_{row}"] == "must")
                for row in range(1, MOST_NEEDS + 1)
                if values[f"need_{row}"]
            ),
            countries=tuple(values["countries"]),
            kinds=tuple(values["kinds"]),
            sides={pk: values[f"side_{pk}"] or 0 for pk, _name in self.parties},
            figures=figures,
            **{
                name: values[name]
                for name in (
                    "least",
                    "most",
                    "request_most",
                    "most_bids",
                    "coordinator",
                    "differ_by",
                )
            },
        )

    def refuse(self, error: ProxenyError) -> None:
        """Write a refusal beside the field that it is about, or above the form."""
        rows = [row for row in range(1, MOST_NEEDS + 1) if self[f"need_{row}"].value()]
        fields = {
            "needs": f"need_{rows[-1] if rows else 1}",
            "sides": f"side_{self.parties[0][0]}" if self.parties else "",
            "figures": "cost",
            "without": "names",
        }
        name = fields.get(error.field or "", error.field or "")
        is_known = isinstance(error, InvalidInput) and name in self.fields
        self.add_error(name if is_known else None, str(error))


def _initial(settings: SearchSettings) -> dict[str, Any]:
    names = ("least", "most", "request_most", "most_bids", "coordinator", "differ_by")
    needs = list(enumerate(settings.needs, 1))
    return {
        **{name: getattr(settings, name) for name in names},
        "keep": list(settings.keep),
        "without": list(settings.without),
        "kinds": list(settings.kinds),
        "countries": list(settings.countries),
        **{f"side_{pk}": least for pk, least in settings.sides.items()},
        **{f"need_{row}": need.words for row, need in needs},
        **{f"how_{row}": "must" if need.must else "wish" for row, need in needs},
        **{f"cost{kind and '_'}{kind}": one.cost for kind, one in settings.figures.items()},
        **{f"request{kind and '_'}{kind}": one.request for kind, one in settings.figures.items()},
    }


class CompareForm(forms.Form):
    """The two proposals to compare side by side."""

    one = forms.TypedChoiceField(label=gettext_lazy("Compare"), coerce=int, required=False)
    other = forms.TypedChoiceField(label=gettext_lazy("with"), coerce=int, required=False)

    def __init__(self, data: Any, *, count: int) -> None:
        super().__init__({"one": data.get("one", "1"), "other": data.get("other", "2")})
        choices = [
            (number, _("Proposal %(number)d") % {"number": number})
            for number in range(1, count + 1)
        ]
        for name in ("one", "other"):
            choice_field(self, name).choices = choices

    def pair(self) -> tuple[int, int] | None:
        """Return the two, if they are two."""
        if not self.is_valid():
            return None
        one, other = self.cleaned_data["one"], self.cleaned_data["other"]
        return (one, other) if one and other and one != other else None
