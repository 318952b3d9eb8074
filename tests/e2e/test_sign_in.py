"""Signing in with a real browser: by a provider, and by a passkey of a virtual authenticator."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.e2e.conftest import (
    Visitor,
    environment_of,
    free_port,
    look,
    start_product,
    stop_product,
)
from tests.provider import Provider, running_provider

pytestmark = pytest.mark.e2e
EMAIL = "first@harbour.example"


@dataclass
class Site:
    """A product with one manager, who signs in by a provider."""

    url: str
    provider: Provider


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Passkeys work under a name only, so the site is reached as `localhost`."""
    with running_provider() as provider, tempfile.TemporaryDirectory(prefix="proxeny-sso-") as root:
        home, port = Path(root), free_port()
        variables = {
            "PROXENY_BASE_URL": f"http://localhost:{port}",
            "PROXENY_OIDC_ISSUER": provider.url,
            "PROXENY_OIDC_CLIENT_ID": "proxeny",
            "PROXENY_OIDC_CLIENT_SECRET": "not so secret",
            "PROXENY_OIDC_NAME": "Harbour",
        }
        running = start_product(home, demo=False, port=port, **variables)
        command = [
            str(Path(sys.executable).with_name("proxeny")),
            "found",
            "--cluster",
            "Harbour cluster",
            "--country",
            "FR",
            "--manager",
            "First Manager",
            "--email",
            EMAIL,
        ]
        environment = environment_of(home, PORT=str(port), **variables)
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
        provider.knows("first", email=EMAIL, email_verified=True)
        provider.knows("other", email=EMAIL)
        yield Site(variables["PROXENY_BASE_URL"], provider)
        stop_product(running)


@pytest.fixture
def visitor(site: Site, browser: Browser) -> Iterator[Visitor]:
    """A browser at the sign-in page."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    page = context.new_page()
    found = Visitor(page, site.url, [])
    page.on("console", lambda m: found.complaints.append(m.text) if m.type == "error" else None)
    found.go("/accounts/login/")
    yield found
    context.close()


def sign_in_there(page: Page, sub: str) -> None:
    """Press the button, and answer at the provider."""
    page.click("text=Continue with Harbour")
    page.wait_for_url("**/oauth2/authorize**")
    page.fill("#subject-input", sub)
    page.click("button:text-is('Authorize')")


def authenticator_of(page: Page) -> tuple[CDPSession, str]:
    """Give the browser a device that unlocks by itself, as a finger on a phone does."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools, made["authenticatorId"]


def test_provider_signs_in_and_then_a_passkey_does(visitor, site):
    page = visitor.page
    look(visitor, "sign-in-provider")
    sign_in_there(page, "first")
    page.wait_for_url(f"{site.url}/")
    visitor.complaints.clear()  # the provider's own pages fetch styles that are not there
    visitor.go("/accounts/sessions/")
    look(visitor, "browsers")
    visitor.go("/accounts/3rdparty/")
    look(visitor, "connections")

    devtools, authenticator = authenticator_of(page)
    visitor.go("/accounts/2fa/webauthn/add/")
    page.fill("input[name=name]", "My phone")
    page.check("input[name=passwordless]")
    page.click("#mfa_webauthn_add")
    # The codes for the day the phone is lost are shown to whoever proves to hold it.
    page.click("text=Use a security key")
    page.click("#mfa_webauthn_reauthenticate")
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    look(visitor, "recovery-codes")
    kept = devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
    assert [one["rpId"] for one in kept["credentials"]] == ["localhost"]

    visitor.go("/accounts/logout/")
    page.click("main button[type=submit]")
    page.wait_for_url(f"{site.url}/")
    visitor.go("/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url(f"{site.url}/")
    visitor.go("/people/me/")
    assert EMAIL in page.inner_text("main")
    # The provider alone is not enough any more: a second proof is on.
    visitor.go("/accounts/logout/")
    page.click("main button[type=submit]")
    visitor.go("/accounts/login/")
    sign_in_there(page, "first")
    page.wait_for_url("**/accounts/2fa/authenticate/")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(f"{site.url}/")


def test_passkey_of_another_device_does_not_sign_in(visitor, site):
    page = visitor.page
    authenticator_of(page)
    page.click("#passkey_login")
    page.wait_for_timeout(1500)
    assert page.url == f"{site.url}/accounts/login/"


def test_unverified_address_is_refused_with_a_sentence(visitor, site):
    sign_in_there(visitor.page, "other")
    visitor.page.wait_for_url("**/callback/**")
    assert (
        "doesn’t confirm that your address is verified. Verify it there, or sign in with "
        "your password."
    ) in visitor.page.inner_text("main")
    visitor.complaints.clear()
    look(visitor, "provider-refused")
