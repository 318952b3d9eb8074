"""A new webhook, and changes to one."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proxeny.accounts.authors import authors_of
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.webhooks import operations, queries, rules
from proxeny.webhooks.forms import WebhookForm
from proxeny.webhooks.models import Webhook
from proxeny.webhooks.views.actions import show_secret


@require_http_methods(["GET", "POST"])
@for_people
def create(request: Request) -> HttpResponse:
    """Add a webhook, and show its secret, this once."""
    if not request.reader.managed:
        raise NotAllowed(_("Only managers can set up webhooks."))
    own = queries.list_managed(request.reader)
    form = WebhookForm(request.POST or None, organisations=own)
    if request.method == "POST" and form.is_valid():
        try:
            webhook = operations.add_webhook(actor=request.reader, **form.to_values())
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            return show_secret(request, webhook, is_new=True)
    context = {"form": form, "chosen": _chosen(form)}
    return render(request, "webhooks/write.html", context, status=422 if form.errors else 200)


def _chosen(form: WebhookForm) -> bool:
    return bool(form["verbs"].value())


@require_http_methods(["GET", "POST"])
@for_people
@keeping(WebhookForm)
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a webhook."""
    edit = edit_record(
        request,
        load=lambda: _own(request, pk),
        make=lambda webhook, data: WebhookForm(data, initial=_initial(webhook)),
        save=lambda form: operations.change_webhook(
            actor=request.reader, webhook_id=pk, version=form.number, **form.to_values()
        ),
        authors=lambda webhook: authors_of(webhook, request.reader, exact=["change_webhook"]),
    )
    if edit.is_saved:
        edit.say(_("Saved."))
        return redirect("webhooks:detail", pk=pk)
    context = {"form": edit.form, "webhook": edit.record, "chosen": _chosen(edit.form)}
    return render(request, "webhooks/write.html", context, status=edit.status)


def _own(request: Request, pk: int) -> Webhook:
    webhook = queries.get_webhook(pk)
    if not rules.can_manage(request.reader, webhook.organisation_id):
        raise NotAllowed(_("Only a manager of the organisation can change its webhooks."))
    return webhook


def _initial(webhook: Webhook) -> dict[str, object]:
    return {name: getattr(webhook, name) for name in ("url", "description", "verbs", "version")}
