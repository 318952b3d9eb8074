"""Loading of the demo into an empty database, once, whole or not at all."""

from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone, translation

from proxeny.accounts.models import Account
from proxeny.demo.assessments import build_assessments
from proxeny.demo.bids import build_bids
from proxeny.demo.calls import build_calls
from proxeny.demo.desk import build_desk
from proxeny.demo.events import make_event, solve_and_publish
from proxeny.demo.guests import GuestBook
from proxeny.demo.insight import build_insight
from proxeny.demo.labels import build_labels
from proxeny.demo.listings import build_listings
from proxeny.demo.notices import settle_notices
from proxeny.demo.outcomes import hold_event
from proxeny.demo.partnerships import build_partnerships
from proxeny.demo.research import build_research
from proxeny.demo.room import build_room
from proxeny.demo.texts import read_content
from proxeny.demo.world import World, build_clusters
from proxeny.directory.models import Organisation
from proxeny.kernel import audit
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.policies import tenant_models
from proxeny.kernel.setup_lock import preparing_alone
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as

#: The same number, and so the same names, on each machine.
SEED = 2026
_VERB = "load_demo"
_UNQUEUE = """
DELETE FROM procrastinate_jobs
WHERE task_name = 'proxeny.send_mail' AND status = 'todo' AND (args->>'mail_id')::bigint = ANY(%s)
"""


def load_demo(*, say: Callable[[str], None]) -> bool:
    """Load the demo world if the database holds no organisation yet; True when it did.

    All of it happens in one transaction: a load that is killed leaves nothing behind, and the next
    start begins again. A second process waits for the first, and then finds the work done.

    Parameters
    ----------
    say : callable
        Gets a line for people now and then.

    Notes
    -----
    Side effects: everything the operations do, except that no mail is sent: all recipients are
    invented, so the mails are kept as sent.
    """
    with preparing_alone(say=say), transaction.atomic(), translation.override("en"):
        if not _is_untouched():
            return False
        say("Loading the demo world (invented clusters, members and people) …")
        _build(World(today=timezone.now().date(), seed=SEED, say=say))
    return True


def demo_sign_ins() -> list[str]:
    """Return one line per role to sign in with; none when the database is not a demo one."""
    people = read_content("people")
    everybody = (*people["seats"], *people["members"], *read_content("labels")["jurors"])
    ranked = [one for one in everybody if "rank" in one]
    with acting_as(SERVICE):
        if not AuditEntry.objects.filter(verb=_VERB).exists():
            return []
        accounts = Account.objects.filter(
            is_active=True, email__in=[one["email"] for one in ranked]
        )
        alive = set(accounts.values_list("email", flat=True))
    shown = sorted(
        (one for one in ranked if one["email"] in alive), key=lambda one: int(one["rank"])
    )
    widths = [max((len(one[key]) for one in shown), default=0) for key in ("shown", "email")]
    return [
        f"{one['shown']:<{widths[0]}}  {one['email']:<{widths[1]}}  {people['password']}"
        for one in shown
    ]


def _is_untouched() -> bool:
    with acting_as(SERVICE):
        return not (Organisation.objects.exists() or AuditEntry.objects.filter(verb=_VERB).exists())


def _tell_planner() -> None:
    """Have the database update its statistics for the data loaded so far.

    The whole load is one transaction, in tables that were empty: with the old statistics the
    planner would join every row with every other.
    """
    tables = ", ".join(model._meta.db_table for model, _tenancy in tenant_models())
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def _build(world: World) -> None:
    build_clusters(world)
    _tell_planner()
    build_partnerships(world)
    world.say(f"  {len(world.partnerships)} partnerships, signed by both sides")
    build_room(world)
    guests = GuestBook(world)
    finished, published = (make_event(world, name, guests) for name in ("finished", "published"))
    make_event(world, "open", guests)
    _tell_planner()
    world.say("  Three events; working out two agendas …")
    for event in (finished, published):
        solve_and_publish(world, event)
    _tell_planner()
    hold_event(world, finished)
    build_listings(world, guests)
    build_desk(world, guests)
    build_assessments(world, guests)
    build_research(world)
    build_calls(world)
    build_bids(world)
    build_labels(world, guests)
    _tell_planner()
    build_insight(world)
    settle_notices()
    with acting_as(SERVICE):
        _keep_mails_as_sent()
        first = Organisation.objects.order_by("pk")[0]
        audit.record(STRANGER, _VERB, first, changes={"seed": world.seed})


def _keep_mails_as_sent() -> None:
    """Mark all mails as sent, and remove the jobs that would send them. Service role.

    No operation marks a mail as sent without sending it. Nobody reads these addresses.
    """
    waiting = list(Mail.objects.filter(sent_at=None).values_list("pk", flat=True))
    Mail.objects.filter(pk__in=waiting).update(sent_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_UNQUEUE, [waiting])
