"""Who may use which route under /api/v1/partnerships."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proxeny.partnerships.models import Partnership, SharingGrant
from tests.access.api import room
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

P = "/api/v1/partnerships"
ONE = f"{P}/{{partnership_id}}"
PLANS = f"{ONE}/introductions"
SHARED = f"{ONE}/sharing/{{grant_id}}"


def _signed(crowd: Crowd) -> dict:
    return {"partnership_id": crowd.world.partnership.pk}


def _first_text(crowd: Crowd) -> dict:
    return _signed(crowd) | {"number": 1}


def _proposal(crowd: Crowd, state: str = Partnership.State.PROPOSED) -> dict:
    Partnership.objects.filter(pk=crowd.proposal.pk).update(state=state)
    return {"partnership_id": crowd.proposal.pk}


def _draft(crowd: Crowd) -> dict:
    return _proposal(crowd, Partnership.State.DRAFT)


def _signature(crowd: Crowd) -> dict:
    return {"number": 1, "text_hash": "0" * 64}


def _amendment(crowd: Crowd) -> dict:
    return {"number": 1, "text": "We work together more."}


def _between(crowd: Crowd) -> dict:
    a, b = crowd.world.a.cluster.pk, crowd.world.b.cluster.pk
    return {"cluster_id": a, "partner_id": b, "title": "Once more", "text": "We work together."}


def _why(crowd: Crowd) -> dict:
    return {"reason": "It does not fit."}


def _list_grant(crowd: Crowd) -> dict:
    grants = crowd.world.partnership.grants
    grant = grants.get(organisation=crowd.world.a.cluster, kind="list")
    return _signed(crowd) | {"grant_id": grant.pk}


def _file_grant(crowd: Crowd) -> dict:
    return _signed(crowd) | {"grant_id": crowd.shared_file.pk}


def _withdrawn(crowd: Crowd) -> dict:
    grant, _made = SharingGrant.objects.get_or_create(
        partnership=crowd.world.partnership,
        organisation=crowd.world.a.cluster,
        kind="member",
        member=crowd.public,
        purpose="Find partners",
        defaults={"withdrawn_at": timezone.now()},
    )
    return _signed(crowd) | {"grant_id": grant.pk}


def _purpose(crowd: Crowd) -> dict:
    return {"purpose": "Find partners"}


def _member_of_a(crowd: Crowd) -> dict:
    return _purpose(crowd) | {"member_id": crowd.world.a.members[0].pk, "fields": ["contact"]}


def _file(crowd: Crowd) -> dict:
    return _purpose(crowd) | {"file": SimpleUploadedFile("Plan.txt", b"A plan")}


def _plan(crowd: Crowd) -> dict:
    return _signed(crowd) | {"plan_id": crowd.world.partnership.introduction_plans.get().pk}


def _row(crowd: Crowd) -> dict:
    plan = crowd.world.partnership.introduction_plans.get()
    return _plan(crowd) | {"row_id": plan.rows.get().pk}


ROUTES: dict[str, ApiRoute] = {
    "list_plans": ApiRoute("GET", PLANS, _signed),
    "plan_new_introductions": ApiRoute("POST", PLANS, _signed, lambda _: {"per_left": 2}),
    "show_plan": ApiRoute("GET", f"{PLANS}/{{plan_id}}", _plan),
    "list_introductions": ApiRoute("GET", f"{PLANS}/{{plan_id}}/rows", _plan),
    "export_introductions": ApiRoute("GET", f"{PLANS}/{{plan_id}}/export", _plan),
    "decide_on_introduction": ApiRoute(
        "PATCH", f"{PLANS}/{{plan_id}}/rows/{{row_id}}", _row, lambda _: {"state": "kept"}
    ),
    "list_partnerships": ApiRoute("GET", P),
    "export_partnerships": ApiRoute("GET", f"{P}/export", query=(("format", "xlsx"),)),
    "show_partnership": ApiRoute("GET", ONE, _signed),
    "show_partnership proposal": ApiRoute("GET", ONE, _proposal),
    "show_partnership draft": ApiRoute("GET", ONE, _draft),
    "change_draft": ApiRoute("PATCH", ONE, _draft, data=lambda _: {"title": "Another name"}),
    "propose_partnership": ApiRoute("POST", f"{ONE}/propose", _draft),
    "withdraw_proposal": ApiRoute("POST", f"{ONE}/withdraw", _proposal),
    "decline_partnership": ApiRoute("POST", f"{ONE}/decline", _proposal, data=_why),
    # Members see that there is a partnership; of its texts they get none.
    "list_agreements": ApiRoute("GET", f"{ONE}/agreements", _signed),
    "list_agreements proposal": ApiRoute("GET", f"{ONE}/agreements", _proposal),
    "show_agreement": ApiRoute("GET", f"{ONE}/agreements/{{number}}", _first_text),
    # Both have signed: it is theirs to be told so.
    "sign_agreement": ApiRoute("POST", f"{ONE}/sign", _signed, data=_signature, statuses=(409,)),
    "amend_agreement": ApiRoute("POST", f"{ONE}/amend", _signed, data=_amendment),
    "list_happenings": ApiRoute("GET", f"{ONE}/history", _signed),
    "list_happenings proposal": ApiRoute("GET", f"{ONE}/history", _proposal),
    "end_partnership": ApiRoute("POST", f"{ONE}/end", _signed, data=_why),
    # What is shared is read by the people who hold a seat in one of the two clusters.
    "list_shared": ApiRoute("GET", f"{ONE}/sharing", _signed),
    "show_shared": ApiRoute("GET", SHARED, _list_grant),
    # Both share their lists already.
    "share_list": ApiRoute("POST", f"{ONE}/sharing/list", _signed, data=_purpose, statuses=(409,)),
    # B's manager may share, but no member of A.
    "share_member": ApiRoute(
        "POST", f"{ONE}/sharing/member", _signed, data=_member_of_a, statuses=(201, 422)
    ),
    "share_file": ApiRoute("POST", f"{ONE}/sharing/file", _signed, data=_file, form=True),
    "change_shared": ApiRoute("PATCH", SHARED, _list_grant, data=lambda _: {"fields": []}),
    "withdraw_shared": ApiRoute("POST", f"{SHARED}/withdraw", _list_grant),
    "share_again": ApiRoute("POST", f"{SHARED}/again", _withdrawn),
    "download_shared_file": ApiRoute("GET", f"{SHARED}/file", _file_grant),
    "remove_shared_file": ApiRoute("DELETE", f"{SHARED}/file", _file_grant),
    "list_readings": ApiRoute("GET", f"{ONE}/readings", _signed),
    "export_readings": ApiRoute(
        "GET", f"{ONE}/readings/export", _signed, query=(("format", "xlsx"),)
    ),
    **room.ROUTES,
    # The two have a partnership: it is A's manager's to be told so.
    "draft_partnership": ApiRoute("POST", P, data=_between, statuses=(409,)),
}
