# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Inner loops of matching, compiled; they hold no interpreter lock, so blocks run side by side."""

import numba

__all__ = [
    "add_products",
    "combine",
    "fuse_ranks",
    "fuse_scores",
    "keep_top",
    "mean_both",
    "spread",
]


def _compiled(function):
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        # A read-only installation has nowhere to keep machine code.
        return numba.njit(nogil=True)(function)


@_compiled
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


@_compiled
def combine(forward, backward, one_sided, allowed, group, out):
    """Reciprocal score of each pair; -1 where `allowed[row, group of the target]` is false."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            if not allowed[i, group[j]]:
                out[i, j] = -1.0
                continue
            a = forward[i, j]
            b = backward[i, j]
            both = 2.0 * a * b / (a + b) if a > 0.0 and b > 0.0 else 0.0
            out[i, j] = max(both, one_sided * max(a, b))


@_compiled
def mean_both(one, other):
    """Write the harmonic mean of both into `one`; 0 where one of them is not above 0."""
    for i in range(one.shape[0]):
        for j in range(one.shape[1]):
            a = one[i, j]
            b = other[i, j]
            one[i, j] = 2.0 * a * b / (a + b) if a > 0.0 and b > 0.0 else 0.0


@_compiled
def keep_top(scores, above, targets, best):
    """The highest scores of each row that exceed `above`, falling; of equals the first."""
    top = targets.shape[1]
    targets[:] = -1
    best[:] = 0.0
    for i in range(scores.shape[0]):
        kept = 0
        least = above
        for j in range(scores.shape[1]):
            score = scores[i, j]
            if score <= least:
                continue
            place = min(kept, top - 1)
            while place > 0 and best[i, place - 1] < score:
                best[i, place] = best[i, place - 1]
                targets[i, place] = targets[i, place - 1]
                place -= 1
            best[i, place] = score
            targets[i, place] = j
            kept = min(kept + 1, top)
            if kept == top:
                least = best[i, top - 1]


@_compiled
def fuse_scores(words, meaning, share, out):
    """Min-max fusion by rows: `share` of the meaning, the rest of the words; -1 stays -1."""
    for i in range(out.shape[0]):
        most = 0.0
        low = 2.0
        high = -2.0
        for j in range(out.shape[1]):
            if words[i, j] >= 0.0:
                most = max(most, words[i, j])
                low = min(low, meaning[i, j])
                high = max(high, meaning[i, j])
        a = (1.0 - share) / most if most > 0.0 else 0.0
        b = share / (high - low) if high > low else 0.0
        for j in range(out.shape[1]):
            if words[i, j] >= 0.0:
                out[i, j] = a * words[i, j] + b * (meaning[i, j] - low)
            else:
                out[i, j] = -1.0


@_compiled
def fuse_ranks(first, second, share, constant, out):
    """Reciprocal rank fusion of two lists of targets per row; 0 for what is in neither."""
    out[:] = 0.0
    for i in range(out.shape[0]):
        for rank in range(first.shape[1]):
            if first[i, rank] >= 0:
                out[i, first[i, rank]] += (1.0 - share) / (constant + rank + 1.0)
            if second[i, rank] >= 0:
                out[i, second[i, rank]] += share / (constant + rank + 1.0)


@_compiled
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
