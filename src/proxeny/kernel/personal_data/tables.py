"""All tables with their declarations: ours by their models, other packages' by this list."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data.activities import MAIL, SIGN_IN
from proxeny.kernel.personal_data.declared import NOBODY, Holding, Keep

Model = type[models.Model]

#: By the model's label. All of them hang on the sign-in, which goes at erasure.
FOREIGN: dict[str, Holding] = {
    "account.EmailAddress": Holding(
        SIGN_IN, _("Sign-in addresses"), about=("user__person",), goes=True
    ),
    "account.EmailConfirmation": Holding(
        SIGN_IN,
        _("Addresses waiting for confirmation"),
        hidden=("key",),
        about=("email_address__user__person",),
        goes=True,
        keep=(Keep(30, since="created"),),
    ),
    "mfa.Authenticator": Holding(
        SIGN_IN,
        _("Second factors and passkeys"),
        about=("user__person",),
        hidden=("data",),
        goes=True,
    ),
    "socialaccount.SocialAccount": Holding(
        SIGN_IN, _("Sign-in providers"), about=("user__person",), goes=True
    ),
    "socialaccount.SocialToken": Holding(
        SIGN_IN,
        _("Sign-in provider tokens"),
        about=("account__user__person",),
        hidden=("token", "token_secret"),
        goes=True,
    ),
    "usersessions.UserSession": Holding(
        SIGN_IN,
        _("Signed-in browsers"),
        about=("user__person",),
        hidden=("session_key",),
        goes=True,
        keep=(Keep(30, since="last_seen_at"),),
    ),
    # Session data is sealed; a person's sessions are found by opening each.
    "sessions.Session": Holding(
        SIGN_IN, _("Sessions"), goes=True, keep=(Keep(0, since="expire_date"),)
    ),
    # Their arguments are numbers of jobs and mails. Finished ones go: see `keeping`.
    "procrastinate.ProcrastinateJob": Holding(
        MAIL, _("Task queue"), why_kept=_("90 days after it ended")
    ),
    "procrastinate.ProcrastinateEvent": Holding(MAIL, _("Task queue: steps")),
    "procrastinate.ProcrastinatePeriodicDefer": NOBODY,
    "procrastinate.ProcrastinateWorker": NOBODY,
    "socialaccount.SocialApp": NOBODY,
    "auth.Permission": NOBODY,
    "auth.Group": NOBODY,
    "auth.Group_permissions": NOBODY,
    "contenttypes.ContentType": NOBODY,
}


def find_holding(model: Model) -> Holding | None:
    """Return a model's declaration, or None if there is none."""
    declared: Any = getattr(model, "holding", None)
    found = FOREIGN.get(model._meta.label) if declared is None else declared
    return found if isinstance(found, Holding) else None


def all_holdings() -> Iterator[tuple[Model, Holding]]:
    """Yield each table that holds something about people, with its declaration."""
    for model in apps.get_models(include_auto_created=True):
        holding = find_holding(model)
        if holding is not None and holding.is_anybodys:
            yield model, holding
