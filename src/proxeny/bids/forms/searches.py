"""What a search for partners asks for, and which two proposals to compare."""

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
from proxeny.directory.countries import country_name, read_country
from proxeny.directory.models import Kind
from proxeny.kernel.errors import InvalidInput, ProxenyError
from proxeny.kernel.lists import join_items

#: So many empty rows are offered for more needs.
_MORE = 2
_HOW = [("wish", gettext_lazy("Good to have")), ("must", gettext_lazy("Has to be covered"))]


def _sum(label: Any, most: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_value=most, decimal_places=2,
        help_text=help_text,
    )  # fmt: skip


class SearchForm(forms.Form):
    """What kind of consortium is wanted.

    Parameters
    ----------
    settings : SearchSettings
        What the form begins with.
    partners, parties, left_out : sequence of (int, str)
        The organisations that may be kept, the sides, and who is left out already: number and name.
    currency : str
        Of the call.
    """

    keep = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Keep"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Every proposal has these; the rest is completed around them."),
    )  # fmt: skip
    least = forms.IntegerField(label=gettext_lazy("Members, at least"), min_value=1,
                               max_value=MOST_MEMBERS)  # fmt: skip
    most = forms.IntegerField(label=gettext_lazy("Members, at most"), min_value=1,
                              max_value=MOST_MEMBERS)  # fmt: skip
    coordinator = forms.BooleanField(
        label=gettext_lazy("Somebody in it has to be able to coordinate"), required=False
    )
    differ_by = forms.IntegerField(
        label=gettext_lazy("New members in each further proposal, at least"), min_value=1,
        max_value=MOST_MEMBERS,
        help_text=gettext_lazy("With 1 you get the very best ten; with more they are less alike."),
    )  # fmt: skip
    countries = forms.CharField(
        label=gettext_lazy("Only in these countries"), required=False, max_length=2000,
        help_text=gettext_lazy("Names or codes, with commas between them. Empty: everywhere."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Only these kinds"), required=False, choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    without = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Left out"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    names = forms.CharField(
        label=gettext_lazy("Leave out"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("One name a line."),
    )  # fmt: skip
    most_bids = forms.IntegerField(
        label=gettext_lazy("Nobody who is in so many of our other open bids"), required=False,
        min_value=1, max_value=MOST_BIDS,
        help_text=gettext_lazy("Of this partnership, as far as they are still written. Empty: it does not matter."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, settings: SearchSettings, partners: Sequence[tuple[int, str]],
        parties: Sequence[tuple[int, str]], left_out: Sequence[tuple[int, str]], currency: str,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=_initial(settings))
        self._offer("keep", partners)
        self._offer("without", left_out)
        self.parties = parties
        for pk, name in parties:
            self.fields[f"side_{pk}"] = forms.IntegerField(
                label=_("With %(name)s, at least") % {"name": name}, min_value=0,
                max_value=MOST_MEMBERS, required=False,
            )  # fmt: skip
        for row in range(1, MOST_NEEDS + 1):
            self.fields[f"need_{row}"] = forms.CharField(
                label=_("Topic %(number)d") % {"number": row}, required=False,
                max_length=MOST_WORDS,
            )  # fmt: skip
            self.fields[f"how_{row}"] = forms.ChoiceField(
                label=_("How much topic %(number)d matters") % {"number": row}, required=False,
                choices=_HOW,
            )  # fmt: skip
        self.shown = min(MOST_NEEDS, len(settings.needs) + _MORE)
        self._add_money(currency)

    def _offer(self, name: str, pairs: Sequence[tuple[int, str]]) -> None:
        if pairs:
            self.fields[name].choices = pairs  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def _add_money(self, currency: str) -> None:
        told = {"currency": currency}
        self.fields["request_most"] = _sum(
            _("All together ask for at most, in %(currency)s") % told, MOST_SUM
        )
        self.fields["cost"] = _sum(_("A partner usually costs, in %(currency)s") % told, MOST_COST)
        self.fields["request"] = _sum(
            _("A partner usually asks for, in %(currency)s") % told, MOST_COST,
            _("Empty: as much as the call gives for that cost."),
        )  # fmt: skip
        for kind, label in Kind.choices:
            self.fields[f"cost_{kind}"] = _sum(_("%(kind)s: cost") % {"kind": label}, MOST_COST)
            self.fields[f"request_{kind}"] = _sum(
                _("%(kind)s: asks for") % {"kind": label}, MOST_COST
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
        """Yield what each kind of partner costs and asks for."""
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
            for _label, *fields in self.money_rows() for field in fields
        )  # fmt: skip

    def clean_countries(self) -> tuple[str, ...]:
        """Return the codes."""
        typed = [one.strip() for one in self.cleaned_data["countries"].replace(";", ",").split(",")]
        found = {one: read_country(one) for one in typed if one}
        if unknown := [one for one, code in found.items() if code is None]:
            raise forms.ValidationError(
                _("There is no country called: %(names)s.") % {"names": join_items(unknown)}
            )
        return tuple(dict.fromkeys(code for code in found.values() if code))

    def names_left_out(self) -> list[str]:
        """Return the names that were typed of who is left out."""
        lines = self.cleaned_data["names"].splitlines()
        return [line.strip() for line in lines if line.strip()]

    def to_settings(self, leave_out: Sequence[int]) -> SearchSettings:
        """Return what is wanted, once the typed names are known organisations."""
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
                for row in range(1, MOST_NEEDS + 1) if values[f"need_{row}"]
            ),
            countries=values["countries"], kinds=tuple(values["kinds"]),
            sides={pk: values[f"side_{pk}"] or 0 for pk, _name in self.parties},
            figures=figures,
            **{name: values[name] for name in ("least", "most", "request_most", "most_bids",
                                               "coordinator", "differ_by")},
        )  # fmt: skip

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
        "keep": list(settings.keep), "without": list(settings.without),
        "kinds": list(settings.kinds),
        "countries": ", ".join(country_name(code) for code in settings.countries),
        **{f"side_{pk}": least for pk, least in settings.sides.items()},
        **{f"need_{row}": need.words for row, need in needs},
        **{f"how_{row}": "must" if need.must else "wish" for row, need in needs},
        **{f"cost{kind and '_'}{kind}": one.cost for kind, one in settings.figures.items()},
        **{f"request{kind and '_'}{kind}": one.request for kind, one in settings.figures.items()},
    }  # fmt: skip


class CompareForm(forms.Form):
    """Which two proposals to lay side by side."""

    one = forms.TypedChoiceField(label=gettext_lazy("Compare"), coerce=int, required=False)
    other = forms.TypedChoiceField(label=gettext_lazy("with"), coerce=int, required=False)

    def __init__(self, data: Any, *, count: int) -> None:
        super().__init__({"one": data.get("one", "1"), "other": data.get("other", "2")})
        choices = [(number, _("Proposal %(number)d") % {"number": number})
                   for number in range(1, count + 1)]  # fmt: skip
        for name in ("one", "other"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def pair(self) -> tuple[int, int] | None:
        """Return the two, if they are two."""
        if not self.is_valid():
            return None
        one, other = self.cleaned_data["one"], self.cleaned_data["other"]
        return (one, other) if one and other and one != other else None
