"""How each page is tried: people, what is held of them, histories and programs."""

from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix, hidden, member


def _kept(kind: str, record: object) -> dict:
    return {"kind": kind, "pk": record.pk}


def _seat(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.representatives[0].seats.get().pk}


def _desk_seat(crowd: Crowd) -> dict:
    return {"pk": crowd.world.a.ambassador.seats.get().pk}


def _invitation(crowd: Crowd) -> dict:
    return {"pk": crowd.invitation.pk}


def _session(crowd: Crowd) -> dict:
    return {"pk": crowd.session.pk}


PEOPLE = by_matrix(
    {
        "people:list": Route(),
        "people:invite": Route(),
        "people:resend": Route(_invitation, posts_only=True),
        "people:withdraw": Route(_invitation, posts_only=True),
        # Everybody may leave a seat of their own; only a manager gives it back.
        "people:end": Route(_seat),
        "people:restore": Route(_seat, posts_only=True),
        "people:hand-over": Route(_desk_seat),
        "people:last-day": Route(_desk_seat),
        "people:me": Route(),
        # Who is asked who they are first: the answer leads there.
        "privacy:mine": Route(),
        "privacy:file": Route(posts_only=True),
        "privacy:erase": Route(),
        "privacy:keep": Route(posts_only=True),
        "privacy:record": Route(),
        "privacy:erase-contact": Route(member, data=lambda _: {"sure": "on"}),
        "privacy:erase-contact hidden": Route(hidden, data=lambda _: {"sure": "on"}),
        "sessions:list": Route(),
        "sessions:end": Route(_session, posts_only=True),
        "sessions:end-others": Route(posts_only=True),
        "history:show": Route(lambda crowd: _kept("organisation", crowd.world.a.members[0])),
        "history:show hidden": Route(lambda crowd: _kept("organisation", crowd.hidden)),
        "history:show event": Route(lambda crowd: _kept("event", crowd.taken.event)),
        "history:show draft": Route(lambda crowd: _kept("event", crowd.draft_event)),
        "history:show listing": Route(lambda crowd: _kept("listing", crowd.listing)),
        "history:show interest": Route(
            lambda crowd: _kept("interest", crowd.listing.interests.get())
        ),
        "history:show import": Route(lambda crowd: _kept("import", crowd.member_import)),
        "history:show webhook": Route(lambda crowd: _kept("webhook", crowd.delivery.webhook)),
        "history:show person": Route(
            lambda crowd: _kept("person", crowd.world.a.representatives[0])
        ),
        # Only one's own seat can be lent to a program; its organisation's managers may shut it out.
        "people:tokens": Route(),
        "people:token-new": Route(),
        "people:token-revoke": Route(lambda crowd: {"pk": crowd.token.pk}),
        "people:feed-renew": Route(posts_only=True),
        "people:feed-revoke": Route(posts_only=True),
    }
)
