"""Single actions: pause, resume, a new secret, a test, resend, remove."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.kernel.actions import perform
from proxeny.kernel.errors import Conflict
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.webhooks import operations, queries, signing
from proxeny.webhooks.models import Webhook


def show_secret(request: Request, webhook: Webhook, *, is_new: bool) -> HttpResponse:
    """Show a webhook's secret, in the answer to the post that made it and never again."""
    context = {"webhook": webhook, "secret": signing.secret_of(webhook), "is_new": is_new}
    return render(request, "webhooks/secret.html", context)


def _do(request: Request, pk: int, operation: Callable[..., object], done: str) -> HttpResponse:
    operation, to = partial(operation, webhook_id=pk), reverse("webhooks:detail", args=[pk])
    return perform(request, operation, done=done, to=to)


@require_POST
@for_people
def pause(request: Request, pk: int) -> HttpResponse:
    """Send nothing for now."""
    done = _("Paused. When you resume, your program receives what happened in the meantime.")
    return _do(request, pk, lambda now, **given: operations.pause_webhook(**given), done)


@require_POST
@for_people
def resume(request: Request, pk: int) -> HttpResponse:
    """Go on."""
    done = _("Resumed. It continues where it stopped.")
    return _do(request, pk, lambda now, **given: operations.resume_webhook(**given), done)


@require_POST
@for_people
def rotate(request: Request, pk: int) -> HttpResponse:
    """Give it a new secret and show it, this once."""
    try:
        webhook = operations.rotate_secret(actor=request.reader, webhook_id=pk, now=timezone.now())
    except Conflict as error:
        messages.warning(request, str(error))
        return redirect("webhooks:detail", pk=pk)
    return show_secret(request, webhook, is_new=False)


@require_POST
@for_people
def test(request: Request, pk: int) -> HttpResponse:
    """Send a test."""
    done = _("The test is on its way. The result will appear in the log.")
    return _do(request, pk, operations.send_test, done)


@require_POST
@for_people
def resend(request: Request, pk: int, delivery_id: int) -> HttpResponse:
    """Send one message again."""
    operation = partial(operations.send_again, delivery_id=delivery_id)
    return _do(request, pk, operation, _("The message is on its way again."))


@require_POST
@for_people
def resend_failed(request: Request, pk: int) -> HttpResponse:
    """Send all messages again that were given up."""
    return perform(
        request,
        partial(operations.send_failed_again, webhook_id=pk),
        done=lambda count: (
            ngettext(
                "%(count)s message is on its way again.",
                "%(count)s messages are on their way again.",
                count,
            )
            % {"count": count}
        ),
        to=reverse("webhooks:detail", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
@for_people
def remove(request: Request, pk: int) -> HttpResponse:
    """Ask first, then remove."""
    webhook = queries.get_webhook(pk)
    if request.method == "POST":
        operations.remove_webhook(actor=request.reader, webhook_id=pk)
        messages.success(request, _("Webhook removed. Nothing more is sent."))
        return redirect("webhooks:list")
    return render(request, "webhooks/remove.html", {"webhook": webhook})
