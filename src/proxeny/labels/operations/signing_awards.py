"""Effects of a signature under awards: the key of the signer's cluster signs each of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.engine.credentials import Signer, add_proof
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Award, IssuerKey, SchemeVersion, StatusList
from proxeny.labels.operations import award_mails, revoking, status_lists
from proxeny.labels.operations.awarding import refuse_conflict
from proxeny.labels.operations.credentials import fingerprint_of
from proxeny.labels.operations.issuing import Issuing, issuing_of, method_of, proofs_of
from proxeny.labels.operations.key_stores import KeyUnusable
from proxeny.labels.operations.keys import open_key, unusable
from proxeny.labels.operations.senders import clusters_of
from proxeny.labels.queries import awards as queries
from proxeny.labels.queries.issuing import versions_published
from proxeny.labels.queries.keys import current_keys, get_own_cluster, keys_of
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.operations import signing
from proxeny.partnerships.operations.parties import PARTIES_CHANGED
from proxeny.partnerships.operations.signers import Side

Kind = Agreement.Kind
#: Awards of one transaction of a long run.
_BATCH = 500


def awards_of(agreement: Agreement) -> list[Award]:
    """Return the awards that a text is about and that wait, locked. One query. Service role."""
    found = Award.objects.filter(queries.WAITS, partnership_id=agreement.partnership_id)
    if agreement.subject.startswith("name-"):
        found = found.filter(pk=agreement.subject.removeprefix("name-"))
    else:
        found = found.filter(decision_id=agreement.subject).exclude(why=Award.Why.NAME)
    related = (
        "scheme_version",
        "status_list",
        "replaces",
        "application",
        "organisation",
        "decision__round",
    )
    found = found.select_related(*related).defer("status_list__bits", "status_list__credential")
    return list(found.select_for_update(of=("self",)).order_by("pk"))


def _add_proofs(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """Let the signer's cluster sign each award with its key, in this moment."""
    with as_service("The holder's directory entry may be hidden from the cluster that signs."):
        awards = awards_of(agreement)
    _expect_the_same(awards, agreement)
    refuse_conflict(actor, [one.application_id for one in awards if one.application_id])
    _expect_still_chosen(awards)
    issuing = issuing_of(awards[0].scheme_version)
    _expect_no_lost_key(awards, issuing)
    if mine.organisation_id not in issuing.clusters:
        return
    key, signer = _open_own(issuing, mine)
    for one in awards:
        one.credential = _sign(one.credential, issuing, key, signer, now)
    with as_service("A manager of the cluster has just signed, and its key signs the awards."):
        Award.objects.bulk_update(awards, ["credential"], batch_size=_BATCH)


def _sign(
    credential: dict[str, Any], issuing: Issuing, key: IssuerKey, signer: Signer, now: datetime
) -> dict[str, Any]:
    try:
        return add_proof(credential, signer=signer, method=method_of(issuing, key), created=now)
    except KeyUnusable:
        raise unusable(str(key.organisation)) from None


def _open_own(issuing: Issuing, mine: Side) -> tuple[IssuerKey, Signer]:
    key = current_keys(issuing.clusters).get(mine.organisation_id)
    name = mine.organisation.name
    if key is None:
        raise Conflict(_("%(name)s doesn’t have a key to sign with yet.") % {"name": name})
    try:
        return key, open_key(key)
    except KeyUnusable:
        raise unusable(name) from None


def _expect_the_same(awards: Sequence[Award], agreement: Agreement) -> None:
    """Raise `Conflict` unless the awards are word for word those that the text names."""
    names = [fingerprint_of(one.credential) for one in awards]
    if not names or any(one not in agreement.text for one in names):
        raise Conflict(_("The text has changed. Read it again before you sign."))


def _expect_still_chosen(awards: Sequence[Award]) -> None:
    numbers = [
        one.application_id for one in awards if one.application_id and one.why != Award.Why.NAME
    ]
    with as_service("Which awards still hold must not depend on what this signer may see."):
        stands = queries.still_chosen(numbers) - queries.under_appeal(numbers)
    gone = [
        one.title
        for one in awards
        if one.application_id in numbers and one.application_id not in stands
    ]
    if gone:
        raise Conflict(
            _(
                "Withdrawn, given up or under appeal since then: %(names)s. Close this text and "
                "send the other awards for signature again."
            )
            % {"names": join_items(gone)}
        )


def _expect_no_lost_key(awards: Sequence[Award], issuing: Issuing) -> None:
    lost = _lost_methods(issuing)
    if any(
        each["verificationMethod"] in lost for one in awards for each in proofs_of(one.credential)
    ):
        raise Conflict(
            _(
                "A key that signed these awards has since been reported as lost. Close this text "
                "and send the awards for signature again."
            )
        )


def _lost_methods(issuing: Issuing, but: int | None = None) -> set[str]:
    keys = keys_of(issuing.clusters if but is None else [but])
    return {method_of(issuing, one) for those in keys.values() for one in those if one.lost_at}


def _issue(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """Issue the awards once all have signed, and tell their holders."""
    with as_service("The last signature issues the awards, but no reader may write status lists."):
        awards = awards_of(agreement)
        issuing = issuing_of(awards[0].scheme_version)
        if any(len(proofs_of(one.credential)) != len(issuing.clusters) for one in awards):
            raise Conflict(_("Not every cluster of the label has signed each award."))
        Award.objects.filter(pk__in=[one.pk for one in awards]).update(issued_at=now)
        for one in awards:
            one.issued_at = now
        lists = list(
            StatusList.objects.select_for_update()
            .filter(pk__in={one.status_list_id for one in awards})
            .order_by("pk")
        )
        status_lists.sign_or_mark([one for one in lists if one.signed_at is None], issuing, now=now)
    renamed = [one.replaces for one in awards if one.why == Award.Why.NAME and one.replaces]
    revoking.end_renamed(renamed, issuing, now=now)
    audit.record(
        actor,
        "issue_awards",
        agreement,
        partnership_id=partnership.pk,
        organisation_id=mine.organisation_id,
        changes={"awards": len(awards)},
    )
    # They are of one round, so of one label.
    sender = clusters_of(partnership.pk, awards[0].scheme_version.contact)
    for one in awards:
        award_mails.tell_awarded(one, sender)


def take_back(awards: Iterable[Award], *, now: datetime) -> None:
    """Cancel awards that not all have signed; their places are not reused. Service role."""
    numbers = [one.pk for one in awards]
    Award.objects.filter(pk__in=numbers).update(dropped_at=now, replaces=None)


def _refused(
    _actor: Reader,
    _partnership: Partnership,
    agreement: Agreement,
    _mine: Side,
    now: datetime,
) -> None:
    with as_service("A side may refuse awards even if their holders are hidden from it."):
        take_back(awards_of(agreement), now=now)


def _stop_waiting(partnership: Partnership, now: datetime) -> None:
    """Close the waiting texts: the sides that have to sign have changed."""
    why = _("The participants have changed.")
    with as_service("The cluster that joins or leaves may not see the awards that wait."):
        for one in queries.agreements_waiting(partnership.pk):
            if one.kind == Kind.AWARD:
                take_back(awards_of(one), now=now)
            signing.void(partnership.pk, one.kind, one.subject, now=now, why=why)


@transaction.atomic
def ask_to_sign_anew(*, actor: Reader, organisation_id: int, now: datetime) -> int:
    """Queue new signatures for what a lost key of a cluster had signed; return the number.

    Nothing of the awards changes; the other clusters' signatures stay.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `get_own_cluster`; the cluster has no key, it cannot be used, or nothing waits.
    """
    cluster = get_own_cluster(actor, organisation_id)
    key = current_keys([cluster.pk]).get(cluster.pk)
    if key is None:
        raise Conflict(_("%(name)s doesn’t have a key to sign with yet.") % {"name": cluster.name})
    try:
        open_key(key)
    except KeyUnusable:
        raise unusable(cluster.name) from None
    count = count_to_sign_anew(cluster.pk)
    if not count:
        raise Conflict(_("Nothing needs to be signed again."))
    audit.record(
        actor,
        "sign_awards_anew",
        key,
        partnership_id=None,
        organisation_id=cluster.pk,
        changes={"awards": count},
    )
    enqueue(
        "labels.sign-anew",
        actor=actor,
        organisation_id=cluster.pk,
        key=f"labels.sign-anew:{key.pk}:{now:%Y-%m-%dT%H:%M:%S}",
        arguments={"organisation_id": cluster.pk, "key_id": key.pk},
    )
    return count


def count_to_sign_anew(organisation_id: int) -> int:
    """Return the number of awards that bear the signature of a lost key of a cluster."""
    return sum(_to_sign(one, organisation_id).count() for one in _issuings(organisation_id))


def _issuings(organisation_id: int) -> list[Issuing]:
    """Return under which identifiers a cluster has issued awards."""
    with as_service("Published versions are public, so the cluster's manager may read them all."):
        versions = SchemeVersion.objects.filter(
            published_at__isnull=False,
            content__issuers__contains=[{"organisation": organisation_id}],
        )
        schemes = set(versions.values_list("scheme_id", flat=True))
        found = {}
        for scheme in sorted(schemes):
            published = versions_published(scheme)
            by_number = {one.number: one for one in published}
            for one in versions.filter(scheme_id=scheme).order_by("number"):
                if organisation_id in by_number[one.number].clusters:
                    issuing = issuing_of(one)
                    found[issuing.did] = issuing
    return list(found.values())


def _to_sign(issuing: Issuing, organisation_id: int) -> QuerySet[Award]:
    """Return the issued awards that bear the signature of a lost key of a cluster."""
    wanted = Q(pk__in=[])
    for method in sorted(_lost_methods(issuing, organisation_id)):
        wanted |= Q(credential__proof__contains=[{"verificationMethod": method}])
    found = Award.objects.filter(wanted, scheme_id=issuing.scheme_id, issued_at__isnull=False)
    return found.order_by("pk")


def sign_next(organisation_id: int, key_id: int, *, now: datetime) -> int:
    """Sign the next few awards again; return their number, 0 when none is left. Service role.

    Safe to repeat at any moment: a signed award waits no longer.
    """
    key = IssuerKey.objects.filter(pk=key_id, retired_at=None, lost_at=None).first()
    if key is None:
        return 0
    signer = open_key(key)
    for issuing in _issuings(organisation_id):
        lost = _lost_methods(issuing, organisation_id)
        awards = list(_to_sign(issuing, organisation_id).select_for_update()[:_BATCH])
        for one in awards:
            kept = [
                each for each in proofs_of(one.credential) if each["verificationMethod"] not in lost
            ]
            bare = {**one.credential, "proof": kept}
            one.credential = _sign(bare, issuing, key, signer, now)
        if awards:
            Award.objects.bulk_update(awards, ["credential"], batch_size=_BATCH)
            return len(awards)
    return 0


signing.FOLLOWS.add(Kind.AWARD, signing.Follow(_issue, refused=_refused, each=_add_proofs))
PARTIES_CHANGED.add(_stop_waiting)
