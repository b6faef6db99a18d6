"""The weeks whose proofs a change concerns, for `make check`: those of which a file differs from the branch main.

A week is concerned, too, where its questions or its text name a method that was changed; and every week is, where what
all of them stand on was: the checks, the tables, the library. Prints the weeks as an expression for pytest's ``-k``.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

KIT = Path(__file__).resolve().parents[2]
OF_ALL = re.compile(r"course_utils/(?!methods/|grading/)|course_utils/grading/proving\.py|tests/proofs/")
OF_A_WEEK = re.compile(r"(?:notebooks|assignments)/(?:\w+/)?(\d\d)[_.]")
OF_A_METHOD = re.compile(r"course_utils/methods/(\w+)/")


def changed_files(kit: Path) -> list[str] | None:
    """What differs from the branch main, or from the last commit on it; None where there is no telling."""

    def git(*words: str) -> list[str]:
        done = subprocess.run(["git", *words], cwd=kit, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    try:
        known = git("for-each-ref", "--format=%(refname)", "refs/heads/main", "refs/remotes/origin/main")
        (base,) = git("merge-base", "HEAD", known[0]) if known else ["HEAD"]
        return git("diff", "--name-only", base) + git("ls-files", "--others", "--exclude-standard")
    except (OSError, subprocess.CalledProcessError):
        return None


def weeks_of(kit: Path, changed: Iterable[str] | None) -> list[str]:
    """The weeks that these files concern, as their numbers; all of them for None."""
    questions = {
        path.stem: path for path in sorted((kit / "assignments" / "questions").glob("[0-9][0-9].py"))
    }
    changed = list(changed) if changed is not None else None
    if changed is None or any(OF_ALL.match(file) for file in changed):
        return list(questions)
    own = {found[1] for file in changed if (found := OF_A_WEEK.match(file))}
    methods = {found[1] for file in changed if (found := OF_A_METHOD.match(file))}
    return [week for week, path in questions.items() if week in own or methods & set(_words(kit, path))]


def _words(kit: Path, questions: Path) -> list[str]:
    texts = [questions, *(kit / "assignments" / "text").glob(f"{questions.stem}_*/*.md")]
    return re.findall(r"\w+", " ".join(path.read_text(encoding="utf-8") for path in texts))


def main() -> int:
    weeks = weeks_of(KIT, changed_files(KIT))
    print(" or ".join(f"{week}_" for week in weeks))
    return 0


if __name__ == "__main__":
    sys.exit(main())
