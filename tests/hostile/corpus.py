"""Every case there is, in the order of its id."""

from hostile import cases_bounds, cases_fair, cases_files, cases_scores, cases_secrets, cases_shape
from hostile.case import CASES, Case

MODULES = (cases_shape, cases_fair, cases_bounds, cases_secrets, cases_scores, cases_files)


def corpus(only: list[str] | None = None) -> list[Case]:
    """The cases; of those in ``only``, ``H06`` stands for all of its variants."""
    return [case for id_, case in sorted(CASES.items()) if not only or {id_, case.number} & set(only)]
