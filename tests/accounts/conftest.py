"""A provider of sign-in for the tests of accounts."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.provider import Provider, running_provider


@pytest.fixture(scope="session")
def provider_server() -> Iterator[Provider]:
    """One provider for all tests."""
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(db: None, provider_server: Provider, settings) -> Provider:
    """The provider as the site knows it: named Harbour, honest."""
    cache.clear()
    provider_server.changes.clear()
    provider_server.asked.clear()
    provider_server.configure(settings)
    return provider_server
