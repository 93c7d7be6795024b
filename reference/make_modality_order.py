"""Orders of samples grouped by modality and length, from the definition of LLaVA's group_by_modality_length.

The random permutations are written beside each order, so that any generator can be checked against it.
"""

import json
import sys

import numpy as np


def dealt(megabatch, lengths, chunks):
    """Splits a sorted megabatch into as many batches as a step has, evenly by length."""
    if len(megabatch) % chunks:
        return [megabatch[i::chunks] for i in range(chunks)]
    room = len(megabatch) // chunks
    batches = [[] for _ in range(chunks)]
    weights = [0.0] * chunks
    for index in megabatch:
        lightest = weights.index(min(weights))
        batches[lightest].append(index)
        weights[lightest] += lengths[index]
        if len(batches[lightest]) == room:
            weights[lightest] = float("inf")
    return batches


def megabatches(indices, size):
    return [indices[i : i + size] for i in range(0, len(indices), size)]


def by_length(lengths, batch, chunks, permutation):
    shuffled = permutation(len(lengths))
    order = []
    for mega in megabatches(shuffled, batch * chunks):
        mega = sorted(mega, key=lambda i: lengths[i], reverse=True)
        order += [i for part in dealt(mega, lengths, chunks) for i in part]
    return order


def by_modality(lengths, batch, chunks, permutation):
    """Positive lengths have pictures, negative ones have not."""
    if all(length > 0 for length in lengths) or all(length < 0 for length in lengths):
        return by_length([abs(length) for length in lengths], batch, chunks, permutation)
    groups = []
    for sign in (1, -1):
        members = [i for i, length in enumerate(lengths) if sign * length > 0]
        order = by_length([abs(lengths[i]) for i in members], batch, chunks, permutation)
        groups.append(megabatches([members[i] for i in order], batch * chunks))
    rest = groups[0][-1] + groups[1][-1]
    whole = groups[0][:-1] + groups[1][:-1]
    order = [i for mega in permutation(len(whole)) for i in whole[mega]]
    return order + sorted(rest)


def case(seed, samples, batch, chunks, share_of_text):
    random = np.random.default_rng(seed)
    lengths = [int(n) for n in random.integers(20, 60, samples)]
    lengths = [-n if random.random() < share_of_text else n for n in lengths]
    drawn = []

    def permutation(size):
        drawn.append([int(i) for i in random.permutation(size)])
        return drawn[-1]

    order = by_modality(lengths, batch, chunks, permutation)
    assert sorted(order) == list(range(samples))
    return {"lengths": lengths, "batch": batch, "chunks": chunks, "permutations": drawn, "order": order}


cases = [
    case(1, 37, 4, 1, 0.0),
    case(2, 37, 4, 3, 0.0),
    case(3, 48, 4, 2, 0.0),
    case(4, 50, 4, 2, 1.0),
    case(5, 61, 4, 1, 0.4),
    case(6, 90, 3, 4, 0.3),
    case(7, 9, 8, 2, 0.5),
]
with open(sys.argv[1], "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
