"""Automatic signatures: lists of revoked awards, and awards after the loss of a key."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from proxeny.accounts.acting_for import person_behind
from proxeny.kernel.batch import for_each
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
from proxeny.labels.operations import signing_awards, status_lists
from proxeny.labels.operations.keys import find_unusable


@HOURLY.add
def start_signing_lists(now: datetime) -> None:
    """Queue the search for lists that need a new signature, once an hour."""
    enqueue(
        "labels.sign-lists",
        actor=STRANGER,
        key=f"labels.sign-lists:{now:%Y-%m-%dT%H}",
        arguments={},
    )


@job("labels.sign-lists")
def sign_lists(context: JobContext) -> dict[str, Any]:
    """Sign each list that is due, in a transaction of its own: one that cannot be stops no other."""
    with acting_as(SERVICE):
        due = status_lists.lists_to_sign(timezone.now())
        # The log shows a changed secret before somebody wants to sign.
        unusable = find_unusable()
    outcome = for_each(
        due,
        lambda one: int(status_lists.sign_anew(one, now=timezone.now())),
        what="signing the status list",
        should_stop=context.should_stop,
    )
    return {"signed": outcome.count, "due": len(due), "unusable_keys": len(unusable)}


@job("labels.sign-anew")
def sign_anew(context: JobContext) -> dict[str, Any]:
    """Sign awards again that a lost key had signed, some hundred at a time.

    The person who asked for it must still manage the cluster: its key signs for nobody else.
    """
    given, signed = context.arguments, 0
    with person_behind(context) as reader:
        if given["organisation_id"] not in reader.managed:
            raise NotAllowed(_("Only a cluster’s managers can manage its keys."))
    while not context.should_stop():
        with acting_as(SERVICE):
            count = signing_awards.sign_next(
                given["organisation_id"], given["key_id"], now=timezone.now()
            )
        if not count:
            break
        signed += count
        context.report(signed=signed)
    return {"signed": signed}
