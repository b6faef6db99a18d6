"""Is it as it should be? One case, beside what came of it."""

from collections.abc import Iterable

from hostile.case import Case
from hostile.world import Outcome

FINE = "as it should be"
LONGEST = 4_000  # characters of a message
LARGEST = 12_000_000  # bytes of a notebook and its page together


def faults(case: Case, outcome: Outcome, harms: Iterable[str] = ()) -> list[str]:
    """What went wrong with the marks, and with what is nobody's business; in a few words each."""
    found = list(harms)
    if case.refused:
        if outcome.graded:
            found.append(f"graded, with {_sum(outcome.marks):g} points")
    elif not outcome.graded or not outcome.marks:
        due = _sum(case.marks)
        found.append(f"not graded, where {due:g} points were due" if due else "not graded")
    else:
        found += _points(case, outcome)
    if outcome.found:
        found.append(f"read {', '.join(outcome.found)}")
    if outcome.absent:
        found.append(f"shows {outcome.absent[0]!r}")
    if outcome.active:
        found.append(f"{len(outcome.active)} scripts would run")
    if outcome.size > LARGEST:
        found.append(f"{outcome.size / 1e6:.0f} MB came back")
    return found


def manners(case: Case, outcome: Outcome) -> list[str]:
    """What went wrong with what is said of it: states, messages, flags, notes, the reason of a refusal."""
    found = []
    if case.refused:
        if case.refused not in outcome.refused:
            found.append(f"says {outcome.refused!r}, without {case.refused!r}")
        return found
    for test, state in case.states.items():
        if outcome.states.get(test) != state:
            found.append(f"{test} is {outcome.states.get(test)!r}, not {state!r}")
    for test, words in case.said.items():
        if words not in outcome.said.get(test, ""):
            found.append(f"{test} says {outcome.said.get(test)!r}, without {words!r}")
    if not case.review <= set(outcome.review):
        found.append(f"nobody is asked to look at {', '.join(sorted(case.review - set(outcome.review)))}")
    if case.flagged and not (outcome.flags or outcome.review):
        found.append("nobody is told of it")
    if case.noted and not any(case.noted in note for note in outcome.notes):
        found.append(f"no note says {case.noted!r}")
    if long := [test for test, words in outcome.said.items() if len(words) > LONGEST]:
        found.append(f"a message of {max(len(outcome.said[test]) for test in long)} characters")
    odd = {test for test, state in outcome.states.items() if state == "our fault"} - case.review
    if odd:
        found.append(f"our fault in {', '.join(sorted(odd))}")
    return found


def _points(case: Case, outcome: Outcome) -> list[str]:
    due = {test: points for test, points in case.marks.items() if points is not ...}
    got = {test: outcome.marks.get(test) for test in due}
    if got == due:
        return []
    unsure = [test for test, points in due.items() if points is None]
    if all(got[test] == due[test] for test in due if test not in unsure):
        return [f"{_sum({t: got[t] for t in unsure}):g} points where nobody can know"]
    missing = [test for test in due if got[test] is None and test not in unsure]
    words = f"{_sum(got):g} points where {_sum(due):g} were due"
    return [
        f"{words}, {len(missing)} question{'s'[: len(missing) != 1]} without a mark" if missing else words
    ]


def _sum(marks) -> float:
    return sum(points for points in marks.values() if points not in (None, ...))
