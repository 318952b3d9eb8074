"""What is said beside a report: by whom, who hears of it, answered and settled."""

from datetime import timedelta

import pytest
from django.urls import reverse

from proxeny.assessments.models import Engagement, Remark
from proxeny.assessments.operations.remarks import settle_remark, write_remark
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from tests.assessments.reporting import NOW, do, give, put_together, wall
from tests.stages import staged

pytestmark = pytest.mark.django_db


@staged
def one(world):
    """An engagement whose report is out."""
    made = put_together(world)
    give(world, made)
    Mail.objects.all().delete()
    return made


def say(person, one, text="Which studios?", passage="summary", now=NOW, **values):
    return do(
        person,
        write_remark,
        engagement_id=one.pk,
        number=1,
        passage=passage,
        text=text,
        now=now,
        **values,
    )


def test_a_remark_is_answered_settled_and_taken_up_again(world, one):
    client, team = world.a.representatives[0], world.b.ambassador
    asked = say(client, one)
    assert (asked.organisation_id, asked.passage, asked.written_by_id) == (
        world.a.members[0].pk,
        "summary",
        client.pk,
    )
    answer = say(team, one, "Five in Lyon.", passage="nonsense", answers=asked.pk)
    assert (answer.answers_id, answer.passage) == (asked.pk, "summary")
    assert answer.organisation_id == world.b.cluster.pk
    # What answers an answer stands under the same remark.
    assert say(client, one, "Thank you.", answers=answer.pk).answers_id == asked.pk
    settle = {"engagement_id": one.pk, "remark_id": asked.pk, "now": NOW}
    do(team, settle_remark, is_settled=True, **settle)
    asked.refresh_from_db()
    assert asked.settled_at == NOW
    say(client, one, "One more thing.", answers=asked.pk)
    asked.refresh_from_db()
    assert asked.settled_at is None
    do(client, settle_remark, is_settled=True, **settle)
    do(client, settle_remark, is_settled=True, **settle)
    assert AuditEntry.objects.filter(verb="settle_remark").count() == 2


def test_each_person_gets_one_mail_a_day_however_much_is_said(world, one):
    client = world.a.representatives[0]
    for number in range(3):
        say(client, one, f"Remark {number}")
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == sorted(
        (world.a.ambassador.email, world.b.ambassador.email)
    )
    say(client, one, now=NOW + timedelta(days=1))
    assert Mail.objects.count() == 4
    Mail.objects.all().delete()
    say(world.a.ambassador, one)
    mail = Mail.objects.get()
    assert mail.recipient == client.email
    assert mail.subject == f"Remarks on the report: {one.title}"
    assert f"/assessments/{one.pk}/report/#summary" in mail.text


def test_who_has_a_conflict_hears_of_nothing_and_says_nothing(world, one):
    wall(world.b.ambassador, one)
    say(world.a.representatives[0], one)
    assert [mail.recipient for mail in Mail.objects.all()] == [world.a.ambassador.email]
    with pytest.raises(NotFound):
        say(world.b.ambassador, one)


def test_what_is_not_a_remark(world, one):
    client = world.a.representatives[0]
    for text, sentence in (("  \n", "Write your remark first"), ("x" * 2001, "too long")):
        with pytest.raises(InvalidInput, match=sentence):
            say(client, one, text)
    for passage in ("finding-999999", "", "chapter-1", "<script>"):
        with pytest.raises(InvalidInput, match="doesn’t contain this passage"):
            say(client, one, passage=passage)
    with pytest.raises(NotFound):
        do(
            client,
            write_remark,
            engagement_id=one.pk,
            number=2,
            passage="summary",
            text="x",
            now=NOW,
        )
    other = put_together(world, member=1)
    give(world, other)
    foreign = say(world.a.representatives[1], other)
    with pytest.raises(NotFound):
        say(client, one, answers=foreign.pk)
    with pytest.raises(NotFound):
        do(
            client,
            settle_remark,
            engagement_id=one.pk,
            remark_id=foreign.pk,
            is_settled=True,
            now=NOW,
        )
    for person, refusal in (
        (world.a.representatives[1], NotFound),
        (world.b.representatives[0], NotFound),
        (world.c.manager, NotFound),
        (world.nobody_special, NotFound),
    ):
        with pytest.raises(refusal):
            say(person, one)
    assert Remark.objects.filter(engagement=one).count() == 0


def test_a_closed_report_takes_no_remark(world, one):
    Engagement.objects.update(state="closed")
    with pytest.raises(Conflict):
        say(world.a.representatives[0], one)


def test_another_member_reads_no_remark(world, one, reading):
    say(world.a.representatives[0], one)
    for person, count in (
        (world.a.representatives[0], 1),
        (world.b.manager, 1),
        (world.a.representatives[1], 0),
        (world.c.manager, 0),
        (world.nobody_special, 0),
    ):
        with reading(person):
            assert Remark.objects.count() == count, person


def test_remarks_stand_beside_the_text_and_are_kept_when_refused(world, one, sign_in):
    client, team = sign_in(world.a.representatives[0]), sign_in(world.b.ambassador)
    own = reverse("assessments:own-report", args=[one.pk])
    page = reverse("assessments:report", args=[one.partnership_id, one.pk])
    post = {"number": "1", "passage": "summary", "text": "Which studios did you ask?"}
    answer = client.post(f"{own}remarks/", post)
    assert answer.status_code == 302
    assert answer.url == f"{own}?version=1#summary"
    text = team.get(page).content.decode()
    assert "Which studios did you ask?" in text
    assert "Greek representative 1" in text
    assert "1 open remark" in text
    asked = Remark.objects.get()
    answer = team.post(f"{page}remarks/", {**post, "text": "Five.", "answers": str(asked.pk)})
    assert answer.status_code == 302
    answer = client.post(f"{own}remarks/", {**post, "text": "y" * 2001})
    assert answer.status_code == 422
    assert "Your remark is too long. Use 2,000" in answer.content.decode()
    assert "y" * 2001 in answer.content.decode()
    answer = client.post(f"{own}remarks/{asked.pk}/settle/", follow=True)
    assert "Remark resolved." in answer.content.decode()
    assert "1 open remark" not in team.get(page).content.decode()
    answer = client.post(f"{own}remarks/{asked.pk}/settle/?open=1", follow=True)
    assert "Remark reopened." in answer.content.decode()
    # Neither of the two pages serves the other side, nor anybody else.
    assert client.post(f"{page}remarks/", post).status_code == 404
    assert team.post(f"{own}remarks/", post).status_code == 403
    stranger = sign_in(world.c.manager)
    assert stranger.post(f"{own}remarks/", post).status_code == 404
    assert stranger.post(f"{page}remarks/{asked.pk}/settle/").status_code == 404
    assert sign_in(world.nobody_special).post(f"{own}remarks/", post).status_code == 404


def test_a_remark_on_a_passage_that_is_gone_stays_readable(world, one, sign_in):
    finding = one.findings.get(order=2)
    say(world.a.representatives[0], one, "Is it so?", passage=f"finding-{finding.pk}")
    finding.sources.all().delete()
    finding.delete()
    give(world, one, news="One finding less.")
    own = reverse("assessments:own-report", args=[one.pk])
    text = sign_in(world.a.representatives[0]).get(own).content.decode()
    assert "Remarks on passages of other versions" in text
    assert "Is it so?" in text


def test_the_teams_do_not_see_a_form_for_remarks_on_a_draft(world, sign_in):
    made = put_together(world, member=2)
    page = reverse("assessments:report", args=[made.partnership_id, made.pk])
    assert "Add a remark" not in sign_in(world.a.ambassador).get(page).content.decode()
