"""A page with the contents of a form whose record can no longer be saved, for copying."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from proxeny.kernel.edit_conflicts.forms import VersionedForm
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound

View = Callable[..., HttpResponse]


def keeping(form_class: type[VersionedForm]) -> Callable[[View], View]:
    """Show the posted data when the record is gone, or may not be changed (any more).

    The text is the same for somebody who never had access to the record: the page reveals nothing
    that a plain 404 or 403 would not. A GET is refused as usual.
    """

    def wear(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except (NotFound, Http404):
                if request.method != "POST":
                    raise
                title = _("This no longer exists")
                reason = _("Someone removed it, or it’s no longer visible to you.")
                return _show(request, form_class, title, reason, 404)
            except (NotAllowed, PermissionDenied) as error:
                if request.method != "POST":
                    raise
                title = _("You can’t change this")
                reason = str(error) or _("You can read this, but only others can change it.")
                return _show(request, form_class, title, reason, 403)
            except Conflict as error:
                if request.method != "POST":
                    raise
                title = _("This can no longer be saved here")
                return _show(request, form_class, title, str(error), 409)

        return guarded

    return wear


def _show(
    request: HttpRequest, form_class: type[VersionedForm], title: str, reason: str, status: int
) -> HttpResponse:
    told = [form_class.tell_posted(name, request.POST.getlist(name)) for name in request.POST]
    typed = [pair for pair in told if pair and pair[1].strip()]
    context = {"title": title, "reason": reason, "typed": typed}
    return render(request, "web/kept.html", context, status=status)
