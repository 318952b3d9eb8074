"""The list of webhooks, and one with the log of its deliveries."""

import json
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people, page_links, page_of
from proxeny.webhooks import queries, rules
from proxeny.webhooks.forms import LogFilter
from proxeny.webhooks.models import Webhook, WebhookDelivery

_TONES = {"active": "ok", "failing": "bad", "paused": "warn"}
_LOG_TONES = {"delivered": "ok", "failed": "bad", "waiting": "info"}


@require_GET
@for_people
def list_webhooks(request: Request) -> HttpResponse:
    """Show the webhooks of the organisations the reader manages."""
    if not request.reader.managed:
        raise NotAllowed(_("Only managers can set up webhooks."))
    found = queries.visible_webhooks()
    if (file := queries.WEBHOOKS.export(request, found)) is not None:
        return file
    shown = queries.WEBHOOKS.show(request, found)
    for webhook in shown.rows:
        _dress(webhook)
    context = {
        "list": shown,
        "webhooks": shown.rows,
        "shows_organisation": len(request.reader.managed) > 1,
    }
    return render(request, "webhooks/list.html", context)


def _dress(webhook: Any) -> None:
    """Add a webhook's state and events for its pages."""
    webhook.tone = _TONES[webhook.state]
    webhook.why = webhook.get_halt_display() if webhook.state == Webhook.State.PAUSED else ""
    webhook.sentences = [queries.sentence_of(verb) for verb in webhook.verbs]


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show one webhook with its deliveries and their times."""
    webhook = queries.get_webhook(pk)
    found = queries.find_deliveries(
        webhook, state=request.GET.get("state", ""), verb=request.GET.get("verb", "")[:80]
    )
    if request.GET.get("export"):
        return _export(request, found)
    _dress(webhook)
    page = page_of(found, request)
    for delivery in page:
        _dress_delivery(delivery)
    now = timezone.now()
    context = {
        "webhook": webhook,
        "page": page,
        "filter": LogFilter(request.GET, verbs=queries.list_log_verbs(webhook)),
        "is_filtered": bool(request.GET.get("state") or request.GET.get("verb")),
        "has_failed": queries.find_deliveries(webhook, state="failed").exists(),
        "is_awake": webhook.state != Webhook.State.PAUSED,
        "kept_days": rules.KEPT.days,
        "former_until": webhook.former_until
        if webhook.former_until and now < webhook.former_until
        else None,
        # A message that has never left is about to: the log then looks again by itself.
        "looks_again": any(one.state == "waiting" and not one.attempts for one in page),
        "export_url": address_with(request, export="csv", page=None),
        "export_xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "webhooks/detail.html", context)


def _dress_delivery(delivery: Any) -> None:
    delivery.sentence = queries.sentence_of(delivery.verb)
    delivery.tone = _LOG_TONES[delivery.state]
    delivery.label = {
        "delivered": _("Delivered"),
        "failed": _("Given up"),
        "waiting": _("Waiting"),
    }[delivery.state]
    delivery.shown_body = json.dumps(json.loads(delivery.body), indent=2)


def _export(request: Request, found: QuerySet[WebhookDelivery]) -> HttpResponse:
    head = (
        _("Message"),
        _("What happened"),
        _("Created"),
        _("State"),
        _("Attempts"),
        _("Last attempt"),
        _("Result"),
        _("Status"),
        pgettext("what someone answered", "Answer"),
        _("Next attempt"),
    )
    rows = (
        (
            one.message_id,
            one.verb,
            one.created_at.isoformat(),
            one.state,
            one.attempts,
            one.tried_at.isoformat() if one.tried_at else "",
            one.get_outcome_display(),
            one.status_code,
            one.answer,
            one.due_at.isoformat() if one.due_at else "",
        )
        for one in found
    )
    return answer_table("deliveries", form=request.GET["export"], header=head, rows=rows)
