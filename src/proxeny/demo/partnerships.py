"""The demo's four partnerships, signed by the managers of their two sides."""

from typing import Any, cast

from proxeny.demo.texts import read_content
from proxeny.demo.world import Side, World
from proxeny.directory.operations import export_organisations, open_organisation
from proxeny.directory.queries import Filters
from proxeny.partnerships.operations import (
    draft_partnership,
    grant_sharing,
    open_file,
    propose_partnership,
    share_file,
    sign_agreement,
    withdraw_sharing,
)
from proxeny.partnerships.queries import get_partnership, list_texts


def build_partnerships(world: World) -> None:
    """Propose, sign and share: side A proposes, both sign the same text, both share."""
    for key, content in read_content("partnerships").items():
        first, second = (world.sides[slug] for slug in content["parties"])
        signed = -content["signed_days_ago"]
        proposed = world.moment(signed - 12)
        with world.acting(first.manager_id, at=proposed) as manager:
            drafted = draft_partnership(
                actor=manager,
                cluster_id=first.id,
                partner_id=second.id,
                title=content["title"],
                purpose=content["purpose"],
                text=content["agreement"],
                starts_on=world.moment(signed).date(),
            )
        with world.acting(first.manager_id, at=proposed) as manager:
            propose_partnership(actor=manager, partnership_id=drafted.pk, now=proposed)
        for side, days in ((first, signed - 3), (second, signed)):
            _sign(world, side.manager_id, drafted.pk, days)
        for side in (first, second):
            # Reloaded: a partnership signed meanwhile changes the actor's rights.
            shared = world.moment(signed + 1)
            with world.acting(side.manager_id, at=shared) as manager:
                grant_sharing(
                    actor=manager,
                    partnership_id=drafted.pk,
                    purpose=content["sharing"],
                    fields=["contact", "email"],
                    now=shared,
                )
        world.partnerships[key] = drafted.pk
        if "more" in content:
            _share_more(world, first, second, drafted.pk, content["more"])


def _share_more(
    world: World, first: Side, second: Side, partnership_id: int, more: dict[str, str]
) -> None:
    """Share single things, some of them not any more, and read them on the other side."""
    given: dict[str, Any] = {"partnership_id": partnership_id, "now": world.moment(-40, 10)}
    with world.acting(first.manager_id, at=given["now"]) as manager:
        member = grant_sharing(
            actor=manager,
            purpose=more["member_purpose"],
            member_id=first.members[4][0],
            fields=["contact", "email", "employees", "founded"],
            **given,
        )
        file, withdrawn = (
            share_file(
                actor=manager,
                name=more[f"{key}_name"],
                purpose=more[f"{key}_purpose"],
                content=more[f"{key}_text"].encode(),
                ends_on=ends_on,
                **given,
            )
            for key, ends_on in (("file", world.moment(18).date()), ("withdrawn", None))
        )
    with world.acting(second.manager_id, at=world.moment(-33, 15)) as reader:
        now = world.moment(-33, 15)
        open_organisation(actor=reader, organisation_id=cast("int", member.member_id), now=now)
        for grant in (file, withdrawn):
            open_file(actor=reader, grant_id=grant.pk, now=now)
    with world.acting(first.manager_id, at=world.moment(-27, 16)) as reader:
        now = world.moment(-27, 16)
        open_organisation(actor=reader, organisation_id=second.members[2][0], now=now)
    with world.acting(first.manager_id, at=world.moment(-20, 9)) as manager:
        withdraw_sharing(actor=manager, grant_id=withdrawn.pk, now=world.moment(-20, 9))
    with world.acting(second.manager_id, at=world.moment(-12, 11)) as reader:
        filters = Filters(cluster=first.id)
        export_organisations(
            actor=reader, filters=filters, fields=["name"], now=world.moment(-12, 11)
        )


def _sign(world: World, manager_id: int, partnership_id: int, days: int) -> None:
    now = world.moment(days, 11)
    with world.acting(manager_id, at=now) as manager:
        newest = list_texts(get_partnership(partnership_id))[0].agreement
        sign_agreement(
            actor=manager,
            partnership_id=partnership_id,
            number=newest.number,
            text_hash=newest.text_hash,
            now=now,
        )
