"""The kernel's Django application."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _apply_after_migrate(*, using: str, **_: Any) -> None:
    from proxeny.kernel.policies import apply_policies

    apply_policies(using=using)


class KernelConfig(AppConfig):
    """Keeps the database's roles and row-level policies equal to the models' declarations."""

    name = "proxeny.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Apply the policies once after each `migrate`, when all tables exist."""
        post_migrate.connect(_apply_after_migrate, sender=self, dispatch_uid="proxeny.policies")
