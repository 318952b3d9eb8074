"""What is logged of requests, jobs and mails, and that none of it tells anything about anybody."""

import io
import json
import logging
import re
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import path

from proxeny.accounts.models import Account, Person
from proxeny.config.urls import urlpatterns as product_urls
from proxeny.config.wsgi import application
from proxeny.kernel import jobs
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.jobs import running
from proxeny.kernel.logs import JsonLines, TextLines, black_out
from proxeny.kernel.mail import queue_mail, send
from proxeny.kernel.tenancy import Reader, as_service
from tests.access.crowd import FEED, LINK, make_crowd

PASSWORD = "correct-horse-battery-9"
TOKEN = "prx_9fKq2LrX0ZbT7mWc5VdYh3Gs8JnE1uAo"
ADDRESS = "ada.lovelace@secret-firm.example"


def _raise(request: HttpRequest) -> None:
    raise ValueError(f"cannot read {ADDRESS} with {TOKEN}")


def _repeat(request: HttpRequest) -> None:
    # The database repeats the address: "Key (email)=(…) already exists".
    with as_service("A test."):
        Account.objects.create(email=Account.objects.first().email)


urlpatterns = [
    *product_urls,
    path("fault/<str:word>", _raise, name="fault"),
    path("repeat", _repeat, name="repeat"),
]


@contextmanager
def _writing(formatter: logging.Formatter) -> Iterator[io.StringIO]:
    """What the product's own handler writes during the block."""
    root = logging.getLogger()
    handler = next(one for one in root.handlers if isinstance(one.formatter, TextLines))
    stream, usual, level = io.StringIO(), handler.formatter, root.level
    handler.setFormatter(formatter)
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)
    handler.setFormatter(usual)
    root.setLevel(level)


@pytest.fixture(params=[JsonLines, TextLines])
def lines(request):
    """What is written, in either form."""
    with _writing(request.param()) as stream:
        yield stream


@pytest.fixture
def told():
    """What is written, as objects."""
    with _writing(JsonLines()) as stream:
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line_with_its_route_and_no_path(world, sign_in, told):
    client = sign_in(world.a.manager)
    answer = client.get(f"/directory/{world.a.members[0].pk}/?q={ADDRESS}")
    (line,) = [one for one in told() if one["logger"] == "proxeny.request"]
    assert set(line) == {
        "time",
        "level",
        "logger",
        "message",
        "request_id",
        "method",
        "route",
        "status",
        "ms",
        "person",
    }
    assert (line["method"], line["route"], line["status"]) == ("GET", "directory:detail", 200)
    assert line["person"] == world.a.manager.pk
    assert line["request_id"] == answer["X-Request-ID"]
    assert 0 < line["ms"] < 60_000


def test_a_proxys_request_id_is_kept_and_another_is_not(db, told):
    client = Client()
    given = str(uuid.uuid4())
    assert client.get("/", headers={"X-Request-ID": given})["X-Request-ID"] == given
    for wrong in ("short", "x" * 65, ADDRESS, "a b c d e f g", "abcdefgh\u00e9"):
        made = client.get("/", headers={"X-Request-ID": wrong})["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{32}", made)
    assert told()[0]["request_id"] == given


def test_refusals_and_unknown_pages_have_their_line(world, sign_in, told):
    Client().get("/people/")
    Client().get("/no/such/page")
    sign_in(world.b.manager).get(f"/events/{2**40}/setup/")
    lines = [one for one in told() if one["logger"] == "proxeny.request"]
    found = [(one["route"], one["status"], one.get("person")) for one in lines]
    assert found == [
        ("people:list", 302, None),
        ("none", 404, None),
        ("events:setup", 404, world.b.manager.pk),
    ]


@pytest.fixture
def work(monkeypatch):
    """Registers a function as the work of the kind `test.work` for one test."""
    return lambda function: monkeypatch.setitem(running._registry, "test.work", function)


def _job(key: str) -> int:
    return jobs.enqueue("test.work", actor=Reader(person=1), key=key, arguments={"a": ADDRESS}).pk


def test_a_job_is_one_line_for_each_attempt(db, work, told):
    def fail_once(context):
        if context.arguments and len(attempts) == 0:
            attempts.append(1)
            raise ValueError(ADDRESS)
        return {}

    attempts: list[int] = []
    work(fail_once)
    job = _job("k")
    with pytest.raises(ValueError, match="ada"):
        jobs.run(job)
    jobs.run(job)
    found = [one for one in told() if one["logger"] == "proxeny.job"]
    assert [(one["job_id"], one["kind"], one["attempt"], one["outcome"]) for one in found] == [
        (job, "test.work", 1, "again"),
        (job, "test.work", 2, "done"),
    ]
    assert all(one["ms"] >= 0 for one in found)
    (fault,) = [one for one in told() if one["level"] == "ERROR"]
    assert fault["job_id"] == job
    assert fault["trace"][0] == "builtins.ValueError"
    assert any("test_logs.py" in place and "fail_once" in place for place in fault["trace"])


def test_a_refused_job_and_a_sent_mail_have_their_line(db, work, told, inbox):
    def refuse(context):
        raise InvalidInput(f"{ADDRESS} is no member.")

    work(refuse)
    jobs.run(_job("k"))
    mail = _mail()
    send(mail)
    send(mail)
    found = [(one["logger"], one["outcome"]) for one in told() if "outcome" in one]
    assert found == [
        ("proxeny.job", "refused"),
        ("proxeny.mail", "sent"),
        ("proxeny.mail", "nothing to do"),
    ]


def _mail() -> int:
    mail = queue_mail(
        key=f"invitation:{ADDRESS}",
        recipient=ADDRESS,
        template="accounts/mail/invitation",
        context={"action_url": f"/invitations/{LINK}/", "days": 3},
    )
    return mail.pk


def test_a_fault_of_the_database_is_named_without_its_values(db, told):
    Account.objects.create(email=ADDRESS)
    try:
        with transaction.atomic():
            Account.objects.create(email=ADDRESS)
    except IntegrityError:
        logging.getLogger("somewhere").exception("it failed")
    (line,) = told()
    assert line["trace"][0] == "django.db.utils.IntegrityError"
    assert any("23505 accounts_account" in one for one in line["trace"])


def _everything(crowd, client: Client, smtp) -> None:
    w = crowd.world
    login = "/accounts/login/"
    client.get(f"/fault/{TOKEN}?mail={ADDRESS}")
    client.get("/repeat")
    client.post(login, {"login": ADDRESS, "password": PASSWORD})
    client.post(login, {"login": w.a.manager.account.email, "password": PASSWORD})
    client.post("/accounts/password/reset/", {"email": w.a.manager.account.email})
    client.get(f"/accounts/password/reset/key/1-{TOKEN}/")
    client.get(f"/invitations/{LINK}/")
    client.post(f"/invitations/{LINK}/", {"name": "Ada Lovelace", "password1": PASSWORD})
    client.get(f"/invitations/{TOKEN}/?to={ADDRESS}")
    client.get(f"/calendar/{FEED}.ics")
    client.get(f"/calendar/{TOKEN}.ics")
    client.get(f"/directory/?q={ADDRESS}&token={TOKEN}")
    client.get(f"/no/such/page/{TOKEN}?password={PASSWORD}")
    client.get("/api/v1/work/jobs", headers={"Authorization": f"Bearer {TOKEN}"})
    client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    client.get("/", headers={"Host": f"{TOKEN}.example", "X-Request-ID": ADDRESS})
    client.get("/", headers={"Cookie": f"sessionid={TOKEN}"})
    client.generic("BREW", f"/invitations/{TOKEN}/")
    strict = Client(enforce_csrf_checks=True)
    strict.post(f"/invitations/{TOKEN}/", {"password1": PASSWORD})
    strict.post(login, {"login": ADDRESS, "password": PASSWORD})


def _others() -> None:
    """What other packages may say."""
    other = logging.getLogger("some.package")
    other.warning("mail to %s failed", ADDRESS)
    other.warning("Authorization: Bearer %s", TOKEN)
    other.warning("POST https://hooks.example/%s?key=%s", TOKEN, PASSWORD)
    other.warning("login with password=%s", PASSWORD)
    other.warning("a dict", extra={"status": {"password": PASSWORD}, "kind": ADDRESS})
    other.warning("stack", stack_info=True, extra={"request": ADDRESS})
    other.warning("wrong %d", ADDRESS)
    try:
        raise ValueError(ADDRESS) from OSError(TOKEN)
    except ValueError:
        other.exception("both")
    logging.getLogger("django.request").error("Oh: %s", f"/invitations/{TOKEN}/")
    logging.getLogger("django.security.SuspiciousSession").warning("cookie %s", TOKEN)


def test_no_secret_and_no_name_reaches_the_log_by_any_way(world, lines, settings, work, inbox):
    crowd = make_crowd(world)
    settings.ROOT_URLCONF = __name__
    logging.getLogger().setLevel(logging.DEBUG)

    def fail(context):
        raise ValueError(f"{ADDRESS} {TOKEN}")

    _everything(crowd, Client(raise_request_exception=False), inbox)
    client = Client(raise_request_exception=False)
    client.force_login(world.a.manager.account)
    _everything(crowd, client, inbox)
    work(fail)
    jobs.run(_job("k"), last_attempt=True)
    mail = _mail()
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 2},
        }
    }
    send(mail, last_attempt=True)
    _others()

    text = lines.getvalue()
    secrets = [
        PASSWORD,
        TOKEN,
        ADDRESS,
        FEED,
        LINK,
        "lovelace",
        "secret-firm",
        "@",
        *Person.objects.values_list("name", flat=True),
        *Account.objects.values_list("email", flat=True),
        *client.cookies["sessionid"].value.split(),
    ]
    assert [one for one in secrets if one.lower() in text.lower()] == []
    assert "?" not in text.replace("?[query]", "")
    for wanted in (
        "account_login",
        "invitation",
        "meetings:feed",
        "fault",
        "23505",
        "test.work",
        "proxeny.mail",
        "ConnectionRefusedError",
        "some.package",
        "ValueError",
        "OSError",
    ):
        assert wanted in text, wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("to a.b+c@firm.example, later", "to [address], later"),
        ("GET https://x.example/a?key=1 failed", "GET https://x.example/a?[query] failed"),
        ("Bearer abc", "Bearer [secret]"),
        ("api_key=abc&x", "api_key=[secret]&x"),
        ('{"password": "abc"}', '{"password=[secret]"}'),
        ("session 0123456789abcdef0123 ended", "session [secret] ended"),
        ("procrastinate_worker_is_started", "procrastinate_worker_is_started"),
        ("Job proxeny.run_job[5](job_id=3) failed", "Job proxeny.run_job[5](job_id=3) failed"),
    ],
)
def test_what_looks_like_a_secret_is_blacked_out(text, wanted):
    assert black_out(text) == wanted


def test_when_even_the_error_page_fails_the_web_server_has_nothing_to_log(
    db, lines, settings, monkeypatch
):
    urls = ModuleType("urls_without_an_error_page")
    urls.urlpatterns = [path("fault", login_not_required(_raise))]
    urls.handler500 = _raise
    monkeypatch.setitem(sys.modules, urls.__name__, urls)
    settings.ROOT_URLCONF = urls.__name__
    answered = []
    environ = RequestFactory().get(f"/fault?mail={ADDRESS}").environ
    body = application(environ, lambda status, headers: answered.append(status))
    assert answered == ["500 Internal Server Error"]
    assert b"".join(body) == b"Something went wrong on our side. Please try again."
    assert "no answer" in lines.getvalue()
    assert "builtins.ValueError" in lines.getvalue()
    assert ADDRESS not in lines.getvalue()
