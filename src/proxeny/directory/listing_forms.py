"""Forms of offers, needs and interest. They parse; operations decide."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from proxeny.directory.forms import CountriesField, language_choices
from proxeny.directory.models import IPR, Interest, Kind, Listing, Organisation, Size, Stage
from proxeny.directory.operations.interests import MAX_CONTACT, MAX_NOTE, NEEDED, QUESTIONS
from proxeny.directory.operations.listings import MAX_KEYWORDS, ListingText
from proxeny.kernel.edit_conflicts import Standing, VersionedForm
from proxeny.kernel.form_fields import choice_field
from proxeny.kernel.lists import join_items

_WIDE = {"class": "segmented"}
#: The count of remaining characters while typing.
_LEFT = _("Characters left: %s")


def _counted(most: int, **attrs: Any) -> dict[str, Any]:
    return {"dir": "auto", "data-count": most, "data-count-text": _LEFT, **attrs}


def _area(label: Any, most: int, rows: int, help_text: Any = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs=_counted(most, rows=rows)),
        **more,
    )


class KeywordsField(forms.CharField):
    """Up to five words or short phrases, separated by commas of any script, or lines."""

    def __init__(self, **values: Any) -> None:
        super().__init__(required=False, max_length=500, **values)

    def to_python(self, value: Any) -> Any:
        """Return the words."""
        if isinstance(value, list | tuple):
            return list(value)
        text = super().to_python(value) or ""
        for mark in "،,;؛\n":
            text = text.replace(mark, ",")
        words = [" ".join(word.split()) for word in text.split(",")]
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: Any) -> None:
        """Refuse more than five, and sentences instead of words."""
        if len(value) > MAX_KEYWORDS:
            raise ValidationError(gettext("Choose the five most important words."))
        if long := next((word for word in value if len(word) > 80), ""):
            raise ValidationError(
                gettext("“%(word)s…” is too long for a keyword.") % {"word": long[:40]}
            )

    def run_validators(self, value: Any) -> None:
        """Leave the length of the whole to `validate`."""

    def prepare_value(self, value: Any) -> Any:
        """Return the words as they are typed."""
        return join_items(value) if isinstance(value, list | tuple) else value


class ListingForm(VersionedForm):
    """An offer or a need."""

    direction = forms.ChoiceField(
        label=_("This is"),
        choices=[("offer", _("an offer")), ("need", _("a need"))],
        widget=forms.RadioSelect(attrs=_WIDE),
        initial="offer",
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Listing.Kind.choices,
        widget=forms.RadioSelect(attrs=_WIDE),
        initial="business",
    )
    title = forms.CharField(
        label=_("In one line"),
        max_length=256,
        widget=forms.TextInput(attrs=_counted(256)),
        help_text=_("For example: virtual tours for museums, in four languages."),
    )
    summary = _area(
        _("In a few sentences"),
        500,
        4,
        _(
            "Who it’s for, what’s special about it and what a first step could be. Up to 500 "
            "characters."
        ),
    )
    description = _area(
        _("Full description"),
        4000,
        7,
        _("How it works, what you’ve done with it and for whom. Up to 4,000 characters."),
    )
    partner_role = _area(
        _("Partner’s role"),
        4000,
        4,
        _(
            "Testing, selling, building together, paying, teaching? And what they gain. Up to "
            "4,000 characters."
        ),
    )
    language = forms.ChoiceField(label=_("Language of the text"))
    technologies = KeywordsField(
        label=_("Technologies"), help_text=_("Up to five, separated by commas.")
    )
    markets = KeywordsField(label=_("Markets"), help_text=_("Up to five, separated by commas."))
    stage = forms.ChoiceField(
        label=_("Stage of development"), required=False, choices=[("", "—"), *Stage.choices]
    )
    ipr = forms.ChoiceField(
        label=_("Intellectual property protection"),
        required=False,
        choices=[("", "—"), *IPR.choices],
    )
    partner_kinds = forms.MultipleChoiceField(
        label=_("Partners sought"),
        required=False,
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple(attrs=_WIDE),
        help_text=_("Leave all unticked to welcome any kind."),
    )
    partner_sizes = forms.MultipleChoiceField(
        label=_("Partner size"),
        required=False,
        choices=Size.choices,
        widget=forms.CheckboxSelectMultiple(attrs=_WIDE),
    )
    partner_countries = CountriesField(
        label=_("Partner countries"),
        required=False,
        help_text=_("Choose none to accept partners from anywhere."),
    )
    is_open = forms.BooleanField(
        label=_("Partners can express interest here"), required=False, initial=True
    )
    expires_on = forms.DateField(
        label=_("Shown until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_anonymous = forms.BooleanField(label=_("Publish without our name"), required=False)
    is_draft = forms.BooleanField(
        label=_("Save as a draft that only we and our cluster can see"), required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        listing: Listing | None = None,
        owner: Organisation,
        days: int,
        is_adviser: bool = False,
        **values: Any,
    ) -> None:
        if listing is not None:
            values["initial"] = _initial_of(listing)
        super().__init__(data, **values)
        choice_field(self, "language").choices = language_choices(
            [listing.language] if listing else ()
        )
        self.initial.setdefault("language", translation.get_language())
        self.stands = listing.status if listing else ""
        self.fields["expires_on"].help_text = ngettext(
            "Leave empty to show it for %(days)d day after publication. We let you know before "
            "it ends.",
            "Leave empty to show it for %(days)d days after publication. We let you know before "
            "it ends.",
            days,
        ) % {"days": days}
        self._say_who_publishes(owner, is_adviser=is_adviser)

    def _say_who_publishes(self, owner: Organisation, *, is_adviser: bool) -> None:
        if is_adviser:
            # Both are decided by the author.
            del self.fields["is_anonymous"], self.fields["is_draft"]
        elif owner.steward_id is None:
            del self.fields["is_anonymous"]
        else:
            cluster = owner.steward.name if owner.steward else gettext("your cluster")
            self.fields["is_anonymous"].help_text = gettext(
                "%(cluster)s publishes it, and everyone who can see %(cluster)s can see it. Only "
                "you and the cluster’s team know who it’s from; leave your name out of the text "
                "too."
            ) % {"cluster": cluster}

    def standings(self) -> dict[str, Standing]:
        """Return whether the text is in the archive: saving it publishes it."""
        if self.stands != Listing.Status.ARCHIVED:
            return {"archive": Standing("")}
        sentence = gettext("This is archived; saving it restores it.")
        return {"archive": Standing("archived", sentence)}

    def to_text(self, known: Listing | None = None) -> ListingText:
        """Return the typed values; fields not on the form are unchanged."""
        typed = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("version", "is_draft")
        }
        if known is not None and "is_anonymous" not in typed:
            typed["is_anonymous"] = known.is_anonymous
        return ListingText(**typed)

    @property
    def keeps_draft(self) -> bool:
        """Whether it shall stay a draft."""
        return bool(self.cleaned_data.get("is_draft"))


def _initial_of(listing: Listing) -> dict[str, Any]:
    names = [name for name in ListingForm.base_fields if name != "is_draft"]
    return {name: getattr(listing, name) for name in names} | {
        "is_draft": listing.status == Listing.Status.DRAFT
    }


class NoteForm(forms.Form):
    """The reason for sending a text back to its writers."""

    note = forms.CharField(
        label=_("What should change"),
        max_length=2000,
        widget=forms.Textarea(attrs=_counted(2000, rows=3)),
        help_text=_("The authors receive this by email and see it above their text."),
    )


def _answer(name: str) -> forms.CharField:
    question, most = QUESTIONS[name]
    is_long = most > 500
    return forms.CharField(
        label=question,
        max_length=most,
        required=name in NEEDED,
        widget=forms.Textarea(_counted(most, rows=3))
        if is_long
        else forms.TextInput(_counted(most)),
    )


class AnswersForm(VersionedForm):
    """The fixed questions to an organisation interested in an offer or need."""

    organisation = forms.TypedChoiceField(label=_("For"), coerce=int)
    who = _answer("who")
    why = _answer("why")
    brings = _answer("brings")
    next_step = _answer("next_step")
    by_when = _answer("by_when")
    met = _answer("met")

    def __init__(
        self,
        data: Any = None,
        *,
        interest: Interest | None = None,
        organisations: Sequence[Organisation] = (),
        **values: Any,
    ) -> None:
        if interest is not None:
            values["initial"] = {**interest.answers, "version": interest.version}
        super().__init__(data, **values)
        if interest is not None:
            del self.fields["organisation"]
            return
        choice_field(self, "organisation").choices = [(one.pk, one.name) for one in organisations]
        if len(organisations) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.initial["organisation"] = organisations[0].pk

    def to_answers(self) -> dict[str, str]:
        """Return the answers by question."""
        return {name: self.cleaned_data[name] for name in QUESTIONS}


class PassForm(forms.Form):
    """The own adviser's note to the other side."""

    note = forms.CharField(
        label=_("A note to the other adviser"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs=_counted(MAX_NOTE, rows=2)),
        help_text=_("The final recipient reads it too."),
    )


class QuestionForm(forms.Form):
    """The own adviser's question before passing it on."""

    note = forms.CharField(
        label=_("Your question"),
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs=_counted(MAX_NOTE, rows=2)),
    )


class AcceptForm(forms.Form):
    """Yes, and how the other side gets in touch."""

    reply = forms.CharField(
        label=_("Your answer"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs=_counted(MAX_NOTE, rows=3)),
    )
    contact = forms.CharField(
        label=_("How they can reach you"),
        max_length=MAX_CONTACT,
        widget=forms.TextInput(attrs=_counted(MAX_CONTACT)),
        help_text=_(
            "A name and an address or phone number. They get this and nothing else about you."
        ),
    )


class DeclineForm(forms.Form):
    """No, and why."""

    reply = forms.CharField(
        label=_("Reason"),
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs=_counted(MAX_NOTE, rows=2)),
        help_text=_("The other side reads this. Even a short reason is kinder than none."),
    )


class InterestFilter(forms.Form):
    """Filters of the list of interest."""

    q = forms.CharField(
        label=_("Search by organisation or subject"),
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    side = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All")),
            ("waiting", _("Waiting for you")),
            ("given", _("Sent by us")),
            ("received", _("Received")),
        ],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Interest.State.choices]
    )

    def to_values(self) -> dict[str, str]:
        """Return the filters; invalid values are left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("side", "state")}
