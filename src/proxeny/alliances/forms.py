"""Forms of public pages: the draft, what is looked for, and why one is withdrawn."""

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
from proxeny.kernel.versions import VersionedForm


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class PageForm(VersionedForm):
    """The draft: its words, and what of the room the page shows."""

    headline = forms.CharField(
        label=_("Headline"), max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("What you are called together, or what you want: the title of the page."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES,
        help_text=_("In which you write. All other words come in the reader’s language."),
    )  # fmt: skip
    about = forms.CharField(
        label=pgettext_lazy("an alliance", "What it is for"), required=False, max_length=6000, widget=_long(8),
        help_text=_("What you do together, and why: for somebody who has never heard of you."),
    )  # fmt: skip
    audience = forms.CharField(
        label=_("For whom"), required=False, max_length=3000, widget=_long(4)
    )
    joining = forms.CharField(
        label=_("How to join or reach it"), required=False, max_length=3000, widget=_long(4)
    )
    contact = forms.EmailField(
        label=_("E-mail address"), required=False, max_length=254,
        help_text=_("Of an organisation, such as office@cluster.example. Everybody reads it."),
    )  # fmt: skip
    slug = forms.SlugField(
        label=_("Last part of the address"), required=False, max_length=80,
        help_text=_("Latin letters, digits and hyphens. Empty: made of the headline. It stays as it"
                    " is once it was put before all sides."),
    )  # fmt: skip

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
                    label=label, required=False, choices=choices,
                    widget=forms.CheckboxSelectMultiple,
                )  # fmt: skip

    def to_values(self) -> dict[str, Any]:
        """Return what was typed and ticked, as the operation takes it."""
        typed = self.cleaned_data
        shown = [key for group in GROUPS for key in typed.get(group, ())]
        return {name: typed[name] for name in WORDS} | {"shown": shown}


class WithdrawPageForm(forms.Form):
    """Why a page is withdrawn."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it where the page stood."),
    )  # fmt: skip


class FindPagesForm(forms.Form):
    """What is looked for among public pages."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, countries: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((one, country_name(one)) for one in countries), key=lambda pair: pair[1])
        self.fields["country"].choices = [("", _("all")), *named]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what is looked for; what makes no sense is not."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(q=found.get("q", ""), country=found.get("country", ""))
