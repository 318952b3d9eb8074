"""Two saves of one form at the very same moment: whoever comes second is asked or merged."""

import threading

import pytest
from django.db import connection

from proxeny.kernel.tenancy import SERVICE, acting_as
from tests.factories.world import make_world
from tests.forms import form_of
from tests.web.edits import CASES

ROUNDS = 3


def _post_at_once(case, clients, posts):
    gate, answers = threading.Barrier(2), []

    def send(client, data):
        try:
            gate.wait(timeout=10)
            answers.append(client.post(case.post, data).status_code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=send, args=pair) for pair in zip(clients, posts, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(answers)


@pytest.mark.parametrize("name", ["OrganisationForm", "ProposalForm", "EventForm", "NoteForm"])
def test_of_two_saves_at_once_one_is_asked_and_none_is_lost(transactional_db, sign_in, name):
    with acting_as(SERVICE):
        case = CASES[name](make_world(), sign_in)
        clients = [sign_in(case.first), sign_in(case.second)]
    field, *texts = case.both
    for number in range(ROUNDS):
        posts = [
            form_of(client.get(case.page), case.form) | {field: f"{text} {number}"}
            for client, text in zip(clients, texts, strict=True)
        ]
        assert _post_at_once(case, clients, posts) == [302, 409]
        saved = form_of(clients[0].get(case.page), case.form)[field][0]
        assert saved in {f"{text} {number}" for text in texts}


def test_of_two_saves_at_once_in_two_fields_both_stand(transactional_db, sign_in):
    with acting_as(SERVICE):
        case = CASES["EventForm"](make_world(), sign_in)
        clients = [sign_in(case.first), sign_in(case.second)]
    for number in range(ROUNDS):
        changes = [{"title": f"Title {number}"}, {"place": f"Place {number}"}]
        posts = [
            form_of(client.get(case.page)) | change
            for client, change in zip(clients, changes, strict=True)
        ]
        assert _post_at_once(case, clients, posts) == [302, 302]
        saved = form_of(clients[0].get(case.page))
        assert (saved["title"], saved["place"]) == ([f"Title {number}"], [f"Place {number}"])
