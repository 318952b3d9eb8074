"""From the audit trail to messages: who hears of what, once each, whatever is cut off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.kernel import audit
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership, Party
from proxeny.webhooks import operations, queries
from proxeny.webhooks.models import Webhook, WebhookDelivery
from tests.factories.partnerships import PartnershipFactory, PartyFactory
from tests.factories.webhooks import WebhookFactory
from tests.stages import staged
from tests.webhooks.conftest import link_trail


def happen(world, verb="sign_agreement", *, organisation=None, partnership=None, why="", **changes):
    audit.record(
        Reader(person=world.nobody_special.pk),
        verb,
        world.a.cluster,
        why=why,
        changes=changes,
        organisation_id=organisation and organisation.pk,
        partnership_id=partnership and partnership.pk,
    )
    link_trail()


def heard(webhook) -> list[str]:
    operations.collect_news(now=timezone.now())
    found = webhook.deliveries.order_by("pk")
    return [one.verb for one in found]


@staged
def of_a(world):
    return WebhookFactory(organisation=world.a.cluster)


@staged
def of_b(world):
    return WebhookFactory(organisation=world.b.cluster)


@staged
def of_c(world):
    return WebhookFactory(organisation=world.c.cluster)


def test_each_organisation_hears_what_its_managers_may_read(world, of_a, of_b, of_c):
    happen(world, "update_organisation", organisation=world.a.cluster)
    happen(world, "sign_agreement", partnership=world.partnership)
    happen(world, "create_member", organisation=world.c.cluster)
    happen(world, "change_profile")
    assert heard(of_a) == ["update_organisation", "sign_agreement"]
    assert heard(of_b) == ["sign_agreement"]
    assert heard(of_c) == ["create_member"]


def _between(world, state, *clusters):
    found = PartnershipFactory(lead=clusters[0], state=state)
    for side, cluster in zip("AB", clusters, strict=True):
        PartyFactory(partnership=found, organisation=cluster, side=side)
    return found


def test_what_webhooks_hear_is_what_the_policy_shows_their_managers(
    world, reading, of_a, of_b, of_c
):
    a, b, c = (side.cluster for side in (world.a, world.b, world.c))
    for state in Partnership.State.values:
        for name, pair in {"ac": (a, c), "ca": (c, a), "bc": (b, c)}.items():
            happen(world, f"{state}_{name}", partnership=_between(world, state, *pair))
    for state in (Party.State.INVITED, Party.State.LEFT):
        alliance = _between(world, "active", a, b)
        PartyFactory(partnership=alliance, organisation=c, side="C", state=state)
        happen(world, f"alliance_{state}", partnership=alliance)
    for name, cluster in {"a": a, "b": b, "c": c, "member": world.a.members[0]}.items():
        happen(world, f"of_{name}", organisation=cluster)
    counts = []
    for webhook, side in ((of_a, world.a), (of_b, world.b), (of_c, world.c)):
        with reading(side.manager):
            shown = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
        assert heard(webhook) == shown
        counts.append(len(shown))
    assert counts == [7, 5, 7]


def test_it_hears_only_of_the_events_it_wants(world, of_a):
    Webhook.objects.filter(pk=of_a.pk).update(verbs=["end_partnership"])
    happen(world, "sign_agreement", partnership=world.partnership)
    happen(world, "end_partnership", partnership=world.partnership)
    assert heard(of_a) == ["end_partnership"]
    of_a.refresh_from_db()
    assert of_a.position == queries.last_position()


def test_a_message_tells_which_record_and_nothing_of_it(world, of_a):
    happen(
        world,
        partnership=world.partnership,
        organisation=world.b.cluster,
        why="A secret reason",
        name=["Before", "After"],
    )
    heard(of_a)
    entry, delivery = AuditEntry.objects.get(), of_a.deliveries.get()
    assert delivery.body == (
        f'{{"type":"sign_agreement","timestamp":"{entry.at.isoformat()}","data":'
        f'{{"target":"directory.organisation","id":{world.a.cluster.pk},'
        f'"organisation":{world.b.cluster.pk},"partnership":{world.partnership.pk}}}}}'
    )
    assert delivery.message_id == f"msg_{of_a.pk}_{queries.last_position()}"


def test_nothing_is_written_twice_and_the_past_is_not_told(world, of_a):
    happen(world, partnership=world.partnership)
    late = WebhookFactory(organisation=world.a.cluster, position=queries.last_position())
    assert heard(of_a) == heard(of_a) == ["sign_agreement"]
    assert heard(late) == []


def test_a_stop_in_the_middle_loses_nothing_and_writes_nothing_twice(world, of_a, monkeypatch):
    """Between the messages and the position lies one transaction."""
    happen(world, partnership=world.partnership)
    real = WebhookDelivery.objects.bulk_create

    def write_and_die(deliveries):
        real(deliveries)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(WebhookDelivery.objects, "bulk_create", write_and_die)
        with pytest.raises(KeyboardInterrupt):
            operations.collect_news(now=timezone.now())
    of_a.refresh_from_db()
    assert (of_a.position, of_a.deliveries.count()) == (0, 0)
    assert heard(of_a) == ["sign_agreement"]


def test_a_paused_webhook_is_told_later_what_happened(world, of_a):
    Webhook.objects.filter(pk=of_a.pk).update(state=Webhook.State.PAUSED)
    happen(world, partnership=world.partnership)
    assert heard(of_a) == []
    Webhook.objects.filter(pk=of_a.pk).update(state=Webhook.State.ACTIVE)
    assert heard(of_a) == ["sign_agreement"]


def test_what_is_older_than_a_month_is_passed_over(world, of_a):
    happen(world, partnership=world.partnership)
    operations.collect_news(now=timezone.now() + timedelta(days=31))
    of_a.refresh_from_db()
    assert of_a.deliveries.count() == 0
    assert of_a.position == queries.last_position()


def test_a_long_trail_is_read_to_its_end(world, of_a, monkeypatch):
    monkeypatch.setattr(queries, "BATCH", 3)
    for number in range(7):
        happen(world, f"verb_{number}", partnership=world.partnership)
    assert heard(of_a) == [f"verb_{number}" for number in range(7)]


def test_without_work_a_round_asks_one_question(world, of_a, django_assert_num_queries):
    from proxeny.webhooks.tasks import run_round

    happen(world, "create_member", organisation=world.c.cluster)
    assert run_round() == 0  # reads on
    with django_assert_num_queries(1):
        assert queries.has_work(now=timezone.now()) is False
    happen(world, "update_organisation", organisation=world.a.cluster)
    assert queries.has_work(now=timezone.now()) is True


@pytest.mark.parametrize("rows", [1, 3])
def test_reading_on_takes_the_same_queries_however_much_there_is(
    world, of_a, rows, django_assert_num_queries
):
    for _ in range(rows):
        happen(world, partnership=world.partnership)
    with django_assert_num_queries(2):
        assert len(queries.read_trail(of_a, since=timezone.now() - timedelta(1)).entries) == rows
