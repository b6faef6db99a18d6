"""``course new-week``: a skeleton of a week that passes every check, to be filled with what the week teaches."""

import re
from importlib import resources
from pathlib import Path
from string import Template

from course_utils.authoring import sync
from course_utils.authoring.notebooks import LESSON
from course_utils.errors import CourseError
from course_utils.kit import write_whole

NUMBER, NAME = re.compile(r"\d\d"), re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def new_week(kit: Path, number: str, name: str, method: str | None = None) -> list[Path]:
    """Write the files of a week. Returns them, as paths within the kit; the notebooks are made of the texts.

    Parameters
    ----------
    number : of the week, two digits.
    name : of its lesson and assignment, words in small letters joined by ``_``.
    method : of its folder in ``course_utils/methods/``; ``name`` without it.

    Raises
    ------
    CourseError
        If a name cannot be used, or something of that week is there already: nothing is written.
    """
    method = method or name
    if not NUMBER.fullmatch(number):
        raise CourseError(f"“{number}” is no week: write two digits, such as 05.")
    for what, text in (("name", name), ("method", method)):
        if not NAME.fullmatch(text):
            raise CourseError(
                f"“{text}” cannot be the {what}: use small letters, digits and _, beginning with a letter."
            )
    assignment = f"{number}_{name}"
    folder, tests = Path("course_utils/methods") / method, Path("tests/methods") / method
    files = {
        Path(f"notebooks/text/{LESSON}{assignment}.md"): "lesson.md",
        Path(f"assignments/text/{assignment}/{assignment}.md"): "assignment.md",
        Path(f"assignments/questions/{number}.py"): "questions.py.txt",
        folder / "__init__.py": "method.py.txt",
        folder / "charts.py": "charts.py.txt",
        folder / "widget.py": "widget.py.txt",
        tests / "test_widget.py": "test_method.py.txt",
    }
    taken = [path for path in files if (kit / path).exists()]
    taken += [path.relative_to(kit) for path in (kit / "notebooks").glob(f"{LESSON}{number}_*.ipynb")]
    if taken:
        raise CourseError(f"{taken[0]} is there already: choose another number or name. Nothing was written.")
    title = name.replace("_", " ").capitalize()
    parts = {
        "assignment": assignment,
        "week": str(int(number)),
        "title": f"{title}?"
        if title.split()[0] in ("Are", "Do", "Does", "Is", "Who", "What", "How")
        else f"{title}.",
        "method": method,
        "widget": "".join(word.capitalize() for word in method.split("_")) + "View",
        "term": f"valid card of week {int(number)}",
    }
    skeleton = resources.files(__package__) / "skeleton"
    for path, source in files.items():
        text = (skeleton / source).read_text(encoding="utf-8")
        write_whole(kit / path, Template(text).substitute(parts))
    texts = [path for path in files if path.suffix == ".md"]
    sync.sync(kit, sync.chosen_pairs(kit, [str(kit / path) for path in texts]), "text")
    return list(files)
