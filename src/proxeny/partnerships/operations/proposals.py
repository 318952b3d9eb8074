"""Drafting a partnership and sending the proposal to the other side."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import Kind, Organisation
from proxeny.directory.queries import visible_organisations
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.models import Partnership, Party, Stage
from proxeny.partnerships.operations import guards

State = Partnership.State


@transaction.atomic
def draft_partnership(
    *,
    actor: Reader,
    cluster_id: int,
    partner_id: int,
    title: str,
    purpose: str,
    text: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Partnership:
    """Begin a partnership between two clusters; only the proposing side sees the draft.

    Parameters
    ----------
    cluster_id, partner_id : int
        The actor's cluster (side A) and the other one (side B), which the actor must see.
    text : str
        The agreement that both sides are to sign.

    Returns
    -------
    Partnership
        In state `draft`, with two parties and version 1 of the agreement. A `Reader` made before
        sees the partnership itself; parties and text only when it is loaded again.

    Raises
    ------
    NotAllowed
        The actor does not manage the cluster.
    InvalidInput
        A field does not hold; its name is with the error.
    Conflict
        The two clusters have a partnership, or a proposal under way.
    """
    if not rules.can_propose(actor, cluster_id):
        raise NotAllowed(_("Only a manager of the cluster can propose a partnership."))
    title, purpose = _check(title, purpose, starts_on=starts_on, ends_on=ends_on)
    text = guards.clean_text(text)
    pair = [_cluster(cluster_id, "cluster_id"), _cluster(partner_id, "partner_id")]
    if cluster_id == partner_id:
        raise InvalidInput(_("Choose a cluster other than your own."), field="partner_id")
    with as_service("The service alone writes parties; the actor may propose for the cluster."):
        _refuse_a_second(cluster_id, partner_id)
        partnership = Partnership.objects.create(
            title=title, purpose=purpose, lead=pair[0], starts_on=starts_on, ends_on=ends_on
        )
        for letter, organisation in zip("AB", pair, strict=True):
            Party.objects.create(partnership=partnership, organisation=organisation, side=letter)
    guards.add_agreement(partnership, text, number=1)
    # Without the partnership's id: what is in a draft stays with those who write it.
    audit.record(actor, "draft_partnership", partnership, organisation_id=cluster_id)
    return partnership


def _check(
    title: str, purpose: str, *, starts_on: date | None, ends_on: date | None
) -> tuple[str, str]:
    title = " ".join(title.split())
    if not title:
        raise InvalidInput(_("Give the partnership a name."), field="title")
    if starts_on and ends_on and ends_on < starts_on:
        raise InvalidInput(_("The end can’t be before the start."), field="ends_on")
    return title, purpose.strip()


def _cluster(organisation_id: int, field: str) -> Organisation:
    clusters = visible_organisations().filter(kind=Kind.CLUSTER, steward=None)
    found = clusters.filter(pk=organisation_id).first()
    if found is None:
        raise InvalidInput(_("Choose a cluster from the list."), field=field)
    return found


def _refuse_a_second(cluster_id: int, partner_id: int) -> None:
    # A draft of the other side is its own business: it neither blocks nor shows.
    alive = Partnership.objects.filter(state__in=(State.PROPOSED, State.ACTIVE))
    drafts = Partnership.objects.filter(state=State.DRAFT, lead_id=cluster_id)
    for found in (alive, drafts):
        mine = found.filter(parties__organisation_id=cluster_id)
        if mine.filter(parties__organisation_id=partner_id).exists():
            raise Conflict(
                _("You already have a partnership or a proposal with this cluster."),
                field="partner_id",
            )


@transaction.atomic
def change_draft(
    *,
    actor: Reader,
    partnership_id: int,
    version: int,
    title: str,
    purpose: str,
    text: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Partnership:
    """Change a draft, its agreement included.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput
        As for `draft_partnership`.
    Conflict
        It is no draft any more, or somebody changed it since `version`.
    """
    partnership, _parties = _own_draft(actor, partnership_id)
    if partnership.version != version:
        raise Conflict(
            _("A colleague has changed this draft since you opened it. Your text is kept here.")
        )
    title, purpose = _check(title, purpose, starts_on=starts_on, ends_on=ends_on)
    _replace_text(partnership, guards.clean_text(text))
    guards.write(partnership, title=title, purpose=purpose, starts_on=starts_on, ends_on=ends_on)
    audit.record(actor, "change_draft", partnership, organisation_id=partnership.lead_id)
    return partnership


def _own_draft(actor: Reader, partnership_id: int) -> tuple[Partnership, list[Party]]:
    partnership, parties = guards.lock(partnership_id)
    if not rules.can_lead(actor, partnership):
        raise NotAllowed(_("Only a manager of the proposing cluster can do this."))
    guards.expect(partnership, State.DRAFT)
    return partnership, parties


def _replace_text(partnership: Partnership, text: str, *, always: bool = False) -> None:
    newest = guards.newest_agreement(partnership)
    if newest.text == text and not always:
        return
    with as_service("The service alone writes agreements, and the actor leads this draft."):
        was_signed = newest.sign_offs.exists()
        if not was_signed:
            newest.text, newest.text_hash = text, guards.hash_text(text)
            newest.save(update_fields=["text", "text_hash"])
    if was_signed:
        # A signed text is never overwritten.
        guards.add_agreement(partnership, text, number=newest.number + 1)


@transaction.atomic
def propose_partnership(*, actor: Reader, partnership_id: int, now: datetime) -> Partnership:
    """Send a draft to the other side: from now on its people read it, and may sign or decline.

    Nothing is signed by sending. Signatures under an earlier, withdrawn proposal do not count.

    Raises
    ------
    NotFound
        The actor does not see the partnership.
    NotAllowed
        The actor does not manage the proposing cluster.
    Conflict
        It is no draft any more, or the other side has proposed the same in the meantime.

    Notes
    -----
    Side effects: mails to the other side's managers.
    """
    partnership, parties = _own_draft(actor, partnership_id)
    mine, other = parties[0], parties[1]
    with as_service("The reader's rights are older than a proposal that has just come in."):
        alive = Partnership.objects.filter(state__in=(State.PROPOSED, State.ACTIVE))
        shared = alive.filter(parties__organisation_id=mine.organisation_id)
        if shared.filter(parties__organisation_id=other.organisation_id).exists():
            raise Conflict(_("The other side has since sent you a proposal."))
    newest = guards.newest_agreement(partnership)
    _replace_text(partnership, newest.text, always=True)
    guards.write(
        partnership, state=State.PROPOSED, reason="", stage=Stage.KNOWLEDGE, stage_since=now.date()
    )
    audit.record(
        actor,
        "propose_partnership",
        partnership,
        organisation_id=partnership.lead_id,
        partnership_id=partnership.pk,
    )
    guards.tell_others("proposal", partnership, parties, actor=actor, mine=mine, today=now.date())
    return partnership
