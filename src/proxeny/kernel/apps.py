"""The kernel's Django application."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


def _apply_after_migrate(*, using: str, **_: Any) -> None:
    from proxeny.kernel.policies import apply_policies

    apply_policies(using=using)


def _step_aside_before_migrate(
    *, using: str, plan: Sequence[tuple[object, bool]], **_: Any
) -> None:
    from proxeny.kernel.policies import step_aside

    if plan:
        step_aside(backwards=any(backwards for _, backwards in plan), using=using)


class KernelConfig(AppConfig):
    """Keeps the database's roles and row-level policies equal to the models' declarations."""

    name = "proxeny.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Apply the policies once after each `migrate`, when all tables exist; hear of requests."""
        from django.utils.translation import gettext_lazy as _

        from proxeny.kernel import audit, connections

        connections.listen()
        audit.tell(
            {
                "stop_job": _("Stopped work under way"),
                "retry_job": _("Tried failed work again"),
                "dismiss_job": _("Put failed work aside"),
            }
        )
        pre_migrate.connect(
            _step_aside_before_migrate, sender=self, dispatch_uid="proxeny.step-aside"
        )
        post_migrate.connect(_apply_after_migrate, sender=self, dispatch_uid="proxeny.policies")
