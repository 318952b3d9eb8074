"""Forms of applications: begun, written, with documents and answers; and what clusters note of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices, country_name
from proxeny.directory.models import Organisation
from proxeny.kernel.files import ACCEPTED
from proxeny.kernel.form_fields import choice_field
from proxeny.labels.content import IndicatorText, SchemeText
from proxeny.labels.models import LANGUAGES, Application
from proxeny.labels.queries.applications import SORTS
from proxeny.partnerships.find_forms import FindForm

#: Up to so many points are offered as buttons; more are typed.
MOST_BUTTONS = 10
#: The form to which every field belongs: documents between them have forms of their own.
FORM_ID = "application"


class BeginForm(forms.Form):
    """For which organisation, and what the project is called."""

    use_required_attribute = False

    organisation = forms.TypedChoiceField(
        label=_("Applicant organisation"),
        coerce=int,
        error_messages={
            "required": _("Choose an organisation."),
            "invalid_choice": _("Choose one of your organisations."),
        },
    )
    title = forms.CharField(
        label=_("Project name"),
        max_length=200,
        error_messages={"required": _("Enter a project name.")},
    )

    def __init__(self, data: Any = None, *, organisations: Iterable[Organisation]) -> None:
        offered = [(one.pk, one.name) for one in organisations]
        super().__init__(data, initial={"organisation": offered[0][0] if offered else None})
        choice_field(self, "organisation").choices = offered


class ApplicationForm(forms.Form):
    """All fields of a draft. What fits into each, the operation says: each is saved by itself."""

    use_required_attribute = False

    def __init__(
        self,
        values: Mapping[str, str],
        scheme: SchemeText,
        *,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """`values` are the stored values, `typed` the input to show again."""
        shown = {**values, **(typed or {})}
        super().__init__(
            None,
            initial={
                name: bool(value) if name.startswith("confirmed_") else value
                for name, value in shown.items()
            },
        )
        for name, field in _fields(shown, scheme):
            field.required = False
            field.widget.attrs.update({"form": FORM_ID, "data-field": name})
            self.fields[name] = field

    def refuse(self, refused: Mapping[str, str]) -> None:
        """Write beside fields what is wrong with them."""
        self._errors = forms.utils.ErrorDict()
        for name, sentence in refused.items():
            self._errors[name] = self.error_class([sentence], renderer=self.renderer)


def _fields(shown: Mapping[str, str], scheme: SchemeText) -> Iterable[tuple[str, forms.Field]]:
    text = forms.CharField
    yield "title", text(label=_("Project name"))
    yield (
        "summary",
        text(
            label=_("In a few sentences"),
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("What it is, who it’s for and how far along it is."),
        ),
    )
    yield (
        "country",
        text(
            label=_("Country of origin"),
            widget=forms.Select(choices=country_choices()),
            help_text=_(
                "Where the project comes from. Some places may be reserved for certain countries."
            ),
        ),
    )
    yield (
        "topics",
        text(label=_("Fields"), help_text=_("Separate with commas: fisheries, sensors.")),
    )
    yield "website", text(label=_("Website"), widget=forms.URLInput(attrs={"dir": "ltr"}))
    if "changed" in shown:
        yield (
            "changed",
            text(
                label=_("What has changed since the label was awarded"),
                widget=forms.Textarea(attrs={"rows": 5}),
            ),
        )
    yield "contact_name", text(label=_("Contact person"))
    yield "contact_email", text(label=_("Their email address"), widget=forms.EmailInput)
    yield (
        "language",
        text(label=_("Preferred language for messages"), widget=forms.Select(choices=LANGUAGES)),
    )
    for condition in scheme.conditions:
        yield f"confirmed_{condition.key}", forms.BooleanField(label=scheme.told(condition.title))
    for one in scheme.indicators():
        yield f"points_{one.key}", _points(one, shown.get(f"points_{one.key}", ""))
        yield (
            f"text_{one.key}",
            text(label=_("Reasons and evidence"), widget=forms.Textarea(attrs={"rows": 5})),
        )


def _points(one: IndicatorText, given: str) -> forms.Field:
    label = gettext("Your self-assessment, from 0 to %(scale)d points") % {"scale": one.scale}
    offered = ["", *(str(number) for number in range(one.scale + 1))]
    if one.scale > MOST_BUTTONS or given not in offered:
        return forms.CharField(
            label=label,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "lb-points"}),
        )
    return forms.CharField(
        label=label,
        widget=forms.RadioSelect(
            attrs={"class": "segmented"},
            choices=[(value, value or "–") for value in offered],
        ),
    )


class DocumentForm(forms.Form):
    """A document for an indicator, or for all. The file comes last: what follows one that is too
    large is not read."""

    use_required_attribute = False

    indicator = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("Document"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "Up to 10 MB: PDF, image, text, CSV, document, workbook or slides, without macros."
        ),
        error_messages={"required": _("Choose a document to upload.")},
    )

    def __init__(self, data: Any = None, files: Any = None, *, indicator: str = "") -> None:
        super().__init__(
            data,
            files,
            initial={"indicator": indicator},
            auto_id=f"id_file_{indicator or 'all'}_%s",
        )


class AnswerForm(forms.Form):
    """An answer to a question of the clusters."""

    use_required_attribute = False

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Enter your answer.")},
    )

    def __init__(self, data: Any = None, *, question_id: int, answer: str = "") -> None:
        super().__init__(data, initial={"answer": answer}, auto_id=f"id_{question_id}_%s")


_ELIGIBLE = [
    ("yes", pgettext_lazy("whether an application can take part", "Yes")),
    ("no", pgettext_lazy("whether an application can take part", "No")),
    ("open", pgettext_lazy("whether an application can take part", "Not checked yet")),
]


class FindApplicationsForm(FindForm):
    """A filter for the applications of a round."""

    states = [one for one in Application.State.choices if one[0] != Application.State.DRAFT]
    sorts = tuple(name for one in SORTS for name in (one, f"-{one}"))

    country = forms.ChoiceField(label=_("Country of origin"), required=False)
    eligible = forms.ChoiceField(
        label=_("Eligible"), required=False, choices=[("", _("All")), *_ELIGIBLE]
    )

    def __init__(self, data: Any, *, countries: Iterable[str]) -> None:
        super().__init__(data)
        choice_field(self, "country").choices = [
            ("", _("All")),
            *((one, country_name(one)) for one in countries),
        ]

    def wanted(self) -> dict[str, Any]:
        """Return the filter for the list."""
        asked = self.asked()
        return {("search" if name == "q" else name): value for name, value in asked.items()}


class EligibleForm(forms.Form):
    """Whether an application takes part, and why not."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    eligible = forms.ChoiceField(
        label=_("Eligible"),
        choices=_ELIGIBLE,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    why = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("The applicant can read this. Required if the application isn’t eligible."),
    )


class PaidForm(forms.Form):
    """The day on which the fee was paid."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    paid_on = forms.DateField(
        label=_("Fee paid on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave empty if it hasn’t been paid yet."),
    )


class ConflictForm(forms.Form):
    """A manager's own conflict of interest in an application."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("The nature of your interest"),
        max_length=500,
        error_messages={"required": _("Describe your interest.")},
        help_text=_("You’ll no longer see anything of this application. You can’t undo this."),
    )


class AskForm(forms.Form):
    """A question to the applicant."""

    use_required_attribute = False

    indicator = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Question"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter your question.")},
    )

    def __init__(self, data: Any = None, *, scheme: SchemeText) -> None:
        super().__init__(data, auto_id="id_ask_%s")
        choice_field(self, "indicator").choices = [
            ("", _("The whole application")),
            *((one.key, scheme.told(one.title)) for one in scheme.indicators()),
        ]


class PassOnForm(forms.Form):
    """A juror's question, worded so that it does not reveal the juror."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("Question to pass on"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter the question.")},
    )

    def __init__(self, data: Any = None, *, question_id: int, text: str = "") -> None:
        super().__init__(data, initial={"text": text}, auto_id=f"id_pass_{question_id}_%s")
