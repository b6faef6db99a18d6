"""Campaigns: who was written to, by chance or by choice, and what came of it."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Mailed:
    """What the campaigns did. ``trips``: row of the card, branch and day of each trip they brought about."""

    trips: tuple[np.ndarray, np.ndarray, np.ndarray]


def run_campaigns(library) -> Mailed:
    """Draw the arms of every campaign, and the trips that it brings about."""
    none = np.zeros(0, dtype=int)
    return Mailed((none, none, none))


TABLES: dict = {}
TRUTH: dict = {}
