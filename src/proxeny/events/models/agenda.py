"""Runs of the agenda engine, and the agenda that came of them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from proxeny.events.models.events import ROOM, STEERED, Event, Slot, Table
from proxeny.events.models.participation import Participation
from proxeny.kernel.personal_data import NOBODY
from proxeny.kernel.tenancy import Definer, Tenancy, define

# A mark of all that the page of a whole agenda tells to its room: the event, each standing meeting
# with its place, and who takes part under which name. Asked instead of the rows, which take ten times
# as long to read and draw as the whole answer without them: each row becomes a number of 64 bits,
# and those of a table are folded into one.
define(
    Definer(
        "proxeny_agenda_mark(event bigint)",
        "text",
        """
BEGIN
    RETURN (
        SELECT md5(concat_ws(E'\\x1f', v::text, (
            SELECT bit_xor(hash_record_extended(
                ROW(e.id, e.slot_id, e.table_id, e.first_id, e.second_id, e.is_locked), 0))
            FROM public.events_agendaentry e WHERE e.event_id = v.id AND e.is_live
        ), (
            SELECT bit_xor(hash_record_extended(ROW(s.id, s.starts_at), 1))
            FROM public.events_slot s WHERE s.event_id = v.id
        ), (
            SELECT bit_xor(hash_record_extended(ROW(t.id, t.number, t.name), 2))
            FROM public.events_table t WHERE t.event_id = v.id
        ), (
            SELECT bit_xor(hash_record_extended(ROW(g.id, g.side), 3))
            FROM public.events_group g WHERE g.event_id = v.id
        ), (
            SELECT bit_xor(hash_record_extended(
                ROW(p.id, p.group_id, p.state, o.id, o.name), 4))
            FROM public.events_participation p
            JOIN public.directory_organisation o ON o.id = p.organisation_id
            WHERE p.event_id = v.id
        )))
        FROM public.events_event v WHERE v.id = event AND v.partnership_id = ANY {rooms}
    );
END
""",
        language="plpgsql",
    )
)


class AgendaRun(models.Model):
    """One run of the agenda engine on an event, with its certificate."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    job_id = models.BigIntegerField(null=True)
    seed = models.PositiveIntegerField(default=0)
    time_limit_s = models.PositiveIntegerField(default=60)
    status = models.CharField(max_length=10, blank=True)
    breaks = models.PositiveIntegerField(null=True)
    bound = models.PositiveIntegerField(null=True)
    value = models.PositiveIntegerField(null=True)
    value_bound = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)
    verdict = models.JSONField(default=dict)
    unplaced = models.JSONField(default=list)
    clashes = models.JSONField(default=list)
    best = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=ROOM,
        insert=STEERED,
        update=STEERED,
    )
    holding = NOBODY

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="run_once")]

    def __str__(self) -> str:
        return f"run {self.number} of {self.event_id}"


class AgendaEntry(models.Model):
    """A meeting's place in an event's agenda. A locked entry stays where it is in the next run."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="entries")
    meeting = models.OneToOneField(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="agenda_entry"
    )
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="entries")
    table = models.ForeignKey(Table, on_delete=models.PROTECT, related_name="entries")
    first = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    is_locked = models.BooleanField(default=False)
    is_live = models.BooleanField(default=True)

    tenancy = Tenancy(
        # Passes the meeting's own policy: a participant sees its own entries.
        read="meeting_id IN (SELECT id FROM meetings_meeting)",
        insert=STEERED,
        update=STEERED,
        delete=STEERED,
    )
    holding = NOBODY

    class Meta:
        constraints = [
            # Cancelled meetings keep their entry, for the history, and free their place.
            models.UniqueConstraint(
                fields=["slot", "table"], condition=Q(is_live=True), name="table_taken_once"
            ),
            models.UniqueConstraint(
                fields=["slot", "first"], condition=Q(is_live=True), name="first_busy_once"
            ),
            models.UniqueConstraint(
                fields=["slot", "second"], condition=Q(is_live=True), name="second_busy_once"
            ),
        ]
        indexes = [models.Index(fields=["event", "slot"])]
        verbose_name_plural = "agenda entries"

    def __str__(self) -> str:
        return f"{self.meeting_id} in slot {self.slot_id}"
