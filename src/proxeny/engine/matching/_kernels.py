# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Inner loops of matching, compiled; they hold no interpreter lock, so blocks run side by side.

Imported where a loop is run: the compiler takes half a second to load, and a web server that only
shows what was found never needs it.
"""

import numpy as np

from proxeny.engine._jit import compiled

__all__ = [
    "add_products",
    "fuse_ranks",
    "keep_top",
    "match_rows",
    "mean_both",
    "spread",
]


@compiled
def add_products(ptr, cols, vals, start, stop, inv_ptr, inv_rows, inv_vals, out):
    """Write rows `start` to `stop` times the inverted matrix into `out`."""
    out[:] = 0.0
    for i in range(start, stop):
        row = out[i - start]
        for place in range(ptr[i], ptr[i + 1]):
            weight = vals[place]
            term = cols[place]
            for s in range(inv_ptr[term], inv_ptr[term + 1]):
                row[inv_rows[s]] += weight * inv_vals[s]


@compiled
def _add_row(rows, inverted, row, out):
    """Add one row times the inverted matrix to `out`."""
    for place in range(rows[0][row], rows[0][row + 1]):
        weight = rows[2][place]
        term = rows[1][place]
        for s in range(inverted[0][term], inverted[0][term + 1]):
            out[inverted[1][s]] += weight * inverted[2][s]


@compiled
def _insert(targets, best, kept, target, score):
    """Put a target in its place among the best, of equals the last; return how many are kept."""
    place = min(kept, best.shape[0] - 1)
    while place > 0 and best[place - 1] < score:
        best[place] = best[place - 1]
        targets[place] = targets[place - 1]
        place -= 1
    best[place] = score
    targets[place] = target
    return min(kept + 1, best.shape[0])


@compiled
def _mix(a, b, mine, theirs, one_sided, least):
    """The score of a pair; anything up to `least` where it is no more than that."""
    if mine > 0.0 or theirs > 0.0:
        return mine * a + theirs * b
    better = one_sided * max(a, b)
    # Most pairs are no better than the last one kept: no division for them.
    if 2.0 * a * b <= max(least, better) * (a + b):
        return better
    return 2.0 * a * b / (a + b)


@compiled
def match_rows(
    asks,
    gives,
    asked,
    given,
    first,
    meaning,
    share,
    one_sided,
    mixes,
    group,
    out,
    targets,
    best,
    they_offer,
    they_need,
):
    """Reciprocal scores of some sources with all targets, of which the best of each are kept.

    `asks` and `gives` are what the sources need and offer, `asked` and `given` what the targets
    need and offer, by term; each is (ptr, cols, vals). `meaning` holds the cosines of both
    directions for these sources, or nothing. `mixes[source, group of the target]` says how the two
    directions make a score: as the harmonic mean (0, 0), or each with a weight; a negative one, as
    well as `out` (ptr, cols), that the pair is not to be. Two rows of scores are all that is held,
    so that they stay in the processor's cache. Results are as those of `keep_top` with 0.
    """
    n = group.shape[0]
    top = targets.shape[1]
    forward = np.zeros(n, dtype=np.float32)
    backward = np.zeros(n, dtype=np.float32)
    with_meaning = share > 0.0
    targets[:] = -1
    best[:] = 0.0
    they_offer[:] = 0.0
    they_need[:] = 0.0
    for row in range(targets.shape[0]):
        source = first + row
        forward[:] = 0.0
        backward[:] = 0.0
        _add_row(asks, given, source, forward)
        _add_row(gives, asked, source, backward)
        for place in range(out[0][source], out[0][source + 1]):
            forward[out[1][place]] = -1.0
        kept = 0
        least = np.float32(0.0)
        for j in range(n):
            a = forward[j]
            b = backward[j]
            mine, theirs = mixes[row, group[j], 0], mixes[row, group[j], 1]
            if a < 0.0 or mine < 0.0:
                continue
            if with_meaning:
                a = (1.0 - share) * a + share * max(meaning[0][row, j], 0.0)
                b = (1.0 - share) * b + share * max(meaning[1][row, j], 0.0)
            score = np.float32(_mix(a, b, mine, theirs, one_sided, least))
            if score > least:
                kept = _insert(targets[row], best[row], kept, j, score)
                if kept == top:
                    least = best[row, top - 1]
        for place in range(kept):
            they_offer[row, place] = forward[targets[row, place]]
            they_need[row, place] = backward[targets[row, place]]


@compiled
def mean_both(one, other):
    """Write the harmonic mean of both into `one`; 0 where one of them is not above 0."""
    for i in range(one.shape[0]):
        for j in range(one.shape[1]):
            a = one[i, j]
            b = other[i, j]
            one[i, j] = 2.0 * a * b / (a + b) if a > 0.0 and b > 0.0 else 0.0


@compiled
def keep_top(scores, above, targets, best):
    """The highest scores of each row that exceed `above`, falling; of equals the first."""
    top = targets.shape[1]
    targets[:] = -1
    best[:] = 0.0
    for i in range(scores.shape[0]):
        kept = 0
        least = above
        for j in range(scores.shape[1]):
            if scores[i, j] > least:
                kept = _insert(targets[i], best[i], kept, j, scores[i, j])
                if kept == top:
                    least = best[i, top - 1]


@compiled
def fuse_ranks(first, second, share, constant, out):
    """Reciprocal rank fusion of two lists of targets per row; 0 for what is in neither."""
    out[:] = 0.0
    for i in range(out.shape[0]):
        for rank in range(first.shape[1]):
            if first[i, rank] >= 0:
                out[i, first[i, rank]] += (1.0 - share) / (constant + rank + 1.0)
            if second[i, rank] >= 0:
                out[i, second[i, rank]] += share / (constant + rank + 1.0)


@compiled
def spread(weights, ptr, cols, vals, out):
    """Write dense `weights` times the sparse matrix into `out`."""
    out[:] = 0.0
    for i in range(weights.shape[0]):
        for row in range(weights.shape[1]):
            weight = weights[i, row]
            if weight == 0.0:
                continue
            for place in range(ptr[row], ptr[row + 1]):
                out[i, cols[place]] += weight * vals[place]
