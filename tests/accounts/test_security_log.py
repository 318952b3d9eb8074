"""What the log tells of sign-ins, and what leaves the browser at sign-out."""

import logging

from django.test import Client

PASSWORD = "a password of many words"


def _told(caplog) -> list[tuple[str, str]]:
    return [(one.kind, one.outcome) for one in caplog.records if one.name == "proxeny.security"]


def test_sign_ins_good_and_bad_are_told_without_who(world, caplog):
    account = world.a.manager.account
    account.set_password(PASSWORD)
    account.save()
    caplog.set_level(logging.INFO, logger="proxeny.security")
    client = Client()
    client.post("/accounts/login/", {"login": account.email, "password": "another"})
    assert _told(caplog) == [("sign_in_failed", "refused")]
    client.post("/accounts/login/", {"login": account.email, "password": PASSWORD})
    answer = client.post("/accounts/logout/")
    assert _told(caplog)[1:] == [("sign_in", "done"), ("sign_out", "done")]
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert account.email not in caplog.text


def test_no_other_page_clears_anything(world, sign_in):
    client = sign_in(world.a.manager)
    for path in ("/", "/people/me/", "/accounts/login/"):
        assert "Clear-Site-Data" not in client.get(path)
    assert "Clear-Site-Data" not in Client().get("/accounts/login/")


def test_a_request_is_never_sent_back(world, sign_in):
    assert sign_in(world.a.manager).generic("TRACE", "/").status_code == 405


def test_no_script_reads_the_cookies(world):
    account = world.a.manager.account
    account.set_password(PASSWORD)
    account.save()
    client = Client()
    assert client.get("/accounts/login/").cookies["csrftoken"]["httponly"]
    answer = client.post("/accounts/login/", {"login": account.email, "password": PASSWORD})
    assert answer.cookies["sessionid"]["httponly"]
