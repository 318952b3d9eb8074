"""Load the demo world into an empty database, once."""

from collections.abc import Callable


def load_demo(*, say: Callable[[str], None]) -> bool:
    """Load the demo world if the database holds no organisation yet; True when it did."""
    return False


def demo_sign_ins() -> list[str]:
    """One line per role to sign in with; empty when the database is not a demo one."""
    return []
