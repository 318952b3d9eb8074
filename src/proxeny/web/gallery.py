"""Examples for the page of components that a template alone cannot make."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.accounts.trail import Change, Happening
from proxeny.kernel.edit_conflicts import Author, Comparison, Difference
from proxeny.kernel.rows import Column, Rows, Shown
from proxeny.kernel.view_helpers import address_with


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
    """Return a record that two people changed in one field, without known authors."""
    place = Difference.between("place", _("Place"), _("Town hall"), "")
    return Comparison([place])


def some_happenings(*, now: datetime) -> list[Happening]:
    """Return a sample history, newest first: with a reason, a change, a name, nothing."""

    def one(minutes: int, sentence: str, by: str, **more: Any) -> Happening:
        told = {"what": "", "why": "", "changes": [], **more}
        return Happening(at=now - timedelta(minutes=minutes), sentence=sentence, by=by, **told)

    return [
        one(
            4,
            _("Changed the entry"),
            _("The manager in Paris"),
            changes=[
                Change(_("City"), "Paris", "Saint-Denis"),
                Change(
                    _("Summary"),
                    _(
                        "Ten pilots in health imaging by 2028, each with a hospital on both sides, and "
                        "a report that both clusters read."
                    ),
                    _(
                        "Twelve pilots in health imaging by 2029, each with a hospital on both sides, "
                        "and a report that both clusters read."
                    ),
                ),
            ],
        ),
        one(
            90,
            _("Ended the membership"),
            _("The manager in Athens"),
            what="Kyklos Creative",
            why=_("The firm has moved to Lisbon."),
        ),
        one(
            3000,
            _("Republished a text"),
            _("Someone whose name isn’t visible to you"),
            what=_("Offline audio guides"),
        ),
        one(9000, _("Added the member"), _("Proxeny")),
    ]


class _Meeting(NamedTuple):
    """A row of the example list."""

    member: str
    meets: str
    rating: float | None


_MEETINGS = (
    _Meeting("Nefeli Studios", "Lumière Interactive", 4.5),
    _Meeting("Ψηφιακή Ακρόπολη", "Institut de la vision numérique", None),
    _Meeting("شركة النور الرقمية", "Orfeo Games", 3.8),
)
_LIST = Rows(
    "meetings",
    columns=(
        Column("member", gettext_lazy("Member"), lambda row: row.member, by=lambda row: row.member),
        Column("meets", gettext_lazy("Meets"), lambda row: row.meets, by=lambda row: row.meets),
        Column(
            "rating",
            gettext_lazy("Rating"),
            lambda row: row.rating,
            by=lambda row: row.rating,
            end=True,
        ),
    ),
    words=lambda row: (row.member, row.meets),
)


def a_list(request: HttpRequest) -> Shown:
    """Return a list of three rows that is searched and sorted as all lists are."""
    return _LIST.show(request, _MEETINGS)


class ExampleForm(forms.Form):
    """One field of each kind that forms are made of."""

    name = forms.CharField(
        label=gettext_lazy("Name of the event"), help_text=gettext_lazy("As guests will see it.")
    )
    city = forms.CharField(label=gettext_lazy("City"), required=False)
    about = forms.CharField(
        label=gettext_lazy("What it’s about"), widget=forms.Textarea(attrs={"rows": 3})
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("en", "English"), ("fr", "Français")]
    )
    meets = forms.ChoiceField(
        label=gettext_lazy("Would you meet them?"),
        choices=[("y", gettext_lazy("Gladly")), ("n", gettext_lazy("Rather not"))],
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("Days"),
        choices=[("1", gettext_lazy("Monday")), ("2", gettext_lazy("Tuesday"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    plan = forms.FileField(label=gettext_lazy("Floor plan"), required=False)
    is_open = forms.BooleanField(label=gettext_lazy("Open to guests"), required=False)


def a_form(*, is_sent: bool) -> ExampleForm:
    """Return an example form as it comes, or as it comes back when something is missing."""
    prefix = "sent" if is_sent else "new"
    data = {"sent-name": "Museums Meet Machines", "sent-language": "de"} if is_sent else None
    return ExampleForm(data, prefix=prefix)


#: Choices to answer at once, and the link to a page.
CHOICES = (
    ("y", gettext_lazy("Gladly")),
    ("p", gettext_lazy("Perhaps")),
    ("n", gettext_lazy("Rather not")),
)
CRUMBS = (
    {"url": "#a", "label": gettext_lazy("Partnerships")},
    {"url": "#b", "label": "Athens – Paris"},
    {"url": "", "label": gettext_lazy("Risks")},
)

#: The tokens of `tokens.css` by their groups, as `components.css` draws them.
TOKENS = {
    "paper": (
        "paper",
        "surface",
        "sunken",
        "line",
        "line-strong",
        "ink",
        "ink-soft",
        "action",
        "focus",
    ),
    "sides": ("a", "a-text", "a-soft", "a-line", "b", "b-text", "b-soft", "b-line"),
    "meaning": ("ok", "ok-soft", "warn", "warn-soft", "bad", "bad-soft", "info", "info-soft"),
    "type": ("3xl", "2xl", "xl", "l", "m", "s", "xs"),
    "space": ("1", "2", "3", "4", "5", "6", "8", "10", "12", "16", "24"),
    "shape": ("radius-s", "radius", "radius-l", "round"),
    "motion": ("quick", "calm"),
}


class Choice(NamedTuple):
    """One setting of a switch on the page of components: label, address, whether it is on."""

    label: str
    url: str
    is_on: bool


#: Settings of each switch; the first is the page's own.
_SWITCHES = {"dir": ("", "ltr", "rtl"), "colours": ("", "light", "dark")}


def switches(request: HttpRequest) -> dict[str, Any]:
    """Return how the components are drawn (direction, colours) and the switches that change it."""
    words = {
        "dir": (_("Same as the page"), _("Left to right"), _("Right to left")),
        "colours": (_("Page colours"), _("Light"), _("Dark")),
    }
    chosen = {
        name: request.GET.get(name, "") if request.GET.get(name) in values else ""
        for name, values in _SWITCHES.items()
    }
    told = {
        name: [
            Choice(label, address_with(request, **{name: value or None}), value == chosen[name])
            for label, value in zip(words[name], values, strict=True)
        ]
        for name, values in _SWITCHES.items()
    }
    return {"drawn": chosen, "switches": told}
