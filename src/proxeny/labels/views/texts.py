"""The texts of a label in other languages, side by side with what is written."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from proxeny.kernel.actions import submit_form
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.labels.forms.schemes import ChooseLanguageForm, TextsForm
from proxeny.labels.gaps import name_language
from proxeny.labels.operations.wording import write_texts
from proxeny.labels.queries.schemes import read_parts
from proxeny.labels.scheme_texts import Group, group_texts, languages_to
from proxeny.labels.views.frame import SchemeFrame, enter_scheme, show_scheme_tab


@require_http_methods(["GET", "POST"])
@for_people
def show(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Show the texts of a label beside those in another language, and keep what was translated."""
    posts = request.method == "POST"
    frame = enter_scheme(request, pk, scheme_id, to_write=posts)
    languages = languages_to(frame.scheme)
    choice = ChooseLanguageForm(request.GET, languages=languages)
    if not languages:
        return show_scheme_tab(request, frame, "texts", "texts", {"languages": languages})
    groups = group_texts(read_parts(frame.scheme), choice.chosen)
    is_open = request.GET.get("open") == "1"
    form = TextsForm(
        request.POST if posts else None, groups=groups, language=choice.chosen, only_open=is_open
    )
    saved = submit_form(
        request,
        form,
        partial(write_texts, partnership_id=pk, scheme_id=scheme_id, language=choice.chosen),
        values=lambda: {"texts": form.wanted()},
        done=lambda count: (
            ngettext("%(count)d text saved.", "%(count)d texts saved.", count) % {"count": count}
            if count
            else _("Nothing has changed.")
        ),
        to=_address(pk, scheme_id, choice.chosen, is_open=is_open),
    )
    return saved or _show(
        request, frame, form, groups, choice, is_open=is_open, status=422 if form.errors else 200
    )


def _address(pk: int, scheme_id: int, language: str, *, is_open: bool) -> str:
    asked = {"language": language} | ({"open": 1} if is_open else {})
    return f"{reverse('labels:texts', args=[pk, scheme_id])}?{urlencode(asked)}"


def _show(
    request: Request,
    frame: SchemeFrame,
    form: TextsForm,
    groups: list[Group],
    choice: ChooseLanguageForm,
    *,
    is_open: bool,
    status: int,
) -> HttpResponse:
    scheme, language = frame.scheme, choice.chosen
    texts = [one for group in groups for one in group.texts]
    pk = frame.room.partnership.pk
    context = {
        "languages": [
            {
                "code": one,
                "name": name_language(one),
                "active": one == language,
                "url": _address(pk, scheme.pk, one, is_open=is_open),
            }
            for one in choice.codes
        ],
        "language": language,
        "language_name": name_language(language),
        "source_name": name_language(scheme.language),
        "form": form,
        "total": len(texts),
        "missing": sum(one.is_missing for one in texts),
        "changed": sum(one.is_changed for one in texts),
        "is_open": is_open,
        "all_url": _address(pk, scheme.pk, language, is_open=False),
        "open_url": _address(pk, scheme.pk, language, is_open=True),
    }
    return show_scheme_tab(request, frame, "texts", "texts", context, status=status)
