"""Clauses and the counters that agendas are made of, with constants folded away."""

from collections.abc import Sequence

__all__ = ["FALSE", "TRUE", "Clauses"]

TRUE, FALSE = 1, -1


class Clauses:
    """A growing list of clauses over variables counted from 1; variable 1 is always true.

    Attributes
    ----------
    clauses : list of list of int
        As SAT solvers take them.
    n_vars : int
    """

    def __init__(self) -> None:
        """Begin with the constant."""
        self.n_vars = 1
        self.clauses: list[list[int]] = [[TRUE]]

    def new(self) -> int:
        """Return a new variable."""
        self.n_vars += 1
        return self.n_vars

    def add(self, *literals: int) -> None:
        """Add a clause, dropping false constants and the clause itself if a literal is true."""
        if TRUE in literals:
            return
        if FALSE in literals:
            self.clauses.append([one for one in literals if one != FALSE])
        else:
            self.clauses.append(list(literals))

    def either(self, literals: Sequence[int]) -> int:
        """Return a literal equal to the disjunction of the given ones."""
        if TRUE in literals:
            return TRUE
        literals = [one for one in literals if one != FALSE]
        if not literals:
            return FALSE
        if len(literals) == 1:
            return literals[0]
        result = self.new()
        for one in literals:
            self.clauses.append([-one, result])
        self.clauses.append([*literals, -result])
        return result

    def totalizer(
        self,
        literals: Sequence[int],
        limit: int | None = None,
        outputs: Sequence[int] | None = None,
        both_ways: bool = True,
    ) -> list[int]:
        """Count literals in unary: output j (from 1) holds iff at least j of them do.

        Parameters
        ----------
        limit : int, optional
            More than this many are forbidden.
        outputs : sequence of int, optional
            Literals to use as outputs instead of new ones; as many as literals.
        both_ways : bool
            False leaves out "the output holds only if", for sums that are only bounded above.

        Notes
        -----
        Bailleux and Boufkhad, "Efficient CNF encoding of Boolean cardinality constraints",
        CP 2003. At most limit squared clauses per inner node.
        """
        literals = [one for one in literals if one != FALSE] if outputs is None else literals
        if len(literals) == 1 and outputs is None and limit != 0:
            return list(literals)
        if not literals or (len(literals) == 1 and outputs is None):
            for one in literals:
                self.add(-one)
            return []
        if len(literals) == 1:
            made = list(outputs or ())
            self.add(-literals[0], made[0])
            self.add(literals[0], -made[0])
            return made
        half = len(literals) // 2
        left = self.totalizer(literals[:half], limit, None, both_ways)
        right = self.totalizer(literals[half:], limit, None, both_ways)
        size = len(left) + len(right)
        if limit is not None:
            size = min(size, limit)
        made = [self.new() for _ in range(size)] if outputs is None else list(outputs)
        self._merge(left, right, made, both_ways)
        return made

    def _merge(
        self, left: Sequence[int], right: Sequence[int], made: Sequence[int], both_ways: bool
    ) -> None:
        size = len(made)
        # left[i - 1] means "at least i"; index 0 always holds.
        at_least_left, at_least_right = [TRUE, *left], [TRUE, *right]
        for i, a in enumerate(at_least_left):
            for j, b in enumerate(at_least_right):
                total = i + j
                if total == 0:
                    continue
                if total <= size:
                    self.add(-a, -b, made[total - 1])
                elif total == size + 1:
                    self.add(-a, -b)
        if not both_ways:
            return
        more_left, more_right = [*left, FALSE], [*right, FALSE]
        for i, a in enumerate(more_left):
            for j, b in enumerate(more_right):
                if i + j < size:
                    self.add(a, b, -made[i + j])

    def at_most(self, literals: Sequence[int], limit: int) -> None:
        """Forbid more than `limit` of the literals, by a sequential counter (Sinz, CP 2005)."""
        literals = [one for one in literals if one != FALSE]
        if len(literals) <= limit:
            return
        if limit <= 0:
            for one in literals:
                self.add(-one)
            return
        before: list[int] = []
        for index, one in enumerate(literals):
            size = min(index + 1, limit)
            now = [self.new() for _ in range(size)]
            for j, count in enumerate(before):
                self.add(-count, now[j])
            self.add(-one, now[0])
            for j in range(1, size):
                self.add(-one, -before[j - 1], now[j])
            if len(before) == limit:
                self.add(-one, -before[limit - 1])
            before = now
