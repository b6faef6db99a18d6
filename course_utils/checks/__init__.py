"""The checks that students meet, ``expect("active_share").is_share()``, and what an assignment declares of its questions."""

from course_utils.checks.expectation import Expectation, expect
from course_utils.checks.lookup import MISSING, NAMESPACE, Namespace, is_own, nearest
from course_utils.checks.outcomes import NotYet, Outcome

__all__ = [
    "NAMESPACE",
    "MISSING",
    "Namespace",
    "Expectation",
    "NotYet",
    "Outcome",
    "expect",
    "is_own",
    "nearest",
]
