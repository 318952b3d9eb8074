"""Actions from a page: run an operation, say what came of it, and lead on to a page.

The operations that these functions take are called with `actor`, the request's reader, and `now`,
by the reader's own clock. A view names the rest: `partial(end_plan, plan_id=pk)`, or, where an
operation takes no `now`, `lambda now, **given: end_plan(plan_id=pk, **given)`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django_htmx.http import HttpResponseClientRefresh

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.form_fields import put_data
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import show_refusal


def perform[T](
    request: Request,
    operation: Callable[..., T],
    *,
    done: str | Callable[[T], str | None] = "",
    to: str,
    onward: str | Callable[[T], str] = "",
    undo: str | Callable[[T], str] = "",
) -> HttpResponse:
    """Answer a post of one click: run its operation, and redirect with a message.

    Parameters
    ----------
    done : str or callable
        The message; a callable gets what the operation returned, and may say it itself.
    to : str
        The address to go to.
    onward : str or callable, optional
        The address to go to once it is done, where it isn't `to`.
    undo : str or callable, optional
        The address that the message offers for undoing the action.

    Notes
    -----
    `InvalidInput` and `Conflict` are shown as a message; other exceptions are passed on.
    """
    try:
        value = operation(actor=request.reader, now=timezone.localtime())
    except (InvalidInput, Conflict) as error:
        messages.error(request, str(error))
        return return_to(request, to)
    return _lead_on(request, value, done=done, to=onward or to, undo=undo)


def submit_form[T](
    request: Request,
    form: forms.Form,
    operation: Callable[..., T],
    *,
    values: Callable[[], Mapping[str, Any]] | None = None,
    done: str | Callable[[T], str | None] = "",
    to: str | Callable[[T], str],
    undo: str | Callable[[T], str] = "",
    seen: Callable[[], object] | None = None,
) -> HttpResponse | None:
    """Run the operation of a form that was sent, and redirect with a message as `perform` does.

    Returns None where the page with the form has to be shown: nothing was sent, or it was refused,
    which the form then says beside the field or above. A record that others may be changing at the
    same time is saved with `edit_record` instead.

    Parameters
    ----------
    values : callable, optional
        Returns what the operation takes of the form; its cleaned data, unless given.
    seen : callable, optional
        Returns the mark of the record as it is now, for the form's field `seen`: somebody else may
        have moved the record on. Once the refusal has been read, the form can be sent again.
    """
    if not form.is_valid():
        return None
    try:
        facts = form.cleaned_data if values is None else values()
        value = operation(actor=request.reader, now=timezone.localtime(), **facts)
    except (InvalidInput, Conflict) as error:
        show_refusal(form, error)
        if seen is not None:
            put_data(form, form.add_prefix("seen"), str(seen()))
        return None
    return _lead_on(request, value, done=done, to=to, undo=undo)


def _lead_on[T](
    request: Request,
    value: T,
    *,
    done: str | Callable[[T], str | None],
    to: str | Callable[[T], str],
    undo: str | Callable[[T], str],
) -> HttpResponse:
    said = done(value) if callable(done) else done
    again = undo(value) if callable(undo) else undo
    if said:
        messages.success(request, said, extra_tags=f"undo:{again}" if again else "")
    return return_to(request, to(value) if callable(to) else to)


def return_to(request: Request, url: str) -> HttpResponse:
    """Redirect to a page after an action.

    A form that htmx sends names what it replaces, and gets that page; an undo in a message replaces
    nothing, so its page is reloaded.
    """
    if request.htmx and not request.htmx.target:
        refresh: HttpResponse = HttpResponseClientRefresh()
        return refresh
    return redirect(url)
