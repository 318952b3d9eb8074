"""Revocation lists: places in them, and new signatures before they are too old."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from proxeny.engine.credentials import StatusList as Bits
from proxeny.engine.credentials import add_proof, build_status_credential
from proxeny.kernel.tenancy import as_service
from proxeny.labels.models import Award, StatusList
from proxeny.labels.operations.issuing import Issuing, address, issuing_of, method_of
from proxeny.labels.operations.key_stores import KeyUnusable
from proxeny.labels.operations.keys import open_key
from proxeny.labels.queries.keys import current_keys

logger = logging.getLogger(__name__)

#: Places of a list: enough that a request for it doesn't reveal which award is looked up.
PLACES = 131_072
#: So long a list holds, and so old it gets before it is signed anew.
HOLDS, ANEW_AFTER = timedelta(days=7), timedelta(hours=20)


def take_places(issuing: Issuing, count: int) -> Iterator[tuple[StatusList, int]]:
    """Yield free places, of one list after the other; never one twice.

    The partnership is locked: only its managers award.
    """
    with as_service("Managers take places for awards, but no reader may write status lists."):
        found = StatusList.objects.filter(scheme_id=issuing.scheme_id).order_by("number")
        one = found.select_for_update().last()
    if one is not None and not _is_of(one, issuing):
        one = _begin(issuing, one.number + 1)
    while count:
        if one is None or one.taken >= PLACES:
            one = _begin(issuing, one.number + 1 if one else 1)
        first, taken = one.taken, min(count, PLACES - one.taken)
        with as_service("Managers take places for awards, but no reader may write status lists."):
            StatusList.objects.filter(pk=one.pk).update(taken=first + taken)
        one.taken, count = first + taken, count - taken
        for index in range(first, first + taken):
            yield one, index


def _is_of(one: StatusList, issuing: Issuing) -> bool:
    """Whether a list belongs to these issuers: those who sign its awards sign it too."""
    found = issuing_of_list(one)
    return found is None or found == issuing


def issuing_of_list(one: StatusList) -> Issuing | None:
    """Return the issuers of a list's awards; None while it has none. Two queries."""
    with as_service("A list's issuers follow from any of its awards, even one not issued yet."):
        award = Award.objects.filter(status_list=one).select_related("scheme_version").first()
    return issuing_of(award.scheme_version) if award else None


def _begin(issuing: Issuing, number: int) -> StatusList:
    with as_service("Managers take places for awards, but no reader may write status lists."):
        return StatusList.objects.create(
            scheme_id=issuing.scheme_id, number=number, bits=bytes(PLACES // 8)
        )


def url_of(issuing: Issuing, number: int) -> str:
    """Return the address of a list, which is its id too."""
    return address("labels:status", issuing.slug, number)


def set_bits(awards: Iterable[Award]) -> list[StatusList]:
    """Set the bits of awards that hold no more; return their lists, locked, in one order."""
    by_list: dict[int, list[int]] = {}
    for award in awards:
        by_list.setdefault(award.status_list_id, []).append(award.status_index)
    with as_service("No reader may write status lists; all sides have signed that awards end."):
        found = StatusList.objects.select_for_update().filter(pk__in=by_list).order_by("pk")
        lists = list(found)
        for one in lists:
            bits = bytearray(one.bits)
            for index in by_list[one.pk]:
                bits[index >> 3] |= 0x80 >> (index & 7)
            one.bits = bytes(bits)
            one.save(update_fields=["bits"])
    return lists


def sign_list(one: StatusList, issuing: Issuing, *, now: datetime) -> None:
    """Sign a locked list with the current key of each cluster; it holds for a week from now.

    Raises
    ------
    KeyUnusable
        A cluster has no key, or its key is of no use here.
    """
    keys = current_keys(issuing.clusters)
    document = build_status_credential(
        url_of(issuing, one.number),
        issuer=issuing.did,
        bits=Bits(bytes(one.bits)),
        valid_from=now,
        valid_until=now + HOLDS,
    )
    for cluster in issuing.clusters:
        if cluster not in keys:
            raise KeyUnusable(f"cluster {cluster} has no key")
        key = keys[cluster]
        document = add_proof(
            document, signer=open_key(key), method=method_of(issuing, key), created=now
        )
    with as_service("No reader may write status lists; all sides have signed what they say."):
        StatusList.objects.filter(pk=one.pk).update(credential=document, signed_at=now)
    one.credential, one.signed_at = document, now


def sign_or_mark(lists: Iterable[StatusList], issuing: Issuing, *, now: datetime) -> bool:
    """Sign locked lists; where it cannot be now, let the next look do it. Return whether all are.

    What both sides have signed is not undone because a key store does not answer.
    """
    done = True
    for one in lists:
        try:
            sign_list(one, issuing, now=now)
        except KeyUnusable as error:
            logger.exception("Status list %s is not signed: %s", one.pk, error)
            with as_service("No reader may write status lists; the hourly job will sign this one."):
                StatusList.objects.filter(pk=one.pk).update(signed_at=None)
            done = False
    return done


def lists_to_sign(now: datetime) -> list[int]:
    """Return the ids of lists with awards that need a new signature. One query. Service role."""
    found = StatusList.objects.filter(taken__gt=0)
    fresh = found.filter(signed_at__gt=now - ANEW_AFTER).values("pk")
    return list(found.exclude(pk__in=fresh).order_by("pk").values_list("pk", flat=True))


def sign_anew(list_id: int, *, now: datetime) -> bool:
    """Sign one list again; return whether it was done. Service role.

    No person is asked: it contains only what all sides have signed already.
    """
    one = StatusList.objects.select_for_update().get(pk=list_id)
    issuing = issuing_of_list(one)
    return issuing is not None and sign_or_mark([one], issuing, now=now)
