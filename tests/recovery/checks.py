"""What a textbook analysis finds in the synthetic library, beside the truth. One module per topic holds the checks.

A check is a function of a library, marked with its kind:

- ``recovers``: a competent analysis must come near the truth, within the tolerance that is said;
- ``null``: nothing was planted, and a test at 5% must say so except for about 5 libraries in 100;
- ``misleads``: an analysis that is meant to go wrong must go wrong, in the direction that is said.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

KINDS = ("recovers", "null", "misleads")


@dataclass(frozen=True)
class Found:
    """What one analysis found in one library.

    ``estimate`` and ``truth`` are numbers for the table. ``holds`` says whether the claim of the check is borne
    out; for a null it is whether the test *rejects* at 5%.
    """

    estimate: float
    truth: float
    holds: bool


@dataclass(frozen=True)
class Check:
    """One claim about every library, and the analysis that tests it."""

    topic: str
    name: str
    kind: str
    claim: str
    run: Callable[..., Found]


CHECKS: list[Check] = []


def check(kind: str, name: str, claim: str):
    """Register an analysis. ``name`` says what is analyzed and how; ``claim`` what must hold, with its tolerance."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}")

    def register(run):
        topic = run.__module__.rsplit(".", 1)[-1]
        CHECKS.append(Check(topic, name, kind, claim, run))
        return run

    return register


def all_checks() -> list[Check]:
    """The checks of every module in this folder whose name begins with ``of_``."""
    import recovery

    for module in sorted(one.name for one in pkgutil.iter_modules(recovery.__path__)):
        if module.startswith("of_"):
            importlib.import_module(f"recovery.{module}")
    return CHECKS
