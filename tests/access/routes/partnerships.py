"""How each page is tried: partnerships: agreement, sharing, introductions."""

from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix, reason


def _plan(crowd: Crowd) -> dict:
    partnership = crowd.world.partnership
    return {"pk": partnership.pk, "plan_id": partnership.introduction_plans.get().pk}


def _plan_row(crowd: Crowd) -> dict:
    plan = crowd.world.partnership.introduction_plans.get()
    return {**_plan(crowd), "row_id": plan.rows.get().pk}


def _partnership(crowd: Crowd) -> dict:
    return {"pk": crowd.world.partnership.pk}


def _proposal(crowd: Crowd) -> dict:
    return {"pk": crowd.proposal.pk}


def _grant(crowd: Crowd) -> dict:
    grant = crowd.world.partnership.grants.get(organisation=crowd.world.a.cluster, kind="list")
    return {"pk": crowd.world.partnership.pk, "grant_id": grant.pk}


def _file_grant(crowd: Crowd) -> dict:
    return {"pk": crowd.world.partnership.pk, "grant_id": crowd.shared_file.pk}


def _signature(crowd: Crowd) -> dict:
    return {"number": 1, "text_hash": "0" * 64}


def _text(crowd: Crowd) -> dict:
    return {"text": "We work together more.", "version": 1}


def _purpose(crowd: Crowd) -> dict:
    return {"purpose": "Find partners"}


PARTNERSHIPS = by_matrix(
    {
        "partnerships:list": Route(),
        "partnerships:new": Route(),
        # Members see what their cluster has signed; a proposal only the staff of both sides.
        "partnerships:detail": Route(_partnership),
        "partnerships:detail proposal": Route(_proposal),
        "partnerships:history": Route(_partnership),
        "partnerships:history proposal": Route(_proposal),
        "partnerships:edit": Route(_proposal),
        "partnerships:propose": Route(_proposal, posts_only=True),
        "partnerships:sign": Route(_partnership, data=_signature, posts_only=True),
        "partnerships:sign proposal": Route(_proposal, data=_signature, posts_only=True),
        "partnerships:amend": Route(_partnership, data=_text),
        "partnerships:decline": Route(_proposal, data=reason),
        "partnerships:withdraw": Route(_proposal, posts_only=True),
        "partnerships:end": Route(_partnership, data=reason),
        # What is shared is read by the people who hold a seat in one of the two clusters.
        "partnerships:introductions": Route(_partnership),
        "partnerships:introduction-plan": Route(_plan),
        "partnerships:introduction-progress": Route(_plan),
        "partnerships:introduction-export": Route(_plan),
        "partnerships:introduction-decide": Route(
            _plan_row, data=lambda _: {"state": "kept"}, posts_only=True
        ),
        "partnerships:sharing": Route(_partnership),
        "partnerships:share": Route(_partnership, data=_purpose),
        "partnerships:share-member": Route(_partnership),
        # Where there is one partnership, on to its form.
        "partnerships:share-start": Route(lambda crowd: {"member_id": crowd.public.pk}),
        "partnerships:share-file": Route(_partnership, data=_purpose),
        "partnerships:share-change": Route(_grant),
        "partnerships:unshare": Route(_grant),
        "partnerships:share-again": Route(_grant, posts_only=True),
        "partnerships:file": Route(_file_grant),
        "partnerships:file-remove": Route(_file_grant),
    }
)
