"""Conditions of a call on its form: rows of a kind, added and removed, and what they say."""

import json
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse

from proxeny.calls.forms.calls import CallForm
from proxeny.calls.forms.rule_values import change_rule, values_of
from proxeny.calls.forms.rules import RuleForm
from proxeny.calls.models import Call
from proxeny.calls.rule_sentences import tell_meaning
from proxeny.engine.consortium import make_rules
from tests.factories.calls import CallFactory
from tests.forms import form_of
from tests.partnerships.rooms import words

pytestmark = pytest.mark.django_db

WHOLE = [
    {
        "key": "own-1",
        "kind": "independent",
        "text": "",
        "least": 3,
        "independent": False,
        "who": {"roles": ["beneficiary"], "statuses": ["member", "associated"], "sides": ["Sea"]},
        "of_which": {"statuses": ["member"]},
        "of_which_least": 1,
    },
    {"key": "a", "kind": "count", "text": "Mine", "least": 0, "most": 8, "seen": "2026-11-26"},
    {"key": "b", "kind": "countries", "text": "", "least": 2, "most": 2},
    {
        "key": "c",
        "kind": "only",
        "text": "",
        "who": {"paid": True, "coordinator": True},
        "allowed": {"countries": ["GR", "FR"], "sme": False, "tags": ["cluster", "island"]},
    },
    {"key": "d", "kind": "share", "text": "", "each": "country", "most": 70.5, "base": "request"},
    {"key": "e", "kind": "total", "text": "", "most": 36_000_050, "sure": False},
    {"key": "f", "kind": "rate", "text": "", "percent": 70, "percent_nonprofit": 100},
]


def page(name, *args):
    return reverse(f"calls:{name}", args=args)


def text_of(answer):
    return words(answer.content.decode())


def rows(form):
    return [name for name in form if name.endswith("-kept")]


def press(client, address, form, button, value="1", **more):
    return client.post(address, {**form, f"own_rules-{button}": value, **more})


def test_conditions_are_chosen_from_a_menu_and_saved(world, sign_in):
    client = sign_in(world.a.manager)
    form = form_of(client.get(page("add")), "reference")
    form |= {"reference": "BLUE-9", "title": "Quiet engines", "budget": "many"}
    answer = press(client, page("add"), form, "add", **{"own_rules-new": "count"})
    assert answer.status_code == 200
    assert "Fill in the fields to see what this condition says." in text_of(answer)
    form = form_of(answer, "reference")
    # Nothing typed is lost, and nobody finds fault with it yet.
    assert (form["reference"], form["budget"]) == (["BLUE-9"], ["many"])
    assert "Not saved yet" not in text_of(answer)
    form |= {"own_rules-0-least": "3", "own_rules-0-who_roles": ["beneficiary"]}
    answer = press(client, page("add"), form, "add", **{"own_rules-new": "total"})
    assert "Participants: at least 3. Counted: Beneficiary." in text_of(answer)
    form = form_of(answer, "reference") | {"own_rules-1-most": "360000.5", "currency": "GBP"}
    answer = press(client, page("add"), form, "show")
    assert "Amount requested, all together: at most £360,000.50." in text_of(answer)
    answer = press(client, page("add"), form, "add", **{"own_rules-new": "rate"})
    answer = press(client, page("add"), form_of(answer, "reference"), "remove", "2")
    form = form_of(answer, "reference") | {"budget": ""}
    assert len(rows(form)) == 2
    answer = client.post(page("add"), form)
    call = Call.objects.get()
    assert answer.url == page("detail", call.pk)
    assert call.own_rules == [
        {"key": "own-1", "kind": "count", "least": 3, "who": {"roles": ["beneficiary"]}},
        {"key": "own-2", "kind": "total", "most": 36_000_050},
    ]
    told = text_of(client.get(page("detail", call.pk)))
    assert "Participants: at least 3. Counted: Beneficiary." in told
    assert "at most £360,000.50." in told


def test_what_was_kept_comes_back_as_it_was(world, sign_in):
    call = CallFactory(steward=world.a.cluster, own_rules=WHOLE)
    client = sign_in(world.a.manager)
    form = form_of(client.get(page("edit", call.pk)), "reference")
    assert len(rows(form)) == len(WHOLE)
    client.post(page("edit", call.pk), form)
    call.refresh_from_db()
    assert call.own_rules == WHOLE
    form = form_of(client.get(page("edit", call.pk)), "reference")
    client.post(page("edit", call.pk), form | {"own_rules-5-most": "100"})
    call.refresh_from_db()
    assert call.own_rules[5] == WHOLE[5] | {"most": 10_000}
    assert [*call.own_rules[:5], call.own_rules[6]] == [*WHOLE[:5], WHOLE[6]]


@pytest.mark.parametrize("rule", WHOLE, ids=lambda one: one["kind"])
def test_values_of_a_row_make_the_same_condition(rule):
    assert change_rule(rule, values_of(rule)) == rule


@pytest.mark.parametrize(
    ("rule", "told"),
    zip(
        WHOLE,
        (
            (
                "Participants from different countries: at least 3. Of these, at least 1 must be: in a "
                "Member State. Counted: Beneficiary, in a Member State or an associated country, of "
                "Sea."
            ),
            "Participants: at most 8.",
            "Different countries: exactly 2.",
            (
                "Applies to those who are: the coordinator, requesting funding. Each must be: in "
                "France or Greece, a cluster organisation or island, not a small or medium-sized "
                "enterprise."
            ),
            "Cost, each country: at most 70.5% of the total amount requested.",
            "Amount requested, all together: at most £360,000.50.",
            "Funding rate: at most 70%. Non-profit participants: at most 100%.",
        ),
        strict=True,
    ),
    ids=[one["kind"] for one in WHOLE],
)
def test_each_kind_says_what_it_means(rule, told):
    [made] = make_rules([rule])
    assert tell_meaning(made, "GBP") == told


@pytest.mark.parametrize(
    ("kind", "typed", "field", "told"),
    [
        ("count", {}, "least", "Enter a minimum, a maximum or both."),
        ("count", {"least": "x"}, "least", "Enter a whole number."),
        ("count", {"least": "3", "most": "2"}, "most", "The maximum can’t be below"),
        ("count", {"least": "2", "who_coordinator": "on"}, "least", "only one coordinator"),
        ("independent", {}, "least", "This field is required."),
        (
            "independent",
            {"least": "3", "of_which_least": "1"},
            "of_which_least",
            "Choose the countries",
        ),
        ("only", {}, "allowed_roles", "Choose who can take part."),
        ("rate", {"percent": "70.12345"}, "percent", "no more than 4 decimal places"),
        ("share", {"most": "70", "url": "javascript:alert(1)"}, "url", "https://"),
        ("share", {"most": "70", "who_countries": ["XX"]}, "who_countries", "XX is not one of"),
    ],
)
def test_what_is_wrong_is_said_at_its_row(world, sign_in, kind, typed, field, told):
    client = sign_in(world.a.manager)
    form = form_of(client.get(page("add")), "reference") | {"reference": "B", "title": "T"}
    form = form_of(press(client, page("add"), form, "add", **{"own_rules-new": kind}), "reference")
    form |= {f"own_rules-0-{name}": value for name, value in typed.items()}
    answer = client.post(page("add"), form)
    assert answer.status_code == 422
    [row] = answer.context["form"].rows
    assert list(row.errors) == [field]
    text = text_of(answer)
    assert told in text
    assert "Check the highlighted conditions." in text
    again = form_of(answer, "reference")
    for name, value in typed.items():
        shown = again.get(f"own_rules-0-{name}", [])
        assert shown == [value] or name == "who_countries"
    assert not Call.objects.exists()


def test_a_row_that_no_page_sent_is_refused_with_a_sentence(world, sign_in):
    client = sign_in(world.a.manager)
    form = form_of(client.get(page("add")), "reference") | {"reference": "B", "title": "T"}
    for kept in ("", "[1]", '{"kind": "wish"}', '{"kind": "count", "who": 3}', "[" * 5000):
        sent = {"own_rules": "0", "own_rules-0-kept": kept, "own_rules-0-text": ""}
        answer = client.post(page("add"), form | sent)
        assert answer.status_code == 422
        assert "This condition can’t be read." in text_of(answer)


def test_conditions_that_another_changed_are_kept_or_shown(world, sign_in):
    call = CallFactory(steward=world.a.cluster, own_rules=WHOLE[:2])
    one, other = sign_in(world.a.manager), sign_in(world.a.ambassador)
    first, second = (form_of(who.get(page("edit", call.pk)), "reference") for who in (one, other))
    one.post(page("edit", call.pk), first | {"own_rules-1-most": "9"})
    # Whoever changed something else keeps the other's conditions.
    other.post(page("edit", call.pk), second | {"title": "New"})
    call.refresh_from_db()
    assert (call.title, call.own_rules[1]["most"], call.version) == ("New", 9, 3)
    answer = other.post(page("edit", call.pk), second | {"own_rules": "0"})
    assert answer.status_code == 409
    assert "Mine" in text_of(answer)


def test_typed_conditions_of_a_lost_call_can_be_copied():
    assert CallForm.tell_posted("own_rules-0-text", ["Mine"]) == ("In other words", "Mine")
    assert CallForm.tell_posted("own_rules-0-who_roles", ["beneficiary"])[1] == "Beneficiary"
    for name in ("own_rules", "own_rules-0-kept", "own_rules-0-wish", "own_rules-new"):
        assert CallForm.tell_posted(name, ["1"]) is None


def test_a_row_offers_what_its_condition_has_though_nobody_knows_it():
    row = RuleForm(WHOLE[3], number="0")
    assert ("island", "island") in row.fields["allowed_tags"].choices
    data = QueryDict(mutable=True)
    data["own_rules-0-text"] = "Mine"
    data.setlist("own_rules-0-allowed_tags", ["island", "cluster"])
    changed = RuleForm(WHOLE[3], number="0", data=data)
    assert changed.is_valid()
    assert json.dumps(changed.to_rule()["allowed"]["tags"]) == '["cluster", "island"]'
    assert values_of(WHOLE[5])["most"] == Decimal("360000.5")
