"""A cluster's keys: made, replaced, reported lost. A private key is sealed before it is stored."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory.models import Organisation
from proxeny.engine.credentials import Signer, decode_multikey, encode_multikey
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import IssuerKey, StatusList
from proxeny.labels.operations.key_stores import KeyUnusable, store_for_new, store_of
from proxeny.labels.queries.keys import find_keys, get_own_cluster

logger = logging.getLogger(__name__)
MOST_WHY = 300


@transaction.atomic
def make_key(*, actor: Reader, organisation_id: int, now: datetime) -> IssuerKey:
    """Make the key with which a cluster signs from now on, where it has none that signs.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `get_own_cluster`; it has one already, or none can be made now.
    """
    cluster = _enter(actor, organisation_id)
    if any(_signs(one) for one in find_keys([cluster.pk])):
        raise Conflict(_("There’s already a key. Replace it, or report it as lost."))
    return _make(actor, cluster, "make_issuer_key", now)


@transaction.atomic
def rotate_key(*, actor: Reader, organisation_id: int, now: datetime) -> IssuerKey:
    """Replace the key of a cluster by a new one; what the old one signed holds.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `get_own_cluster`; there is none, or none can be made now.
    """
    cluster = _enter(actor, organisation_id)
    current = next((one for one in find_keys([cluster.pk]) if _signs(one)), None)
    if current is None:
        raise Conflict(_("There’s no key to replace. Create one."))
    return _make(actor, cluster, "rotate_issuer_key", now, replaces=current)


@transaction.atomic
def report_loss(
    *,
    actor: Reader,
    organisation_id: int,
    number: int,
    why: str,
    now: datetime,
    lost_at: datetime | None = None,
) -> IssuerKey:
    """Report that others may have a key: all its signatures are void from now on.

    It need not be the current key. Awards that it signed are signed again with the next key
    (`signing_awards.sign_anew`).

    Parameters
    ----------
    lost_at : datetime, optional
        The time of the loss, as far as known; now by default.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `get_own_cluster`; there is no such key, or it was reported.
    InvalidInput
        No reason is given, or the time is in the future or before the key was made.
    """
    cluster = _enter(actor, organisation_id)
    key = next((one for one in find_keys([cluster.pk]) if one.number == number), None)
    if key is None:
        raise Conflict(_("We couldn’t find this key."))
    if key.lost_at is not None:
        raise Conflict(_("Its loss has already been reported."))
    why, lost_at = " ".join(why.split())[:MOST_WHY], lost_at or now
    if not why:
        raise InvalidInput(
            _("Describe what happened in one sentence that anyone can read."), field="why"
        )
    if not key.created_at <= lost_at <= now:
        raise InvalidInput(
            _("Enter a date between the day the key was created and today."), field="lost_at"
        )
    with as_service("Managers may report a loss, but no reader may write keys or status lists."):
        IssuerKey.objects.filter(pk=key.pk).update(lost_at=lost_at, why=why)
        # What it signed of them counts no more: they are signed anew once there is another key.
        lists = StatusList.objects.filter(scheme__partnership__parties__organisation=cluster)
        StatusList.objects.filter(pk__in=lists.values("pk")).update(signed_at=None)
    key.lost_at, key.why = lost_at, why
    audit.record(
        actor,
        "lose_issuer_key",
        key,
        partnership_id=None,
        organisation_id=cluster.pk,
        changes={"number": key.number},
        why=why,
    )
    return key


def _enter(actor: Reader, organisation_id: int) -> Organisation:
    """Return a cluster of the actor's, locked: two simultaneous clicks make one key."""
    cluster = get_own_cluster(actor, organisation_id)
    with as_service("The actor manages this cluster, so locking its entry gives nothing away."):
        return Organisation.objects.select_for_update(no_key=True).get(pk=cluster.pk)


def _signs(key: IssuerKey) -> bool:
    return key.retired_at is None and key.lost_at is None


def _make(
    actor: Reader,
    cluster: Organisation,
    verb: str,
    now: datetime,
    *,
    replaces: IssuerKey | None = None,
) -> IssuerKey:
    try:
        name, store = store_for_new()
        made = store.make()
    except KeyUnusable as error:
        logger.exception("No key was made for cluster %s: %s", cluster.pk, error)
        raise Conflict(
            _(
                "Keys can’t be created at the moment. The site’s administrator can find the "
                "reason in its log."
            )
        ) from None
    number = max((one.number for one in find_keys([cluster.pk])), default=0) + 1
    # Signatures and documents tell whole seconds: what the old key signed in this one holds too.
    retired_at = now.replace(microsecond=0) + timedelta(seconds=1)
    with as_service("No reader may write keys; that the actor manages the cluster was checked."):
        if replaces is not None:
            IssuerKey.objects.filter(pk=replaces.pk).update(retired_at=retired_at)
        key = IssuerKey.objects.create(
            organisation=cluster,
            number=number,
            public=encode_multikey(made.public),
            store=name,
            sealed=made.sealed,
            created_at=now,
        )
    audit.record(
        actor,
        verb,
        key,
        partnership_id=None,
        organisation_id=cluster.pk,
        changes={"number": number},
    )
    # Lists that a lost key signed wait for this one; nobody waits for the next look.
    enqueue("labels.sign-lists", actor=actor, key=f"labels.sign-lists:key:{key.pk}", arguments={})
    return key


def open_key(key: IssuerKey) -> Signer:
    """Return the signer of a key; raise `KeyUnusable` if this installation cannot open it.

    Service role: the caller has checked the right to sign.
    """
    with as_service("A sealed key is hidden from every reader, even from those who sign with it."):
        sealed = IssuerKey.objects.values_list("sealed", flat=True).get(pk=key.pk)
    try:
        return store_of(key.store).open(bytes(sealed), decode_multikey(key.public))
    except ValueError:
        raise KeyUnusable("its public half is no key") from None


def can_sign_with(key: IssuerKey) -> bool:
    """Whether this installation gets at a key. A query."""
    try:
        open_key(key)
    except KeyUnusable as error:
        logger.warning("Key %s is of no use here: %s", key.pk, error)
        return False
    return True


def find_unusable() -> list[int]:
    """Return the keys that should sign and cannot, by number; the log says why. Service role."""
    found = IssuerKey.objects.filter(retired_at=None, lost_at=None).defer("sealed").order_by("pk")
    return [one.pk for one in found if not can_sign_with(one)]


def unusable(name: str) -> Conflict:
    """Return the refusal where the key of a cluster does not sign on this site."""
    return Conflict(
        _(
            "The key of %(name)s can no longer be used on this site, because the site’s secret "
            "(PROXENY_SECRET_KEY) has changed or its key store isn’t responding. Restore the old "
            "secret, or report the key as lost and create a new one."
        )
        % {"name": name}
    )
