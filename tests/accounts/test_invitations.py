"""Invitations: who may send them, what their link does, and what it never says."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from proxeny.accounts import operations
from proxeny.accounts.models import Account, Invitation, Person, Role, Seat
from proxeny.accounts.queries import hash_token
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import GATE, WEB, acting_as
from proxeny.kernel.zones import zone_of_country
from tests.conftest import reader_of
from tests.factories.accounts import InvitationFactory, PersonFactory

ADDRESS = "nefeli@example.org"
SECRET = "a secret long enough"


def invite(person, organisation, **values):
    reader = reader_of(person)
    given = {"role": Role.AMBASSADOR, "name": "Invited One", "email": ADDRESS, **values}
    with acting_as(WEB, reader):
        return operations.invite_person(
            actor=reader, organisation_id=organisation.pk, now=timezone.now(), **given
        )


def token_of(invitation):
    mail = Mail.objects.filter(recipient=invitation.email).latest("pk")
    return re.search(r"/invitations/([\w-]+)/", mail.text)[1]


def accept(token, **values):
    with acting_as(GATE):
        return operations.accept_invitation(token=token, now=timezone.now(), **values)


def test_manager_invites_and_the_mail_speaks_the_language_asked_for(world):
    invitation = invite(world.a.manager, world.a.cluster, language="fr")
    mail = Mail.objects.get(recipient=ADDRESS)
    token = token_of(invitation)
    assert invitation.token_hash == hash_token(token)
    assert token not in invitation.token_hash
    assert mail.text.count(token) == 1
    assert 'lang="fr"' in mail.html
    entry = AuditEntry.objects.get(verb="invite_person")
    assert (entry.person_id, entry.organisation_id) == (world.a.manager.pk, world.a.cluster.pk)


def test_cluster_invites_representatives_of_its_members_and_nobody_else_there(world):
    member = world.a.members[0]
    assert invite(world.a.manager, member, role=Role.REPRESENTATIVE).organisation_id == member.pk
    with pytest.raises(NotAllowed):
        invite(world.a.manager, member, role=Role.MANAGER, email="other@example.org")


@pytest.mark.parametrize("who", ["ambassador", "member", "other side", "third", "nobody"])
def test_others_cannot_invite(world, who):
    people = {
        "ambassador": world.a.ambassador,
        "member": world.a.representatives[0],
        "other side": world.b.manager,
        "third": world.c.manager,
        "nobody": world.nobody_special,
    }
    with pytest.raises((NotAllowed, NotFound)):
        invite(people[who], world.a.cluster)
    assert not Invitation.objects.exists()


def test_bad_input_names_the_field(world):
    for values, field in (
        ({"role": "king"}, "role"),
        ({"name": " "}, "name"),
        ({"email": "nobody"}, "email"),
    ):
        with pytest.raises(InvalidInput) as caught:
            invite(world.a.manager, world.a.cluster, **values)
        assert caught.value.field == field


def test_second_invitation_to_the_same_seat_is_a_conflict(world):
    invite(world.a.manager, world.a.cluster)
    with pytest.raises(Conflict, match="already been invited"):
        invite(world.a.manager, world.a.cluster, email=ADDRESS.upper())
    with pytest.raises(Conflict, match="This person already has this role"):
        invite(world.a.manager, world.a.cluster, email=world.a.ambassador.email)


def test_accepting_makes_account_person_and_seat_once(world):
    invitation = invite(world.a.manager, world.a.cluster, language="el")
    token = token_of(invitation)
    arrival = accept(token, name="Nefeli New", password=SECRET)
    assert arrival.is_new
    assert arrival.account.email == ADDRESS
    assert arrival.account.emailaddress_set.get().verified
    assert (arrival.person.name, arrival.person.language) == ("Nefeli New", "el")
    assert arrival.person.time_zone == "Europe/Athens"
    assert (arrival.seat.organisation_id, arrival.seat.role) == (world.a.cluster.pk, "ambassador")
    with pytest.raises(NotFound):
        accept(token, name="Second", password=SECRET)
    assert Seat.objects.filter(organisation=world.a.cluster, role="ambassador").count() == 2


def test_known_contact_without_a_sign_in_becomes_the_person(world):
    contact = PersonFactory(account=None, email=ADDRESS, name="Contact")
    arrival = accept(token_of(invite(world.a.manager, world.a.cluster)), name="N", password=SECRET)
    assert arrival.person.pk == contact.pk


def test_weak_password_is_refused_at_its_field(world):
    token = token_of(invite(world.a.manager, world.a.cluster))
    with pytest.raises(InvalidInput) as caught:
        accept(token, name="N", password="password")
    assert caught.value.field == "password"
    assert not Account.objects.filter(email=ADDRESS).exists()


def test_signed_in_person_takes_the_seat_only_with_the_invited_address(world):
    invitation = invite(world.a.manager, world.a.cluster, email=world.nobody_special.email)
    token = token_of(invitation)
    with pytest.raises(NotAllowed):
        accept(token, account_id=world.c.manager.account_id)
    with pytest.raises(Conflict):
        accept(token, name="Taken", password=SECRET)
    arrival = accept(token, account_id=world.nobody_special.account_id)
    assert not arrival.is_new
    assert arrival.person == world.nobody_special


def test_unverified_address_does_not_open_the_invitation(world):
    person = world.nobody_special
    token = token_of(invite(world.a.manager, world.a.cluster, email=person.email))
    person.account.emailaddress_set.update(verified=False)
    with pytest.raises(NotAllowed):
        accept(token, account_id=person.account_id)


def test_closed_links_all_get_the_same_page(world):
    now = timezone.now()
    states = {
        "used": {"accepted_at": now},
        "withdrawn": {"withdrawn_at": now},
        "expired": {"expires_at": now - timedelta(seconds=1)},
    }
    for token, values in states.items():
        InvitationFactory(organisation=world.a.cluster, token_hash=hash_token(token), **values)
    pages = [Client().get(f"/invitations/{token}/") for token in (*states, "unknown")]
    assert {page.status_code for page in pages} == {404}
    bodies = {re.sub(r'value="[^"]*"', "", page.content.decode()) for page in pages}
    assert len(bodies) == 1
    assert world.a.cluster.name not in bodies.pop()


def test_page_accepts_and_signs_in(world, sign_in):
    token = token_of(invite(world.a.manager, world.a.cluster))
    client = Client()
    page = client.get(f"/invitations/{token}/")
    assert page.status_code == 200
    assert world.a.cluster.name in page.content.decode()
    assert world.a.manager.name in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    wrong = client.post(f"/invitations/{token}/", {"name": "N", "password": "x", "language": "en"})
    assert wrong.status_code == 422
    answer = client.post(
        f"/invitations/{token}/", {"name": "New One", "password": SECRET, "language": "ar"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Person.objects.get(email=ADDRESS).language == "ar"
    assert client.get("/people/").status_code == 200


def test_page_sends_known_addresses_to_sign_in_and_joins_them(world, sign_in):
    person = world.nobody_special
    token = token_of(invite(world.a.manager, world.a.cluster, email=person.email))
    assert f"/accounts/login/?next=/invitations/{token}/" in str(
        Client().get(f"/invitations/{token}/").content
    )
    other = sign_in(world.c.manager).post(f"/invitations/{token}/")
    assert other.status_code == 200
    assert not Seat.objects.filter(person=person).exists()
    answer = sign_in(person).post(f"/invitations/{token}/")
    assert answer.status_code == 302
    assert Seat.objects.get(person=person).organisation == world.a.cluster


def test_withdrawn_and_renewed_links(world, sign_in):
    invitation = invite(world.a.manager, world.a.cluster)
    first = token_of(invitation)
    client = sign_in(world.a.manager)
    client.post(f"/people/invitations/{invitation.pk}/resend/")
    assert Mail.objects.filter(recipient=ADDRESS).count() == 1  # within a minute
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=13))
    client.post(f"/people/invitations/{invitation.pk}/resend/")
    second = token_of(invitation)
    assert second != first
    assert Client().get(f"/invitations/{first}/").status_code == 404
    assert Client().get(f"/invitations/{second}/").status_code == 200
    for stranger in (world.b.manager, world.a.representatives[0], world.c.manager):
        answer = sign_in(stranger).post(f"/people/invitations/{invitation.pk}/withdraw/")
        assert answer.status_code == 404
    client.post(f"/people/invitations/{invitation.pk}/withdraw/")
    assert Client().get(f"/invitations/{second}/").status_code == 404


def test_steward_withdraws_an_invitation_to_a_member(world):
    invitation = invite(world.a.manager, world.a.members[0], role=Role.REPRESENTATIVE)
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        operations.withdraw_invitation(
            actor=reader, invitation_id=invitation.pk, now=timezone.now()
        )
    invitation.refresh_from_db()
    assert invitation.withdrawn_at


def test_name_in_an_invitation_is_escaped_and_adds_no_header(world):
    invite(world.a.manager, world.a.cluster, name="<b>Evil</b>\nBcc: all@example.org")
    mail = Mail.objects.get(recipient=ADDRESS)
    assert "<b>Evil" not in mail.html
    assert "\n" not in mail.subject


def test_create_manager_is_idempotent(world):
    given = {"email": ADDRESS, "name": "First", "organisation_id": world.c.cluster.pk}
    today = timezone.now().date()
    with acting_as(GATE):
        first = operations.create_manager(**given, password=SECRET, today=today)
        second = operations.create_manager(**given, today=today)
    assert first.pk == second.pk
    assert first.account.check_password(SECRET)
    assert first.time_zone == zone_of_country(world.c.cluster.country)
    assert Seat.objects.filter(person=first, role=Role.MANAGER).count() == 1


def test_new_people_have_the_clocks_of_their_organisation(world):
    Organisation.objects.filter(pk=world.c.cluster.pk).update(country="GB")
    given = {"organisation_id": world.c.cluster.pk, "today": timezone.now().date()}
    with acting_as(GATE):
        plain = operations.create_manager(email="a@uk.example", name="A", **given)
        chosen = operations.create_manager(
            email="b@uk.example", name="B", time_zone="Asia/Tokyo", **given
        )
    assert (plain.time_zone, chosen.time_zone) == ("Europe/London", "Asia/Tokyo")
