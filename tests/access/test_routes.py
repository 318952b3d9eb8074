"""Every route as everybody. A route without an entry fails the test.

The access matrix says, for each named route, who gets the page; all others must get a refusal
(sign-in, 403 or 404) that tells nothing, by GET and by POST, and must leave nothing behind. What its
readers get by GET is read by `test_matrix`.
"""

import pytest
from django.db import transaction
from django.urls import reverse

from proxeny.events.models import Event
from proxeny.kernel.models import AuditEntry, Job, Mail
from tests.access.crowd import Crowd
from tests.access.probes import (
    SECRETS,
    Clients,
    address_of,
    is_refusal,
    is_secret,
    our_routes,
    text_of,
)
from tests.access.records import Words
from tests.access.routes import CAPABILITIES, EVERYBODY, PUBLIC, ROUTES, Route, name_of

#: Who has nothing to do with A and B.
_OUTSIDERS = ("nobody", "stranger", "c_manager", "c_member")


def _traces() -> tuple[int, ...]:
    return tuple(model._base_manager.count() for model in (AuditEntry, Job, Mail))


def _try(client, method: str, address: str, data: dict | None = None):
    """Send a request and take back all that it wrote."""
    with transaction.atomic():
        answer = getattr(client, method)(address, data or {})
        transaction.set_rollback(True)
    return answer


def test_every_route_has_an_entry():
    known = {name_of(key) for key in {**ROUTES, **PUBLIC}}
    missing, gone = our_routes() - known, known - our_routes()
    assert not missing, (
        f"Nobody has said who may open {sorted(missing)}. Add it to a row of docs/reference/access.md"
        " (by the product's rules, not by what the view answers), and how it is tried to"
        " tests/access/routes."
    )
    assert not gone, f"tests/access/routes names routes that are no more: {sorted(gone)}."


def _refused(route: Route) -> list[str]:
    return [who for who in EVERYBODY if who not in route.readers]


#: Who also sends a form with nothing in it: that its errors come before the refusal is the page's
#: fault, whoever sends it.
_SEND_NOTHING = {"stranger", "c_manager", "a_other_member", "b_manager"}


def _requests(who: str, route: Route, form: dict) -> list[tuple[str, dict]]:
    requests = [("post", form)]
    # That it answers no GET is the same for all.
    if not route.posts_only or who in ("nobody", *_SEND_NOTHING):
        requests.insert(0, ("get", {}))
    return requests + ([("post", {})] if form and who in _SEND_NOTHING else [])


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_route_refuses_everybody_else(crowd, capability):
    words, clients, wrong = Words(crowd), Clients(crowd), []
    for key, route in CAPABILITIES[capability].items():
        address, form = address_of(key, route, crowd), route.data(crowd)
        before = _traces()
        for who in _refused(route):
            for method, data in _requests(who, route, form):
                answer = getattr(clients[who], method)(address, data)
                text = text_of(answer)
                wrong += [f"A refusal of {key} {one}" for one in words.wrongly_in(text, who)]
                if who in _OUTSIDERS:
                    wrong += [f"A refusal of {key} names {one}" for one in SECRETS if one in text]
                if not is_refusal(answer) and answer.status_code != 405:
                    wrong.append(
                        f"{who} must not open {key}: {method.upper()} {address} {data} answered"
                        f" {answer.status_code} {answer.headers.get('Location', '')}"
                    )
        if _traces() != before:
            wrong.append(f"A refused request to {key} left an audit row, a job or a mail.")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_route_that_changes_something_is_open_to_its_readers(crowd, capability):
    clients, wrong = Clients(crowd), []
    for key, route in CAPABILITIES[capability].items():
        if not route.posts_only:
            continue
        address = address_of(key, route, crowd)
        for who in route.readers:
            answer = _try(clients[who], "post", address, route.data(crowd))
            if answer.status_code not in {200, 302, 422, *route.statuses} or is_refusal(answer):
                wrong.append(f"{who} must open {key}: {address} answered {answer.status_code}")
        for who in route.readers[:1]:
            if clients[who].get(address).status_code != 405:
                wrong.append(f"{key} changes something, and answers GET to {who}.")
    assert not wrong, "\n".join(wrong)


def test_secret_addresses_answer_everybody(crowd):
    """Who holds one reads what it leads to; all other public pages are read by `test_matrix`."""
    clients, wrong = Clients(crowd), []
    for key, route in PUBLIC.items():
        for who in EVERYBODY if is_secret(key) else ():
            answer = clients[who].get(address_of(key, route, crowd))
            if answer.status_code not in route.statuses:
                wrong.append(f"{key} answered {answer.status_code} to {who}")
    assert not wrong, "\n".join(wrong)


#: A foreign id in the place of one's own: what is asked of C, with ids of A and B.
def _crossed(crowd: Crowd, own: dict[str, int]) -> list[tuple[str, dict]]:
    entry = {"event_id": own["event"], "entry_id": crowd.meeting.agenda_entry.pk}
    grant = crowd.world.partnership.grants.get(organisation=crowd.world.a.cluster, kind="list")
    return [
        ("events:entry", entry),
        ("events:entry-lock", entry),
        ("events:entry-move", entry),
        ("events:entry-cancel", entry),
        ("events:meeting-withdraw", entry),
        *(
            (f"partnerships:{name}", {"pk": own["partnership"], "grant_id": one})
            for name in ("unshare", "share-change", "share-again", "file", "file-remove")
            for one in (grant.pk, crowd.shared_file.pk)
        ),
    ]


def test_ids_of_others_do_not_work_inside_an_own_event(crowd):
    own = crowd.make_own_event_of_c()
    client, before = Clients(crowd)["c_manager"], _traces()
    for name, arguments in _crossed(crowd, own):
        address = address_of(name, Route(lambda _, found=arguments: found), crowd)
        for data in ({}, {"reason": "It does not fit.", "kind": "wish", "locked": "1"}):
            answer = client.post(address, data)
            assert is_refusal(answer) or answer.status_code == 405, (name, answer.status_code)
    pair = {"first": crowd.taken.greek[0].pk, "second": crowd.taken.french[0].pk}
    page = client.post(f"/events/{own['event']}/agenda/add/", {**pair, "place": "1-1"})
    assert page.status_code == 200
    assert "Greek member" not in page.content.decode()
    page = client.post(f"/events/{own['event']}/invite", {"organisations": [crowd.hidden.pk]})
    assert not crowd.hidden.participations.exists()
    assert "Hidden of A" not in page.content.decode()
    Event.objects.filter(pk=own["event"]).update(state=Event.State.OPEN)
    mark = reverse("events:mark", args=[own["participation"], crowd.taken.greek[0].pk])
    assert client.post(mark, {"kind": "wish"}).status_code == 404
    assert _traces() == before
