"""The pages of the catalogue: as the teams keep it, and as companies of both countries read it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from proxeny.assessments.models import Service, ServiceText
from proxeny.assessments.operations import catalogue
from proxeny.partnerships.models import Agreement
from tests.assessments.test_catalogue import add, ask, offered, on, sign, staffed, state
from tests.factories.assessments import ServiceTextFactory, make_engagement, make_service
from tests.files import is_table_file
from tests.forms import form_of
from tests.partnerships.rooms import words

pytestmark = pytest.mark.django_db
State = Service.State


def page(name, *args):
    return reverse(f"assessments:{name}", args=args)


def text_of(answer):
    return words(answer.content.decode())


def test_a_service_is_written_delivered_and_signed_on_its_pages(world, sign_in):
    pk = world.partnership.pk
    client, french = sign_in(world.a.manager), sign_in(world.b.manager)
    assert "You don’t offer any services together yet" in text_of(client.get(page("catalogue", pk)))
    new = page("service-new", pk)
    values = form_of(client.get(new), "price")
    assert values["currency"] == ["EUR"]
    bad = values | {"price": "-1", "name_en": "Demand check", "summary_en": "Who would buy?"}
    answer = client.post(new, bad)
    assert answer.status_code == 422
    assert "An amount can’t be negative." in text_of(answer)
    answer = client.post(new, values | {"price": "900"})
    assert "in at least one language" in text_of(answer)
    answer = client.post(new, bad | {"price": "900.50", "name_fr": "Demande"})
    assert answer.status_code == 422
    assert "Describe it in one sentence." in text_of(answer)
    answer = client.post(new, bad | {"price": "900.50"}, follow=True)
    made = Service.objects.get()
    text = text_of(answer)
    assert answer.redirect_chain[-1][0] == page("service", pk, made.pk)
    for shown in (
        "Demand check",
        "€900.50",
        "3 of 3 places available",
        "60 days from the signed brief",
        "No text yet in: French, Greek, Arabic",
    ):
        assert shown in text
    answer = client.post(page("service-terms", pk, made.pk), {"seen": made.version}, follow=True)
    assert "No one has been named to deliver it at Greek cluster, French cluster yet" in text_of(
        answer
    )
    for one, person in ((client, world.a.ambassador), (french, world.b.ambassador)):
        answer = one.post(page("service-deliverer", pk, made.pk), {"person": person.pk})
        assert answer.status_code == 302
    answer = client.post(page("service-deliverer", pk, made.pk), {"person": world.b.manager.pk})
    assert answer.status_code == 422
    shown = client.get(page("service", pk, made.pk))
    assert "Terms of the service “Demand check”" in text_of(shown)
    client.post(page("service-terms", pk, made.pk), form_of(shown, "seen"))
    text = text_of(client.get(page("service", pk, made.pk)))
    assert "The terms are waiting for signatures" in text
    sign(world, Agreement.objects.get(kind="service"), world.b.manager)
    assert state(made) == State.OFFERED
    row = text_of(client.get(page("catalogue", pk)))
    for shown in ("Offered", "Greek ambassador", "French ambassador", "0 of 3", "missing in: FR"):
        assert shown in row


def test_who_opens_the_catalogue_of_a_room(world, sign_in):
    made = staffed(world)
    pk = world.partnership.pk
    urls = [
        page("catalogue", pk),
        page("service", pk, made.pk),
        page("service-edit", pk, made.pk),
        page("service-new", pk),
    ]
    posts = [
        page(f"service-{one}", pk, made.pk)
        for one in ("edit", "deliverer", "terms", "pause", "resume", "retire", "reopen")
    ]
    for person in (world.a.ambassador, world.b.manager):
        assert [sign_in(person).get(url).status_code for url in urls] == [200] * 4
    for person in (
        world.a.representatives[0],
        world.b.representatives[0],
        world.c.manager,
        world.nobody_special,
    ):
        client = sign_in(person)
        assert [client.get(url).status_code for url in urls] == [404] * 4, person
        assert {client.post(url).status_code for url in posts} == {404}, person
    # A team's member who is no manager signs nothing.
    answer = sign_in(world.a.ambassador).post(
        page("service-terms", pk, made.pk), {"seen": made.version}
    )
    assert answer.status_code == 403
    assert state(made) == State.DRAFT
    assert sign_in(world.a.manager).get(page("service", pk, 10**9)).status_code == 404


def test_signed_terms_change_only_with_a_word_that_all_sign_anew(world, sign_in):
    made = offered(world)
    client = sign_in(world.b.ambassador)
    edit = page("service-edit", world.partnership.pk, made.pk)
    opened = client.get(edit)
    assert "the signatures are no longer valid" in text_of(opened)
    values = form_of(opened)
    answer = client.post(edit, values | {"summary_en": "Said better."})
    assert answer.status_code == 302
    assert state(made) == State.OFFERED
    values = form_of(client.get(edit))
    answer = client.post(edit, values | {"capacity": "0", "sign_anew": "on"})
    assert "Between 1 and 99" in text_of(answer)
    answer = client.post(edit, values | {"price": "10"})
    assert answer.status_code == 422
    assert "This changes what all sides have signed." in text_of(answer)
    answer = client.post(edit, values | {"price": "10", "sign_anew": "on"}, follow=True)
    assert "a manager has to send them for signature again" in text_of(answer)
    made.refresh_from_db()
    assert (made.state, made.price) == (State.DRAFT, Decimal(10))


def test_paused_put_away_and_back_by_one_click(world, sign_in):
    made = offered(world)
    pk = world.partnership.pk
    client = sign_in(world.a.ambassador)
    answer = client.post(page("service-pause", pk, made.pk), follow=True)
    assert page("service-resume", pk, made.pk) in answer.content.decode()
    assert state(made) == State.PAUSED
    client.post(page("service-resume", pk, made.pk))
    answer = client.post(page("service-retire", pk, made.pk), follow=True)
    assert "Assessments already under way continue." in text_of(answer)
    assert state(made) == State.RETIRED
    assert "1 no longer offered" in text_of(client.get(page("catalogue", pk)))
    client.post(page("service-resume", pk, made.pk))
    assert state(made) == State.OFFERED
    answer = client.post(page("service-reopen", pk, made.pk), follow=True)
    assert "is now “Offered”" in text_of(answer)


def test_the_list_is_searched_narrowed_sorted_and_exported(world, sign_in):
    cheap = make_service(world, price=100, question="price")
    ServiceText.objects.filter(service=cheap).update(name="A price check", summary="What it costs.")
    ServiceTextFactory(service=cheap, language="el", name="Τιμές", summary="Πόσο κοστίζει.")
    dear = make_service(world, price=5000, state=State.DRAFT)
    make_service(world, state=State.RETIRED)
    make_engagement(world, service=dear, state="checking")
    client, url = sign_in(world.b.ambassador), page("catalogue", world.partnership.pk)
    text = text_of(client.get(url))
    assert "2 services" in text
    assert text.index("A price check") < text.index("Demand check")
    text = text_of(client.get(url, {"sort": "-price"}))
    assert text.index("€5,000") < text.index("€100")
    assert "1 of 3" in text
    for query, count in (
        ({"q": "Τιμές"}, "1 service "),
        ({"q": "price costs"}, "1 service "),
        ({"state": "draft"}, "1 service "),
        ({"state": "all"}, "3 services"),
        ({"question": "price"}, "1 service "),
        ({"state": "x", "sort": "x"}, "2 services"),
        ({"q": "nothing like it"}, "0 services"),
    ):
        assert count in text_of(client.get(url, query)), query
    assert "Nothing matches" in text_of(client.get(url, {"q": "nothing like it"}))
    file = client.get(url, {"export": "csv", "question": "price"}).content.decode("utf-8-sig")
    head, line = file.splitlines()
    assert head.startswith("Service,State,Market question,Price,Currency")
    assert line.startswith(
        "A price check,Offered,What price should we charge?,100.0,EUR,The company,0,3,60"
    )
    answer = client.get(url, {"export": "xlsx"})
    assert is_table_file(answer, "services", "xlsx")


def test_one_and_three_services_take_the_same_queries(world, sign_in, django_assert_num_queries):
    client, member = sign_in(world.a.ambassador), sign_in(world.b.representatives[0])
    url, own = page("catalogue", world.partnership.pk), page("services")
    make_service(world)
    with django_assert_num_queries(STAFF):
        assert "1 service " in text_of(client.get(url))
    with django_assert_num_queries(MEMBER):
        assert "1 service " in text_of(member.get(own))
    for _number in range(2):
        make_service(world)
    with django_assert_num_queries(STAFF):
        assert "3 services" in text_of(client.get(url))
    with django_assert_num_queries(MEMBER):
        assert "3 services" in text_of(member.get(own))


#: Queries of the two lists, with those of the frame.
STAFF, MEMBER = 22, 22


def test_companies_of_both_countries_read_what_is_offered_in_their_language(world, sign_in):
    made = offered(world)
    ServiceTextFactory(
        service=made,
        language="fr",
        name="Étude de demande",
        summary="Qui achèterait ?",
        details="Une étude en deux pages.",
    )
    draft = staffed(world)
    own, one = page("services"), page("offer", made.pk)
    for person in (world.a.representatives[0], world.b.representatives[0]):
        person.language = "fr"
        person.save()
        client = sign_in(person)
        answer = client.get(own, headers={"accept-language": "fr"})
        assert "Étude de demande" in text_of(answer)
        text = text_of(client.get(one, headers={"accept-language": "fr"}))
        for shown in (
            "Qui achèterait ?",
            "Une étude en deux pages.",
            "Greek cluster",
            "French cluster",
        ):
            assert shown in text
        # Who delivers is told by cluster alone.
        assert "ambassador" not in text
        assert client.get(page("offer", draft.pk)).status_code == 404
    for person in (world.c.manager, world.c.representatives[0], world.nobody_special):
        client = sign_in(person)
        assert "No services are on offer at the moment" in text_of(client.get(own))
        assert client.get(one).status_code == 404


def test_the_members_list_is_narrowed_and_told_as_it_stands(world, sign_in):
    made = offered(world)
    client, own = sign_in(world.b.representatives[0]), page("services")
    for query, count in (
        ({"country": "GR"}, "1 service "),
        ({"country": "MA"}, "1 service "),
        ({"question": "price"}, "0 services"),
        ({"q": "demand BUY"}, "1 service "),
        ({"q": "x"}, "0 services"),
    ):
        assert count in text_of(client.get(own, query)), query
    assert "2 of 2 places available" in text_of(client.get(page("offer", made.pk)))
    for member in range(2):
        make_engagement(world, service=made, member=member, state="checking")
    assert "waiting list" in text_of(client.get(own))
    assert "All places are taken" in text_of(client.get(page("offer", made.pk)))
    on(world, world.a.ambassador, catalogue.pause_service, made)
    assert "0 services" not in text_of(client.get(own))
    assert "No services are on offer at the moment" in text_of(client.get(own))
    assert "This service is paused" in text_of(client.get(page("offer", made.pk)))


def test_only_a_company_is_led_to_ask(world, sign_in):
    made = offered(world)
    ask_url, one = page("ask", made.pk), page("offer", made.pk)
    for person in (world.a.representatives[0], world.b.representatives[1]):
        assert ask_url in sign_in(person).get(one).content.decode()
    for person in (world.a.manager, world.b.ambassador):
        html = sign_in(person).get(one).content.decode()
        assert ask_url not in html
        assert page("service", world.partnership.pk, made.pk) in html


def test_terms_before_all_stand_among_the_texts_of_the_room(world, sign_in):
    made = staffed(world)
    agreement = ask(world, made)
    client = sign_in(world.b.manager)
    url = reverse("partnerships:text", args=[world.partnership.pk, agreement.pk])
    text = text_of(client.get(url))
    assert "the terms of “Demand check”" in text
    assert "Sign for your side" in text
    stages = reverse("partnerships:stages", args=[world.partnership.pk])
    assert "the terms of “Demand check”" in text_of(client.get(stages))


def test_what_happened_to_a_service_reads_in_sentences(world, sign_in):
    made = offered(world)
    on(world, world.b.manager, catalogue.pause_service, made)
    text = text_of(sign_in(world.a.manager).get(reverse("history:show", args=["service", made.pk])))
    for sentence in (
        "Created a service",
        "Signed by everyone: the service is now offered",
        "Paused a service",
    ):
        assert sentence in text
    member = sign_in(world.b.representatives[0])
    assert "Created a service" not in text_of(
        member.get(reverse("history:show", args=["service", made.pk]))
    )
    assert member.get(reverse("history:show", args=["service", add(world).pk])).status_code == 404


def test_who_signs_in_french_reads_the_terms_in_french_and_that_english_binds(world, sign_in):
    made = staffed(world)
    agreement = ask(world, made)
    url = reverse("partnerships:text", args=[world.partnership.pk, agreement.pk])
    client = sign_in(world.b.manager)
    english = text_of(client.get(url))
    assert "Translation for reference" not in english
    client.cookies["django_language"] = "fr"
    shown = client.get(url)
    signed, told = shown.context["readings"]
    assert (signed.language, signed.is_signed, signed.text) == ("en", True, agreement.text)
    assert (told.language, told.is_signed) == ("fr", False)
    assert told.text.startswith("Conditions du service")
    assert "Conditions du service" in text_of(shown)
    assert 'lang="en"' in shown.content.decode()
    # What was changed since can't be translated: the text comes alone.
    Service.objects.filter(pk=made.pk).update(promised_days=made.promised_days + 1)
    shown = client.get(url)
    assert [one.text for one in shown.context["readings"]] == [agreement.text]
    assert "Conditions du service" not in text_of(shown)
