"""Webhooks as managers keep them: added, changed, paused, resumed, given a new secret, removed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.webhooks import queries, rules
from proxeny.webhooks.models import DESCRIPTION_LENGTH, Webhook
from proxeny.webhooks.outbound import check_address
from proxeny.webhooks.signing import make_nonce

State = Webhook.State
_CHANGED = _("A colleague has changed this webhook since you opened it. Check the latest version.")


@transaction.atomic
def add_webhook(
    *,
    actor: Reader,
    organisation_id: int,
    url: str,
    description: str = "",
    verbs: Iterable[str] = (),
) -> Webhook:
    """Send an organisation's events to an address from now on.

    Parameters
    ----------
    url : str
        Where the messages go; see `outbound.check_address`.
    verbs : iterable of str
        Operations it hears of; none means all.

    Raises
    ------
    NotAllowed
        The actor does not manage the organisation.
    InvalidInput
        The address or an operation does not hold.
    Conflict
        The organisation has a webhook to this address, or as many as it may have.
    """
    if not rules.can_manage(actor, organisation_id):
        raise NotAllowed(_("Only a manager of the organisation can add a webhook."))
    url = check_address(url)
    description, verbs = _clean(description), _known(verbs)
    _refuse_a_second(organisation_id, url)
    if Webhook.objects.filter(organisation_id=organisation_id).count() >= rules.MOST_WEBHOOKS:
        raise Conflict(
            _("An organisation can have at most %(count)s webhooks. Remove one first.")
            % {"count": rules.MOST_WEBHOOKS}
        )
    with as_service("A new webhook starts at the end of the trail, which no reader may see."):
        position = queries.last_position()
    webhook = Webhook.objects.create(
        organisation_id=organisation_id,
        url=url,
        description=description,
        verbs=verbs,
        nonce=make_nonce(),
        position=position,
        made_by_id=actor.person,
    )
    _record(actor, "add_webhook", webhook, url=[None, url])
    return webhook


def _clean(description: str) -> str:
    return " ".join(description.split())[:DESCRIPTION_LENGTH]


def _known(verbs: Iterable[str]) -> list[str]:
    chosen, known = set(verbs), dict(queries.list_verbs())
    if unknown := chosen - set(known):
        raise InvalidInput(
            _("There is no message type called %(name)s.") % {"name": sorted(unknown)[0][:80]},
            field="verbs",
        )
    return sorted(chosen)


def _refuse_a_second(organisation_id: int, url: str, *, but: int | None = None) -> None:
    same = Webhook.objects.filter(organisation_id=organisation_id, url=url).exclude(pk=but or 0)
    if same.exists():
        raise Conflict(_("There’s already a webhook to this address."), field="url")


def get_own(actor: Reader, webhook_id: int) -> Webhook:
    """Return a webhook that the actor may change; `NotFound` or `NotAllowed` otherwise."""
    webhook = queries.get_webhook(webhook_id)
    if not rules.can_manage(actor, webhook.organisation_id):
        raise NotAllowed(_("Only a manager of the organisation can change its webhooks."))
    return webhook


def _write(webhook: Webhook, **values: object) -> Webhook:
    same = Webhook.objects.filter(pk=webhook.pk, version=webhook.version)
    if not same.update(version=F("version") + 1, **values):
        raise Conflict(_CHANGED)
    return queries.get_webhook(webhook.pk)


def _record(actor: Reader, verb: str, webhook: Webhook, **changes: object) -> None:
    audit.record(
        actor, verb, webhook, organisation_id=webhook.organisation_id, changes=dict(changes)
    )


@transaction.atomic
def change_webhook(
    *,
    actor: Reader,
    webhook_id: int,
    version: int,
    url: str,
    description: str,
    verbs: Iterable[str],
) -> Webhook:
    """Change a webhook's address and its events. Its secret stays.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput
        As for `add_webhook`.
    Conflict
        Somebody changed it since `version`, or there is another one to this address.
    """
    webhook = get_own(actor, webhook_id)
    if webhook.version != version:
        raise Conflict(_CHANGED)
    values: dict[str, Any] = {
        "url": check_address(url),
        "description": _clean(description),
        "verbs": _known(verbs),
    }
    _refuse_a_second(webhook.organisation_id, values["url"], but=webhook.pk)
    changes = {
        name: [getattr(webhook, name), value]
        for name, value in values.items()
        if getattr(webhook, name) != value
    }
    if not changes:
        return webhook
    webhook = _write(webhook, **values)
    _record(actor, "change_webhook", webhook, **changes)
    return webhook


@transaction.atomic
def pause_webhook(*, actor: Reader, webhook_id: int) -> Webhook:
    """Stop deliveries until it is resumed; actions in the meantime are delivered then.

    Raises
    ------
    NotFound, NotAllowed
        As for `change_webhook`.
    Conflict
        It is already paused.
    """
    webhook = get_own(actor, webhook_id)
    if webhook.state == State.PAUSED:
        raise Conflict(_("This webhook is already paused."))
    webhook = _write(webhook, state=State.PAUSED, halt=Webhook.Halt.BY_HAND)
    _record(actor, "pause_webhook", webhook)
    return webhook


@transaction.atomic
def resume_webhook(*, actor: Reader, webhook_id: int) -> Webhook:
    """Continue where it stopped: send waiting messages, and actions of the last 30 days.

    Raises
    ------
    NotFound, NotAllowed
        As for `change_webhook`.
    Conflict
        It is not paused.
    """
    webhook = get_own(actor, webhook_id)
    if webhook.state != State.PAUSED:
        raise Conflict(_("This webhook isn’t paused."))
    webhook = _write(webhook, state=State.ACTIVE, halt="", failing_since=None)
    _record(actor, "resume_webhook", webhook)
    return webhook


@transaction.atomic
def rotate_secret(*, actor: Reader, webhook_id: int, now: datetime) -> Webhook:
    """Give a webhook a new secret. For a day the former one signs too, so that no message is lost.

    Raises
    ------
    NotFound, NotAllowed
        As for `change_webhook`.
    """
    webhook = get_own(actor, webhook_id)
    webhook = _write(
        webhook,
        nonce=make_nonce(),
        former_nonce=webhook.nonce,
        former_until=now + rules.ROTATION,
    )
    _record(actor, "rotate_webhook_secret", webhook)
    return webhook


@transaction.atomic
def remove_webhook(*, actor: Reader, webhook_id: int) -> None:
    """Remove a webhook and the log of its deliveries. Pending messages are not sent any more.

    Raises
    ------
    NotFound, NotAllowed
        As for `change_webhook`.
    """
    webhook = get_own(actor, webhook_id)
    _record(actor, "remove_webhook", webhook, url=[webhook.url, None])
    with as_service("The log of deliveries goes with its webhook, but no reader may delete it."):
        webhook.delete()
