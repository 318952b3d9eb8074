"""How pages of the directory answer a refusal, and how they write their own addresses."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from proxeny.kernel.errors import NotAllowed, NotFound, ProxenyError

View = Callable[..., HttpResponse]


def answering(view: View) -> View:
    """Answer `NotFound` with 404 and `NotAllowed` with 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from error
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error

    return guarded


def show_refusal(form: forms.Form, error: ProxenyError) -> None:
    """Write a refusal beside the field it belongs to, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def address_with(request: HttpRequest, **changes: object) -> str:
    """Return this page's query with some parameters changed; None or empty takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
