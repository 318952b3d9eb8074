"""Single deeds: pause, resume, a new secret, a test, once more, remove."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.kernel.answers import for_people
from proxeny.kernel.errors import Conflict
from proxeny.webhooks import operations, queries, signing
from proxeny.webhooks.models import Webhook


def show_secret(request: HttpRequest, webhook: Webhook, *, is_new: bool) -> HttpResponse:
    """Show a webhook's secret, in the answer to the post that made it and never again."""
    context = {"webhook": webhook, "secret": signing.secret_of(webhook), "is_new": is_new}
    return render(request, "webhooks/secret.html", context)


def _do(request: HttpRequest, pk: int, deed: Callable[[], object], done: str) -> HttpResponse:
    try:
        deed()
    except Conflict as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, done)
    return redirect("webhooks:detail", pk=pk)


@require_POST
@for_people
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Send nothing for now."""
    return _do(
        request,
        pk,
        lambda: operations.pause_webhook(actor=request.reader, webhook_id=pk),
        _("Paused. When you resume, your program is told what happened meanwhile."),
    )


@require_POST
@for_people
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on."""
    return _do(
        request,
        pk,
        lambda: operations.resume_webhook(actor=request.reader, webhook_id=pk),
        _("It goes on where it stopped."),
    )


@require_POST
@for_people
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it a new secret and show it, this once."""
    try:
        webhook = operations.rotate_secret(actor=request.reader, webhook_id=pk, now=timezone.now())
    except Conflict as error:
        messages.warning(request, str(error))
        return redirect("webhooks:detail", pk=pk)
    return show_secret(request, webhook, is_new=False)


@require_POST
@for_people
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test."""
    return _do(
        request,
        pk,
        lambda: operations.send_test(actor=request.reader, webhook_id=pk, now=timezone.now()),
        _("The test is on its way. What comes of it appears in the log."),
    )


@require_POST
@for_people
def resend(request: HttpRequest, pk: int, delivery_id: int) -> HttpResponse:
    """Send one message again."""
    return _do(
        request,
        pk,
        lambda: operations.send_again(
            actor=request.reader, webhook_id=pk, delivery_id=delivery_id, now=timezone.now()
        ),
        _("The message is on its way again."),
    )


@require_POST
@for_people
def resend_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """Send all messages again that were given up."""
    try:
        count = operations.send_failed_again(
            actor=request.reader, webhook_id=pk, now=timezone.now()
        )
    except Conflict as error:
        messages.warning(request, str(error))
    else:
        said = ngettext(
            "%(count)s message is on its way again.",
            "%(count)s messages are on their way again.",
            count,
        )
        messages.success(request, said % {"count": count})
    return redirect("webhooks:detail", pk=pk)


@require_http_methods(["GET", "POST"])
@for_people
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then remove."""
    webhook = queries.get_webhook(pk)
    if request.method == "POST":
        operations.remove_webhook(actor=request.reader, webhook_id=pk)
        messages.success(request, _("The webhook is removed. Nothing is sent any more."))
        return redirect("webhooks:list")
    return render(request, "webhooks/remove.html", {"webhook": webhook})
