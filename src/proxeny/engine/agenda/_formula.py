"""Strong propositional formula: is there a schedule with at most k breaks?

Each rule is one method. Prefix counters and order literals tie "how many of a participant's
meetings lie before a slot" to the meetings themselves, so that a contiguous day propagates; the
table limit is stated three times, over participants (with parity: two per meeting, the "imp12+"
constraints of JAIR 74 (2022)), over a vertex cover of the who-meets-whom graph, and over slots.
"""

from collections.abc import Sequence

from proxeny.engine.agenda._clauses import FALSE, TRUE, Clauses
from proxeny.engine.agenda._core import Core

__all__ = ["AgendaFormula"]


class AgendaFormula(Clauses):
    """Formula of a core whose meetings are all placed.

    Parameters
    ----------
    core : Core
        Meetings that are not required are placed all the same.
    fairness : int, optional
        Largest difference of breaks between two participants.
    hubs : sequence of int
        A vertex cover of the who-meets-whom graph, best hub first.
    top : int
        Sums of breaks are distinguished up to this number.

    Attributes
    ----------
    at : list of dict of slot to literal
        Per meeting.
    more_than : list of int
        Literal k holds if there are more than k breaks; assume its negation to ask for k.
    """

    def __init__(self, core: Core, *, fairness: int | None, hubs: Sequence[int], top: int) -> None:
        """State every rule."""
        super().__init__()
        self.core = core
        slots = range(core.n_slots)
        self.slots = slots
        self.at: list[dict[int, int]] = []
        self.by: list[list[int]] = []
        self.busy: list[list[int]] = []
        self.count: list[list[list[int]]] = []
        self.breaks: list[list[int]] = []
        self.each_meeting_in_one_slot()
        self.one_meeting_per_participant_and_slot()
        self.prefix_counts()
        self.meetings_before_slot_counted_alike()
        self.breaks_counted(fairness)
        self.unbroken_days_are_windows()
        self.tables_over_participants()
        self.resources_over_meetings()
        self.tables_over_hubs(hubs)
        self.precedences_kept()
        self.fair(fairness)
        self.more_than = self._bounded_sum(
            [literal for levels in self.breaks for literal in levels], top + 1
        )

    def each_meeting_in_one_slot(self) -> None:
        """Exactly one slot per meeting, with order literals: `by[m][t]`, at t or before."""
        for domain in self.core.domains:
            at = {slot: self.new() for slot in domain}
            by: list[int] = []
            earlier = FALSE
            for slot in self.slots:
                if slot in at:
                    now = self.new() if slot != domain[-1] else TRUE
                    if earlier == FALSE:
                        now = at[slot] if slot != domain[-1] else TRUE
                        self.add(-now, at[slot])
                    else:
                        self.add(-earlier, -at[slot])
                        self.add(-earlier, now)
                        self.add(-at[slot], now)
                        self.add(-now, earlier, at[slot])
                    earlier = now
                by.append(earlier)
            self.add(*at.values())
            self.at.append(at)
            self.by.append(by)

    def one_meeting_per_participant_and_slot(self) -> None:
        """At most one meeting at a time; `busy[p][t]` is their disjunction."""
        for meetings in self.core.meetings_of:
            row = []
            for slot in self.slots:
                here = [self.at[m][slot] for m in meetings if slot in self.at[m]]
                for index, one in enumerate(here):
                    for other in here[:index]:
                        self.clauses.append([-one, -other])
                row.append(self.either(here))
            self.busy.append(row)

    def prefix_counts(self) -> None:
        """`count[p][t][j - 1]`: at least j meetings of p at t or before; all of them at the end."""
        for person, meetings in enumerate(self.core.meetings_of):
            rows: list[list[int]] = []
            before = [FALSE] * len(meetings)
            for slot in self.slots:
                low, high = self._prefix_range(person, slot)
                now = [
                    TRUE if j <= low else FALSE if j > high else self.new()
                    for j in range(1, len(meetings) + 1)
                ]
                self._step(before, now, self.busy[person][slot])
                rows.append(now)
                before = now
            self.count.append(rows)

    def _prefix_range(self, person: int, slot: int) -> tuple[int, int]:
        meetings = self.core.meetings_of[person]
        busy = self.busy[person]
        open_until = sum(one != FALSE for one in busy[: slot + 1])
        open_after = sum(one != FALSE for one in busy[slot + 1 :])
        domains = [self.core.domains[m] for m in meetings if self.core.domains[m]]
        low = max(len(meetings) - open_after, sum(d[-1] <= slot for d in domains))
        high = min(open_until, sum(d[0] <= slot for d in domains))
        return low, high

    def _step(self, before: Sequence[int], now: Sequence[int], one_more: int) -> None:
        """Counter: at least j now iff at least j before, or j - 1 before and one more."""
        for j, current in enumerate(now):
            less = before[j - 1] if j else TRUE
            self.add(-before[j], current)
            self.add(-one_more, -less, current)
            self.add(-current, less)
            self.add(-current, before[j], one_more)

    def meetings_before_slot_counted_alike(self) -> None:
        """The count over busy slots equals the count over the participant's meetings."""
        for person, meetings in enumerate(self.core.meetings_of):
            if meetings:
                for slot in self.slots[:-1]:
                    self.totalizer(
                        [self.by[m][slot] for m in meetings], None, self.count[person][slot]
                    )

    def breaks_counted(self, fairness: int | None) -> None:
        """`breaks[p][j - 1]`: at least j breaks; an idle run ends where a later meeting begins."""
        possible = [self._possible_breaks(person) for person in range(self.core.n_participants)]
        if fairness is not None and 0 in possible:
            # Somebody has no break for sure, so nobody has more than the difference allowed.
            possible = [min(most, fairness) for most in possible]
        for person, size in enumerate(possible):
            busy, before = self.busy[person], [FALSE] * size
            for slot in self.slots[2:]:
                if not self.core.meetings_of[person] or busy[slot] == FALSE:
                    continue
                ends = self._both(busy[slot], -busy[slot - 1], self.count[person][slot - 1][0])
                self.add(-ends, -before[-1] if before else FALSE)
                if size and ends != FALSE:
                    now = [self.new() for _ in range(size)]
                    self._step(before, now, ends)
                    before = now
            self.breaks.append(before)

    def _possible_breaks(self, person: int) -> int:
        n_meetings = len(self.core.meetings_of[person])
        is_open = [slot for slot in self.slots if self.busy[person][slot] != FALSE]
        span = is_open[-1] - is_open[0] + 1 if is_open else 0
        return max(0, min(n_meetings - 1, span - n_meetings))

    def _both(self, *literals: int) -> int:
        return -self.either([-one for one in literals])

    def unbroken_days_are_windows(self) -> None:
        """Without a break, a day of n meetings is the n slots from its first one on."""
        for person, meetings in enumerate(self.core.meetings_of):
            if len(meetings) < 2:
                continue
            n, levels = len(meetings), self.breaks[person]
            broken = levels[0] if levels else FALSE
            count, busy = self.count[person], self.busy[person]
            started = [count[slot][0] for slot in self.slots]
            for slot in self.slots:
                ended = started[slot - n] if slot >= n else FALSE
                self.add(broken, -busy[slot], started[slot])
                self.add(broken, -busy[slot], -ended)
                self.add(broken, busy[slot], -started[slot], ended)
                for j in range(1, n):
                    shifted = started[slot - j] if slot >= j else FALSE
                    self.add(broken, -count[slot][j], shifted)
                    self.add(broken, count[slot][j], -shifted)

    def tables_over_participants(self) -> None:
        """Busy participants per slot: even, at most twice the tables, enough for the rest.

        Holds only where every meeting has two parties ("imp12+", JAIR 2022, section 4).
        """
        if any(len(parties) != 2 for parties in self.core.parties):
            return
        open_pairs = [
            min(
                self.core.table_limit[slot],
                sum(row[slot] != FALSE for row in self.busy) // 2,
            )
            for slot in self.slots
        ]
        for slot in self.slots:
            counts = self.totalizer(
                [row[slot] for row in self.busy], limit=2 * self.core.table_limit[slot]
            )
            for j in range(0, len(counts), 2):
                self.add(-counts[j], counts[j + 1] if j + 1 < len(counts) else FALSE)
            needed = self.core.n_meetings - (sum(open_pairs) - open_pairs[slot])
            for j in range(min(2 * needed, len(counts))):
                self.add(counts[j])
            if 2 * needed > len(counts):
                self.clauses.append([])

    def resources_over_meetings(self) -> None:
        """Tables or interpreters that only some meetings compete for."""
        for resource in self.core.resources:
            if len(resource.meetings) == self.core.n_meetings and self._all_pairs():
                continue
            for slot, capacity in enumerate(resource.capacity):
                self.at_most([self.at[m].get(slot, FALSE) for m in resource.meetings], capacity)

    def _all_pairs(self) -> bool:
        return all(len(parties) == 2 for parties in self.core.parties)

    def tables_over_hubs(self, hubs: Sequence[int]) -> None:
        """State the table limit over a vertex cover: each hub adds the meetings not yet taken.

        A hub has at most one of them per slot, so the groups' literals count the meetings. Where
        the group is all of a hub's meetings its literal is the hub's own `busy`, which the window
        view speaks about; that is what makes refutations short.
        """
        groups = _split_by_hub(self.core, hubs)
        for slot in self.slots:
            literals = [
                self.busy[hub][slot]
                if len(group) == len(self.core.meetings_of[hub])
                else self.either([self.at[m].get(slot, FALSE) for m in group])
                for hub, group in groups
            ]
            self.at_most(literals, self.core.table_limit[slot])

    def precedences_kept(self) -> None:
        """One meeting before another: the second not by t unless the first by t - 1."""
        for before, after in self.core.precedences:
            for slot in self.slots:
                earlier = self.by[before][slot - 1] if slot else FALSE
                self.add(-self.by[after][slot], earlier)

    def fair(self, largest_difference: int | None) -> None:
        """Numbers of breaks of any two participants differ by at most the given number."""
        if largest_difference is None:
            return
        # shared[j]: everybody has at least j + 1 breaks.
        highest = max((len(levels) for levels in self.breaks), default=0)
        lowest = min((len(levels) for levels in self.breaks), default=0)
        shared = [self.new() if j < lowest else FALSE for j in range(highest)]
        for levels in self.breaks:
            for j, literal in enumerate(levels):
                if j < lowest:
                    self.add(-shared[j], literal)
                if j >= largest_difference:
                    self.add(-literal, _shared(shared, j - largest_difference))

    def _bounded_sum(self, literals: Sequence[int], size: int) -> list[int]:
        """Return a unary sum, distinguished up to `size`, in one direction only."""
        if len(literals) <= 1:
            return list(literals)
        half = len(literals) // 2
        left = [TRUE, *self._bounded_sum(literals[:half], size)]
        right = [TRUE, *self._bounded_sum(literals[half:], size)]
        made = [self.new() for _ in range(min(size, len(left) + len(right) - 2))]
        for i, a in enumerate(left):
            for j, b in enumerate(right):
                if i + j:
                    self.add(-a, -b, made[min(i + j, len(made)) - 1])
        return made


def _shared(shared: Sequence[int], index: int) -> int:
    return shared[index] if index < len(shared) else FALSE


def _split_by_hub(core: Core, hubs: Sequence[int]) -> list[tuple[int, list[int]]]:
    taken: set[int] = set()
    groups = []
    for hub in hubs:
        group = [m for m in core.meetings_of[hub] if m not in taken]
        taken.update(group)
        if group:
            groups.append((hub, group))
    if len(taken) != core.n_meetings:
        raise ValueError("hubs: some meeting has none of them")
    return groups
