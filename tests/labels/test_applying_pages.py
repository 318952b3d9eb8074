"""The pages of an application: begun, saved as it is typed, handed in; and as the clusters read it."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from proxeny.labels.models import Application, Question, Round, Submission
from proxeny.labels.operations.applying import mark_of
from proxeny.labels.operations.questions import ask_applicant, ask_as_juror
from tests.factories.labels import AssignmentFactory, JurorFactory, make_submitted
from tests.labels.applying import (
    draft,
    fresh,
    hand_in,
    juror_of,
    keys_of,
    open_round,
    save,
    values,
    whole,
)
from tests.partnerships.rooms import do, party, words

pytestmark = pytest.mark.django_db


def url(name, one, *more):
    return reverse(f"labels:{name}", args=[one.pk, *more])


def room(name, one, *more):
    numbers = [one.partnership_id, one.round_id, one.pk, *more]
    return reverse(f"labels:round-{name}", args=numbers)


def test_the_list_says_what_is_missing_and_where_one_can_apply(world, sign_in):
    one, person = draft(world)
    text = words(sign_in(person).get(reverse("labels:applications")).content.decode())
    for part in (
        "Nets that mend themselves",
        "Greek member 1 · Atlas , Spring 2026",
        "Draft",
        "8 items missing",
        "time in Brussels",
        "Where you can apply now",
    ):
        assert part in text
    other = words(
        sign_in(world.nobody_special).get(reverse("labels:applications")).content.decode()
    )
    assert "You haven’t applied for a label yet" in other
    assert "Nets" not in other
    assert one.title in text


def test_label_and_round_stand_with_the_comma_of_the_language(world, sign_in):
    one, person = draft(world)
    client = sign_in(person)
    for language, comma in (("en", ", "), ("ar", "، ")):
        client.cookies["django_language"] = language
        for page in (reverse("labels:applications"), url("application", one)):
            html = client.get(page).content.decode()
            assert f"<bdi>Atlas</bdi>{comma}<bdi>Spring 2026</bdi>" in html, (page, language)


def test_one_begins_with_an_organisation_and_a_name(world, sign_in):
    held, client = open_round(world), sign_in(world.a.representatives[0])
    address = reverse("labels:application-begin", args=[held.pk])
    assert "closes on" in client.get(address).content.decode()
    answer = client.post(address, {"organisation": world.a.members[0].pk, "title": " "})
    assert answer.status_code == 422
    assert "Enter a project name." in answer.content.decode()
    answer = client.post(address, {"organisation": world.a.members[1].pk, "title": "Nets"})
    assert answer.status_code == 422
    answer = client.post(address, {"organisation": world.a.members[0].pk, "title": "Nets"})
    assert answer["Location"] == url("application", Application.objects.get())


def test_whom_the_label_is_not_for_reads_why_before_anything_is_written(world, sign_in):
    held = open_round(world, countries="FR")
    address = reverse("labels:application-begin", args=[held.pk])
    page = sign_in(world.a.representatives[0]).get(address).content.decode()
    assert "Atlas is for organisations from these countries: France." in page
    assert 'name="title"' not in page
    answer = sign_in(world.a.representatives[0]).post(
        address, {"organisation": world.a.members[0].pk, "title": "Nets"}
    )
    assert answer.status_code == 422
    assert not Application.objects.exists()


def test_without_a_script_the_button_saves_all(world, sign_in):
    one, person = draft(world)
    key = keys_of(one)[0]
    client = sign_in(person)
    page = client.get(url("application", one)).content.decode()
    assert 'name="seen-summary" value="' in page
    assert "autosave.js" in page
    before = values(one)
    form = {**before, **{f"seen-{name}": mark_of(value) for name, value in before.items()}}
    given = form | {"summary": "Nets.", f"points_{key}": "4", "contact_email": "nobody"}
    answer = client.post(url("application", one), given)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "This isn’t an email address." in text
    assert 'value="nobody"' in text
    after = values(one)
    assert (after["summary"], after[f"points_{key}"]) == ("Nets.", "4")
    # A colleague has saved another text since: both are shown, and saving again writes one's own.
    save(world.a.representatives[0], one, summary="Theirs.")
    answer = client.post(
        url("application", one), given | {"summary": "Mine.", "contact_email": person.email}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Theirs." in text
    assert "Mine.</textarea>" in text
    assert values(one)["summary"] == "Theirs."
    given |= {"summary": "Mine.", "seen-summary": mark_of("Theirs."), "contact_email": person.email}
    given[f"seen-points_{key}"] = mark_of("4")
    assert client.post(url("application", one), given).status_code == 302
    assert values(one)["summary"] == "Mine."


def test_a_field_is_saved_as_it_is_typed(world, sign_in):
    one, person = draft(world)
    key, client = keys_of(one)[0], sign_in(person)

    def type_in(name, value, seen=""):
        answer = client.post(
            url("application-field", one), {"field": name, "value": value, "seen": mark_of(seen)}
        )
        return answer.status_code, json.loads(answer.content)

    status, told = type_in(f"points_{key}", "1")
    assert status == 200
    assert told["kept"] == {f"points_{key}": mark_of("1")}
    assert told["said"].startswith("Saved at ")
    assert "1 short" in words(told["standing"])
    assert "7 items missing" in words(told["standing"])
    status, told = type_in(f"points_{key}", "9", "1")
    assert (status, told["refused"][f"points_{key}"][:12]) == (422, "Enter 0 to 5")
    status, told = type_in(f"points_{key}", "2", "")
    assert (status, told["clashes"]) == (
        422,
        {f"points_{key}": {"theirs": "1", "seen": mark_of("1")}},
    )
    Round.objects.update(closes_at=timezone.now())
    status, told = type_in("summary", "Late")
    assert status == 409
    assert "What you wrote is saved." in told["closed"]
    assert sign_in(world.b.manager).post(url("application-field", one)).status_code == 404


def test_a_document_is_brought_taken_away_with_an_undo_and_downloaded(world, sign_in):
    one, person = draft(world)
    key, client = keys_of(one)[0], sign_in(person)
    answer = client.post(url("application-bring", one), {"indicator": key})
    assert answer.status_code == 422
    assert "Choose a document to upload." in answer.content.decode()
    bad = SimpleUploadedFile("x.exe", b"MZ")
    assert client.post(url("application-bring", one), {"file": bad}).status_code == 422
    file = SimpleUploadedFile("customers.txt", b"Three harbours.")
    answer = client.post(url("application-bring", one), {"indicator": key, "file": file})
    assert answer["Location"] == f"{url('application', one)}#documents-{key}"
    got = client.get(url("application-document", one, 1))
    assert (got.content, got["Content-Disposition"]) == (
        b"Three harbours.",
        'attachment; filename="customers.txt"',
    )
    page = client.post(url("application-document-drop", one, 1), follow=True).content.decode()
    assert url("application-document-restore", one, 1) in page
    client.post(url("application-document-restore", one, 1))
    assert one.documents.get().dropped_at is None
    for other in (world.a.manager, world.b.representatives[0]):
        assert sign_in(other).get(url("application-document", one, 1)).status_code == 404


def test_handing_in_leads_to_a_receipt_that_can_be_checked(world, sign_in):
    one, person = whole(world)
    client = sign_in(person)
    save(person, one, summary="")
    answer = client.post(url("application-submit", one))
    assert answer.status_code == 422
    assert 'href="#line-summary"' in answer.content.decode()
    save(person, one, summary="Nets.")
    first = client.post(url("application-submit", one))
    second = client.post(url("application-submit", one))
    assert first["Location"] == second["Location"] == url("application-receipt", one, 1)
    receipt = Submission.objects.get()
    text = words(client.get(first["Location"]).content.decode())
    for part in ("Atlas , Spring 2026 : number 1", receipt.digest, "time in Brussels"):
        assert part in text
    file = client.get(url("application-record", one, 1)).content
    assert sha256(file).hexdigest() == receipt.digest
    assert "Submitted with number 1" in client.get(url("application", one)).content.decode()
    for other in (world.a.manager, world.b.representatives[0], world.nobody_special):
        assert sign_in(other).get(first["Location"]).status_code == 404


def test_a_withdrawal_is_undone_from_its_message(world, sign_in):
    one, person = whole(world)
    hand_in(person, one)
    client = sign_in(person)
    page = client.post(url("application-withdraw", one), follow=True).content.decode()
    assert url("application-restore", one) in page
    assert "This application has been withdrawn" in page
    client.post(url("application-restore", one))
    assert fresh(one).state == "submitted"


def test_after_the_end_the_draft_is_kept_to_read(world, sign_in):
    one, person = whole(world)
    Round.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    page = words(sign_in(person).get(url("application", one)).content.decode())
    assert "This application wasn’t submitted. Your answers are saved" in page
    assert "Three harbours use them." in page
    answer = sign_in(person).post(url("application-submit", one))
    assert answer.status_code == 422
    assert "closed on" in answer.content.decode()


def test_a_question_is_answered_on_the_page(world, sign_in):
    one, person = whole(world)
    hand_in(person, one)
    made = do(
        world.a.manager,
        ask_applicant,
        partnership_id=one.partnership_id,
        round_id=one.round_id,
        application_id=one.pk,
        text="Which harbours?",
    )
    client = sign_in(person)
    assert "1 question is waiting for your answer" in words(
        client.get(reverse("labels:applications")).content.decode()
    )
    answer = client.post(url("application-answer", one, made.pk), {"answer": ""})
    assert answer.status_code == 422
    assert "Enter your answer." in answer.content.decode()
    client.post(url("application-answer", one, made.pk), {"answer": "Piraeus."})
    assert Question.objects.get().answer == "Piraeus."


def test_managers_list_filter_and_export_what_was_handed_in(world, sign_in):
    held = open_round(world)
    make_submitted(held, world.c.members[0], title="Argan")
    make_submitted(held, world.a.members[0], title="Nets", eligible=False)
    draft(world, held)
    address = reverse("labels:round-applications", args=[held.partnership_id, held.pk])
    client = sign_in(world.b.manager)
    text = words(client.get(address).content.decode())
    assert "2 applications" in text
    assert "Argan Other member 1" in text
    assert "mend themselves" not in text
    text = words(client.get(address, {"eligible": "no"}).content.decode())
    assert ("Nets" in text, "Argan" in text) == (True, False)
    assert "Nothing matches" in client.get(address, {"q": "none"}).content.decode()
    table = client.get(address, {"export": "csv"}).content.decode()
    assert "Argan" in table
    assert table.count("\n") == 3
    assert client.get(address, {"export": "xlsx"}).content[:2] == b"PK"
    assert sign_in(world.a.ambassador).get(address).status_code == 403
    assert sign_in(world.a.representatives[0]).get(address).status_code == 404


def test_a_manager_reads_one_whole_and_notes_what_was_found(world, sign_in):
    one, person = whole(world, fee_application=100)
    hand_in(person, one)
    client = sign_in(world.b.manager)
    text = words(client.get(room("application", one)).content.decode())
    for part in (
        "Greek member 1",
        "Three harbours use them.",
        "Self-assessment: 4 of 5",
        Submission.objects.get().digest,
        "100.00 EUR",
    ):
        assert part in text
    answer = client.post(
        room("application-eligibility", one),
        {"eligible": "no", "why": "", "seen": fresh(one).version},
    )
    assert answer.status_code == 422
    assert "Explain why it isn’t eligible." in answer.content.decode()
    client.post(
        room("application-eligibility", one),
        {"eligible": "no", "why": "No sales.", "seen": fresh(one).version},
    )
    assert fresh(one).eligible is False
    assert "No sales." in sign_in(person).get(url("application", one)).content.decode()
    client.post(room("application-fee", one), {"paid_on": "2026-03-01", "seen": fresh(one).version})
    assert f"{fresh(one).paid_on}" == "2026-03-01"


def test_a_manager_asks_and_passes_on_without_a_name(world, sign_in):
    one, person = whole(world)
    hand_in(person, one)
    juror = juror_of(world.b)
    seat = JurorFactory(round=one.round, person=juror, party=party(world, world.b))
    AssignmentFactory(juror=seat, application=one)
    Round.objects.update(state="judging")
    made = do(juror, ask_as_juror, application_id=one.pk, text="I sell nets: which?")
    client = sign_in(world.a.manager)
    page = client.get(room("application", one)).content.decode()
    assert "A juror is asking this." in page
    assert juror.name not in page
    answer = client.post(room("application-pass-on", one, made.pk), {"text": " "})
    assert answer.status_code == 422
    client.post(room("application-pass-on", one, made.pk), {"text": "Which harbours?"})
    assert "Which harbours?" in sign_in(person).get(url("application", one)).content.decode()
    answer = client.post(room("application-ask", one), {"text": ""})
    assert (answer.status_code, Question.objects.count()) == (422, 1)
    client.post(room("application-ask", one), {"text": "And where?"})
    assert Question.objects.count() == 2


def test_a_program_does_all_that_the_pages_do(world, call):
    person, manager = call(world.a.representatives[0]), call(world.b.manager)
    held = open_round(world)
    assert [one["id"] for one in person.get("/labels/rounds/open").json()] == [held.pk]
    answer = person.post(
        f"/labels/rounds/{held.pk}/applications",
        {"organisation_id": world.a.members[0].pk, "title": "Nets"},
    )
    assert answer.status_code == 201
    number = answer.json()["id"]
    base = f"/labels/applications/{number}"
    one = fresh(Application(pk=number))
    condition = next(name for name in answer.json()["fields"] if name.startswith("confirmed"))
    given = {"summary": "Nets.", condition: "yes"}
    for key in keys_of(one):
        given |= {f"points_{key}": "4", f"text_{key}": "Three harbours."}
    saved = person.send("PATCH", base, data={"values": {**given, "country": "XX"}}).json()
    assert (list(saved["refused"]), saved["application"]["missing"]) == (["country"], [])
    clash = person.send(
        "PATCH", base, data={"values": {"summary": "x"}, "seen": {"summary": mark_of("")}}
    ).json()
    assert clash["clashes"] == {"summary": {"value": "Nets.", "mark": mark_of("Nets.")}}
    file = SimpleUploadedFile("a.txt", b"A")
    assert person.upload(f"{base}/documents", {"file": file}).status_code == 201
    assert person.delete(f"{base}/documents/1").json()["documents"] == []
    assert len(person.post(f"{base}/documents/1/restore").json()["documents"]) == 1
    assert person.get(f"{base}/documents/1").content == b"A"
    receipt = person.post(f"{base}/submission").json()
    assert (receipt["number"], person.post(f"{base}/submission").json()) == (1, receipt)
    person.post(f"{base}/withdrawal")
    assert person.post(f"{base}/withdrawal/undo").json()["withdrawn_at"] is None
    assert [row["number"] for row in person.get("/labels/applications").json()["results"]] == [1]
    rooms = f"/labels/partnerships/{held.partnership_id}/rounds/{held.pk}/applications"
    [row] = manager.get(rooms).json()
    assert (row["organisation"], row["eligible"]) == ("Greek member 1", None)
    noted = manager.put(f"{rooms}/{number}/eligibility", {"eligible": True}).json()
    assert noted["eligible"] is True
    manager.put(f"{rooms}/{number}/fee", {"paid_on": "2026-03-01"})
    asked = manager.post(f"{rooms}/{number}/questions", {"text": "Which?"}).json()
    person.put(f"{base}/questions/{asked['id']}/answer", {"answer": "Piraeus."})
    whole_one = manager.get(f"{rooms}/{number}").json()
    assert whole_one["questions"][0]["answer"] == "Piraeus."
    assert manager.get(f"{rooms}/{number}/documents/1").content == b"A"
    assert call(world.a.ambassador).get(rooms).status_code == 403
    assert call(world.c.manager).get(base).status_code == 404
