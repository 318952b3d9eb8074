"""The same question put to CP-SAT, one goal after the other."""

from ortools.sat.python import cp_model


def solve_with_cp_sat(day):
    """Return the best worth, end, and time on the way; None if the must-visits do not fit."""
    model = cp_model.CpModel()
    count = len(day.visits)
    made = [model.new_bool_var("") for _ in day.visits]
    begin = [model.new_int_var(0, day.ends_by, "") for _ in day.visits]
    end = model.new_int_var(day.starts_at, day.ends_by, "")
    for place, visit in enumerate(day.visits):
        spans = cp_model.Domain.from_intervals([list(span) for span in visit.begins])
        model.add_linear_expression_in_domain(begin[place], spans).only_enforce_if(made[place])
        if visit.must:
            model.add(made[place] == 1)
    arcs, travel = [(count, count, ~_any(model, made))], []
    for place in range(count):
        arcs.append((place, place, ~made[place]))
    for a in range(count + 1):
        for b in range(count + 1):
            if a != b:
                arc = model.new_bool_var("")
                arcs.append((a, b, arc))
                way = _way(day, a, b)
                travel.append(way * arc)
                leaves = day.starts_at if a == count else begin[a] + day.visits[a].duration_min
                if b == count:
                    model.add(end >= leaves + way).only_enforce_if(arc)
                else:
                    buffer = day.visits[b].buffer_min
                    model.add(begin[b] >= leaves + way + buffer).only_enforce_if(arc)
    model.add_circuit(arcs)
    # Follows from the rest, and saves the solver most of its time.
    stays = [
        (visit.duration_min + visit.buffer_min) * one
        for visit, one in zip(day.visits, made, strict=True)
    ]
    model.add(end >= day.starts_at + sum(travel) + sum(stays))
    worth = sum(visit.worth * one for visit, one in zip(day.visits, made, strict=True))
    found = []
    for goal, sign in ((worth, -1), (end, 1), (sum(travel), 1)):
        model.minimize(sign * goal)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return None
        assert status == cp_model.OPTIMAL
        found.append(round(sign * solver.objective_value))
        model.add(goal == found[-1])
    return tuple(found)


def _any(model, made):
    some = model.new_bool_var("")
    model.add_max_equality(some, made)
    return some


def _way(day, a, b):
    """The way between two visits; one beyond the last is the start, or the end."""
    origin = day.start if a == len(day.visits) else day.visits[a].place
    if b == len(day.visits):
        return 0 if day.end is None else day.travel_min[origin][day.end]
    return day.travel_min[origin][day.visits[b].place]
