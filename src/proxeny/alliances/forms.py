"""Forms of public pages: the draft, the search, and the withdrawal."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.alliances.models import LANGUAGES, Page
from proxeny.alliances.offers import GROUPS, Offer, first_choice
from proxeny.alliances.operations.pages import WORDS
from proxeny.alliances.queries.published import Wanted
from proxeny.directory.countries import country_name
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class PageForm(VersionedForm):
    """The draft: its texts, and the room's contents shown on the page."""

    headline = forms.CharField(
        label=_("Headline"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_(
            "What you’re called together, or what you want: this becomes the title of the page."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=LANGUAGES,
        help_text=_("The language you write in. Everything else appears in the reader’s language."),
    )
    about = forms.CharField(
        label=pgettext_lazy("an alliance", "Purpose"),
        required=False,
        max_length=6000,
        widget=_long(8),
        help_text=_("What you do together and why, for someone who has never heard of you."),
    )
    audience = forms.CharField(
        label=_("Who it is for"), required=False, max_length=3000, widget=_long(4)
    )
    joining = forms.CharField(
        label=_("How to join or get in touch"), required=False, max_length=3000, widget=_long(4)
    )
    contact = forms.EmailField(
        label=_("Email address"),
        required=False,
        max_length=254,
        help_text=_(
            "An organisation’s address, such as office@cluster.example. Everyone can see it."
        ),
    )
    slug = forms.SlugField(
        label=_("Last part of the address"),
        required=False,
        max_length=80,
        help_text=_(
            "Latin letters, digits and hyphens. If empty, it’s made from the headline. It can’t "
            "be changed once the page has been sent to all sides for signature."
        ),
    )

    def __init__(self, data: Any = None, *, page: Page, offers: Sequence[Offer]) -> None:
        shown = page.shown if page.version else first_choice(offers)
        chosen = {
            group: [one.key for one in offers if one.group == group and one.key in shown]
            for group in GROUPS
        }
        words = {name: getattr(page, name) for name in WORDS}
        super().__init__(data, initial={**words, **chosen, "version": page.version})
        for group, label in GROUPS.items():
            choices = [(one.key, one.title) for one in offers if one.group == group]
            if choices:
                self.fields[group] = forms.MultipleChoiceField(
                    label=label,
                    required=False,
                    choices=choices,
                    widget=forms.CheckboxSelectMultiple,
                )

    def to_values(self) -> dict[str, Any]:
        """Return the typed and ticked values, as the operation takes them."""
        typed = self.cleaned_data
        shown = [key for group in GROUPS for key in typed.get(group, ())]
        return {name: typed[name] for name in WORDS} | {"shown": shown}


class WithdrawPageForm(forms.Form):
    """The reason for withdrawing a page."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everyone sees this where the page used to be."),
    )


class FindPagesForm(forms.Form):
    """A search of public pages."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, countries: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((one, country_name(one)) for one in countries), key=lambda pair: pair[1])
        choice_field(self, "country").choices = [("", _("all")), *named]

    def wanted(self) -> Wanted:
        """Return the search; invalid values are ignored."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(q=found.get("q", ""), country=found.get("country", ""))
