"""Signs the demo's four partnerships, as the managers of their two sides would."""

from proxeny.demo.texts import read_content
from proxeny.demo.world import World
from proxeny.partnerships.operations import (
    draft_partnership,
    grant_sharing,
    propose_partnership,
    sign_agreement,
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
                actor=manager, cluster_id=first.id, partner_id=second.id, title=content["title"],
                purpose=content["purpose"], text=content["agreement"],
                starts_on=world.moment(signed).date(),
            )  # fmt: skip
        with world.acting(first.manager_id, at=proposed) as manager:
            propose_partnership(actor=manager, partnership_id=drafted.pk, now=proposed)
        for side, days in ((first, signed - 3), (second, signed)):
            _sign(world, side.manager_id, drafted.pk, days)
        for side in (first, second):
            # Loaded anew: a partnership that binds since the last signature changes what one may.
            shared = world.moment(signed + 1)
            with world.acting(side.manager_id, at=shared) as manager:
                grant_sharing(
                    actor=manager, partnership_id=drafted.pk, purpose=content["sharing"],
                    now=shared,
                )  # fmt: skip
        world.partnerships[key] = drafted.pk


def _sign(world: World, manager_id: int, partnership_id: int, days: int) -> None:
    now = world.moment(days, 11)
    with world.acting(manager_id, at=now) as manager:
        newest = list_texts(get_partnership(partnership_id))[0].agreement
        sign_agreement(
            actor=manager, partnership_id=partnership_id, number=newest.number,
            text_hash=newest.text_hash, now=now,
        )  # fmt: skip
