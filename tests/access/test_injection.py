"""A script in every text field: no page, mail or form ever gives it to a browser as one."""

import json
import re

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction

from proxeny.directory.models import MemberImport
from proxeny.events.models import Event
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.policies import tenant_models
from proxeny.webhooks.models import WebhookDelivery
from tests.access.crowd import Crowd
from tests.access.mails import write_every_mail
from tests.access.probes import Clients, address_of, is_paper, readable, text_of
from tests.access.routes import ROUTES

PAYLOAD = '"><script>alert(1)</script>{{7*7}}'
ESCAPED = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}"
#: Fields that no person writes and whose form the product relies on.
KEPT = {
    "password",
    "token_hash",
    "text_hash",
    "sha256",
    "uid",
    "key",
    "verb",
    "target",
    "kind",
    "side",
    "language",
    "time_zone",
    "zone",
    "country",
    "search_text",
    "sort_name",
    "calendar_method",
    "media_type",
    "value",
    "phase",
    "status",
}
#: One of each kind of reader.
READERS = {"nobody", "a_manager", "a_ambassador", "a_member", "b_manager", "c_manager"}
_TEXT = (models.CharField, models.TextField)
#: A payload that got out of its text: raw, its quote raw, unquoted, or evaluated.
BROKEN = (
    re.compile(r"<script>alert"),
    re.compile(r'"&gt;&lt;script'),
    re.compile(r"=&quot;&gt;&lt;script"),
    re.compile(r"script(>|&gt;)49"),
)


def _new_value(field: models.Field) -> object:
    if isinstance(field, ArrayField):
        # What has no length is written by the product itself: words to find a text by.
        most = getattr(field.base_field, "max_length", None) or 0
        return [PAYLOAD] if isinstance(field.base_field, _TEXT) and most >= len(PAYLOAD) else None
    if isinstance(field, models.EmailField):
        return '"<script>alert(1)</script>"@example.org'
    if isinstance(field, models.URLField):
        return f"https://example.org/{PAYLOAD}"
    if not isinstance(field, _TEXT) or field.choices or field.unique or field.name in KEPT:
        return None
    if isinstance(field, models.SlugField):  # It stands in an address, which has no such signs.
        return None
    fits = field.max_length is None or field.max_length >= len(PAYLOAD)
    return PAYLOAD if fits else None


def _poison(crowd: Crowd) -> set[str]:
    """Write the payload into each text field of each row; return the fields."""
    written = set()
    for model, _tenancy in tenant_models():
        for field in model._meta.concrete_fields:
            value = _new_value(field)
            if value is None or (isinstance(field, models.EmailField) and field.unique):
                continue
            for number, row in enumerate(model._base_manager.all()):
                # Some are unique with another field.
                unlike = f"{value}{number}" if field.name in ("name", "file_name") else value
                model._base_manager.filter(pk=row.pk).update(**{field.name: unlike})
                written.add(f"{model.__name__}.{field.name}")
    MemberImport.objects.update(
        columns={
            "header": [PAYLOAD],
            "sample": [[PAYLOAD]],
            "sheets": [PAYLOAD, "2"],
            "encoding": "utf-8",
        },
        mapping={"name": PAYLOAD},
        problems=[
            {"row": 1, "column": PAYLOAD, "reason": PAYLOAD, "value": PAYLOAD, "stops": True}
        ],
    )
    AuditEntry.objects.update(verb="decline_partnership")
    WebhookDelivery.objects.update(body=json.dumps({"text": PAYLOAD}))
    return written


def _broken(text: str) -> list[str]:
    return [
        text[max(0, m.start() - 80) : m.end() + 40] for one in BROKEN if (m := one.search(text))
    ]


def _is_page(answer) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")


@pytest.mark.parametrize(
    "text",
    [
        f"<p>{PAYLOAD}</p>",
        '<input value=""&gt;&lt;script&gt;">',
        f"<a title={ESCAPED}>",
        f"<p>{ESCAPED}</p>".replace("{{7*7}}", "49"),
    ],
)
def test_each_way_out_of_a_text_is_noticed(text):
    assert len(_broken(text)) == 1
    assert _broken(f'<input value="{ESCAPED}">{ESCAPED}') == []


def test_a_script_in_any_text_is_shown_as_text(crowd):
    written = _poison(crowd)
    assert {
        "Organisation.name",
        "Organisation.summary",
        "Agreement.text",
        "Partnership.purpose",
        "Event.title",
        "Participation.pitch",
        "MeetingRequest.note",
        "Listing.title",
        "Rating.note",
        "SharingGrant.purpose",
        "Table.name",
        "Person.name",
    } <= written
    shown: set[str] = set()
    assert _pages(crowd, "", shown) == []
    assert len(shown) > 40, shown


@pytest.mark.long
@pytest.mark.parametrize("state", ["draft", "published", "cancelled"])
def test_so_it_is_in_each_state_of_an_event(crowd, state):
    _poison(crowd)
    Event.objects.filter(pk=crowd.taken.event.pk).update(state=state)
    assert _pages(crowd, "events:", set()) == []


def _pages(crowd: Crowd, capability: str, shown: set[str]) -> list[str]:
    """Return where the payload gets out of its text on pages; add to `shown` where it is a text."""
    clients, wrong = Clients(crowd), []
    for key, address, route in readable(crowd):
        # Nothing runs on paper.
        is_asked = key.startswith(capability) and not is_paper(key)
        readers = READERS & set(route.readers)
        # An ambassador's page is a manager's with less on it.
        readers -= {"a_ambassador"} if "a_manager" in readers else set()
        for who in readers if is_asked else ():
            answer = clients[who].get(address)
            if _is_page(answer):
                text = text_of(answer)
                wrong += [f"{key} as {who}: {one}" for one in _broken(text)]
                shown |= {key} if ESCAPED in text else set()
    return wrong


def test_a_script_in_any_text_is_text_in_mails_too(crowd):
    _poison(crowd)
    mails = write_every_mail(crowd, PAYLOAD)
    written = {mail.key.partition(":")[0] for mail in mails}
    assert written >= {
        "invitation",
        "event-invitation",
        "event-reminder",
        "agenda-provisional",
        "agenda-published",
        "agenda-change",
        "event-cancelled",
        "later",
        "partnership",
        "listing",
        "interest",
        "catch-up",
        "rhythm",
        "due",
    }, written
    for mail in mails:
        assert _broken(mail.html) == [], mail.key
        assert "\n" not in mail.subject
    shown = {mail.key.partition(":")[0] for mail in mails if ESCAPED in mail.html}
    assert shown == written


@pytest.mark.long
def test_a_script_in_an_address_is_not_given_back(crowd):
    clients, wrong = Clients(crowd), []
    names = (
        "q",
        "sort",
        "state",
        "page",
        "role",
        "group",
        "sector",
        "marked",
        "listing",
        "show",
        "by",
        "what",
        "side",
        "format",
        "partner",
        "organisation",
        "partnership",
        "ended",
        "direction",
        "country",
        "kind",
        "visibility",
        "columns",
        "first",
        "second",
    )
    query = dict.fromkeys(names, PAYLOAD)
    asked = {address.partition("?")[0]: (key, route) for key, address, route in readable(crowd)}
    for address, (key, route) in asked.items():
        # Nothing runs on paper.
        for who in () if is_paper(key) else route.readers[:2]:
            answer = clients[who].get(address, query)
            if _is_page(answer):
                wrong += [f"{key} as {who}: {one}" for one in _broken(text_of(answer))]
    assert wrong == [], "\n".join(wrong)


_INPUT = re.compile(r'<(?:input|textarea|select|button)[^>]*\sname="([^"]+)"')


def _fields(page) -> set[str]:
    return set(_INPUT.findall(text_of(page))) if _is_page(page) else set()


@pytest.mark.long
@pytest.mark.parametrize("kept", ["version", ""])
def test_a_script_that_is_typed_comes_back_as_text(crowd, kept):
    """Each form is sent with the payload in all its fields, and with a good version."""
    clients, wrong, tried = Clients(crowd), [], 0
    for key, route in ROUTES.items():
        address = address_of(key, route, crowd)
        for who in route.readers[:1]:
            fields = set() if route.posts_only else _fields(clients[who].get(address))
            data = {name: "1" if name == kept else PAYLOAD for name in fields} | {"x": PAYLOAD}
            with transaction.atomic():
                answer = clients[who].post(address, data)
                transaction.set_rollback(True)
            tried += bool(fields)
            if _is_page(answer):
                wrong += [f"{key} as {who}: {one}" for one in _broken(text_of(answer))]
    assert wrong == [], "\n".join(wrong)
    assert tried > 20
