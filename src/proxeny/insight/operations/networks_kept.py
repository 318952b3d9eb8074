"""The stored form of a network beside its figures: arrays to compute with."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.network import Measures, Network
from proxeny.insight.operations.networks_present import Drawn


@dataclass(frozen=True, slots=True)
class KeptNetwork:
    """The whole network, the community of each actor, and what is drawn where."""

    network: Network
    community: NDArray[np.int64]
    drawn: Drawn


def pack_network(network: Network, measures: Measures, drawn: Drawn) -> bytes:
    """Return a network as numpy keeps it, compressed."""
    target = io.BytesIO()
    np.savez_compressed(
        target,
        keys=network.keys,
        heads=network.heads,
        tails=network.tails,
        weights=network.weights,
        community=measures.community,
        shown=drawn.shown,
        place=drawn.place.round(1),
        ties=drawn.ties,
    )
    return target.getvalue()


def unpack_network(data: bytes) -> KeptNetwork:
    """Return the network packed by `pack_network`."""
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        keys = found["keys"]
        places = {key: place for place, key in enumerate(keys.tolist())}
        network = Network(keys, found["heads"], found["tails"], found["weights"], places)
        drawn = Drawn(found["shown"], found["place"], found["ties"])
        return KeptNetwork(network, found["community"], drawn)
