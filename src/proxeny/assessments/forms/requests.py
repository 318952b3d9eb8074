"""Forms of requests: a company's request, its end, advisers, and declarations."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Person
from proxeny.assessments.models import Answer, Engagement, Question
from proxeny.assessments.operations.requests import RequestFacts
from proxeny.assessments.queries.engagements import Wanted
from proxeny.directory.countries import country_choices
from proxeny.directory.models import Organisation
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.view_helpers import read_number


def area(rows: int, most: int = 2000) -> forms.Textarea:
    """Return a field of several lines."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": str(most)})


def day() -> forms.DateInput:
    """Return a field of one day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class _Asked(forms.Form):
    """A company's request; the questions of the template are fields of their own."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("What you want to know"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("One sentence, such as: would hotels in Lyon buy our olive oil?"),
        error_messages={"required": _("Enter what you want to know in one sentence.")},
    )
    product = forms.CharField(
        label=_("Your product or service"),
        max_length=2000,
        required=False,
        widget=area(3),
        help_text=_("What it is and who you sell it to today."),
    )
    market = forms.ChoiceField(
        label=_("Market"),
        choices=country_choices,
        help_text=_("The country you want to know more about."),
        error_messages={"required": _("Choose a country from the list.")},
    )
    language = forms.ChoiceField(label=_("Language of the report"), choices=settings.LANGUAGES)
    wanted_on = forms.DateField(
        label=_("Needed by"),
        required=False,
        widget=day(),
        help_text=_("If you have to decide by a certain date."),
    )

    def add_questions(self, questions: Sequence[str], given: Sequence[str] = ()) -> None:
        """Ask the questions of the template, with what was answered before."""
        for number, asked in enumerate(questions, 1):
            self.fields[f"answer_{number}"] = forms.CharField(
                label=asked, max_length=2000, required=False, widget=area(2)
            )
            if number <= len(given):
                self.initial[f"answer_{number}"] = given[number - 1]

    def facts(self) -> RequestFacts:
        """Return the values for the operation."""
        numbers = range(1, 1 + sum(name.startswith("answer_") for name in self.fields))
        names = ("title", "product", "market", "language", "wanted_on")
        return RequestFacts(
            **{name: self.cleaned_data[name] for name in names},
            answers=tuple(self.cleaned_data[f"answer_{number}"] for number in numbers),
        )


class AskForm(_Asked):
    """A new request, for one of the companies that can ask."""

    client = forms.TypedChoiceField(
        label=_("Which company is it for?"),
        coerce=int,
        error_messages={
            "required": _("Choose a company."),
            "invalid_choice": _("Choose a company from the list."),
        },
    )
    field_order = ("client",)

    def __init__(
        self,
        data: Any = None,
        *,
        clients: Iterable[Organisation],
        questions: Sequence[str],
        language: str,
        market: str = "",
    ) -> None:
        super().__init__(data, initial={"language": language, "market": market})
        choices = [(one.pk, one.name) for one in clients]
        choice_field(self, "client").choices = (
            choices if len(choices) == 1 else [("", _("Choose a company")), *choices]
        )
        if len(choices) == 1:
            self.initial["client"] = choices[0][0]
            self.fields["client"].widget = forms.HiddenInput()
        choice_field(self, "market").choices = [
            ("", _("Choose a country")),
            *country_choices(),
        ]
        self.add_questions(questions)


class RequestForm(_Asked, VersionedForm):
    """A request that is changed."""

    def __init__(
        self, data: Any = None, *, engagement: Engagement, answers: Sequence[Answer]
    ) -> None:
        names = ("title", "product", "market", "language", "wanted_on", "version")
        super().__init__(data, initial={name: getattr(engagement, name) for name in names})
        self.add_questions([one.asked for one in answers], [one.text for one in answers])


class ReasonForm(forms.Form):
    """The reason why a request ends, in words that the other side reads."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=area(2, 1000),
        help_text=_("The other side will read this."),
        error_messages={
            "required": _("Give a reason in one sentence. The other side will see it.")
        },
    )


class AdviserForm(forms.Form):
    """An adviser on the user's own side of an engagement."""

    use_required_attribute = False

    person = forms.TypedChoiceField(
        label=_("Who"),
        coerce=int,
        error_messages={
            "required": _("Choose someone from your own cluster’s team."),
            "invalid_choice": _("Choose someone from your own cluster’s team."),
        },
    )
    effort_days = forms.DecimalField(
        label=_("Days of work"),
        min_value=0,
        max_value=Decimal("999.9"),
        max_digits=5,
        decimal_places=1,
        initial=5,
        help_text=_("How much of their working time it may take up."),
    )
    leads = forms.BooleanField(label=_("Leads the work on our side"), required=False)

    def __init__(
        self, data: Any = None, *, people: Iterable[Person], hints: dict[int, int] | None = None
    ) -> None:
        super().__init__(data)
        hints = hints or {}
        choice_field(self, "person").choices = [
            ("", _("Choose someone")),
            *((one.pk, _told(one, one.pk in hints)) for one in people),
        ]


def _told(person: Person, is_near: bool) -> Any:
    name = tell_name(person.name)
    if not is_near:
        return name
    return _("%(name)s (advises another company in this field)") % {"name": name}


class DeclareForm(forms.Form):
    """An adviser's declaration before the first access."""

    use_required_attribute = False

    conflicts = forms.TypedChoiceField(
        label=_("Your declaration"),
        coerce=lambda value: value == "yes",
        choices=[
            ("no", _("I have no conflict of interest")),
            ("yes", _("I have a conflict of interest, because:")),
        ],
        widget=forms.RadioSelect,
        empty_value=None,
        error_messages={"required": _("State whether you have a conflict of interest.")},
    )
    reason = forms.CharField(
        label=_("Nature of the conflict"),
        max_length=500,
        required=False,
        widget=area(2, 500),
        help_text=_("Only if you have a conflict. The teams can read it, but not the company."),
    )


class FindForm(forms.Form):
    """A filter for the list and the board."""

    use_required_attribute = False

    q = forms.CharField(
        label=_("Search in this list"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    question = forms.ChoiceField(label=_("Market question"), required=False)
    market = forms.ChoiceField(label=_("Market"), required=False)
    side = forms.ChoiceField(label=_("Cluster"), required=False)
    adviser = forms.ChoiceField(label=_("Adviser"), required=False)
    late = forms.BooleanField(label=_("Late only"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        markets: Sequence[tuple[str, str]],
        sides: Sequence[tuple[int, str]],
        people: Sequence[tuple[int, str]],
    ) -> None:
        super().__init__(data)
        everything: list[tuple[Any, Any]] = [("", _("All"))]
        for name, choices in (
            ("state", [("", _("Ongoing")), *Engagement.State.choices, ("all", _("All of them"))]),
            ("question", [*everything, *Question.choices]),
            ("market", [*everything, *markets]),
            ("side", [*everything, *sides]),
            ("adviser", [*everything, *people]),
        ):
            choice_field(self, name).choices = choices

    def wanted(self, *, sort: str, state: str = "") -> Wanted:
        """Return the filter; invalid values are ignored."""
        self.is_valid()
        read = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        return Wanted(
            search=read["q"],
            state=read.get("state") or state,
            question=read["question"],
            market=read["market"],
            side=read_number(read["side"]),
            adviser=read_number(read["adviser"]),
            is_late=bool(read["late"]),
            sort=sort,
        )
