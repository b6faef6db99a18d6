"""Monday's page: what an instructor asks of a graded assignment, answered on one page that needs nothing else.

The page is one HTML file without scripts; its pictures stand in it. Nobody can be found in it, unless names are
asked for. Each of its sections is made in a module of its own.
"""

import secrets
from pathlib import Path

import jinja2

from course_utils.errors import CourseError
from course_utils.grading.course import Course
from course_utils.grading.privacy import opener
from course_utils.grading.report.fairness import unfair
from course_utils.grading.report.misconceptions import misconceptions
from course_utils.grading.report.overview import glance, notes, scores, who
from course_utils.grading.report.questions import each_question
from course_utils.grading.report.quiet import quiet
from course_utils.grading.report.reading import ClassWork, read_class
from course_utils.grading.report.view import ClassView
from course_utils.grading.report.words import coded, many, percent, signed
from course_utils.kit import write_whole


def write_report(
    course: Course, assignment: str, out: Path | None = None, *, names: bool = False, salt: str | None = None
) -> Path:
    """Write the page about one assignment.

    Parameters
    ----------
    out : the file; ``report_NAME.html`` beside the gradebook without it.
    names : with the students' real names. Without them nobody on the class list can be found in the file.
    salt : decides the order of the pseudonyms. A new secret each time without it, so that nobody can tell from the
        class list who is who.

    Raises
    ------
    CourseError
        If there is no such assignment, or nothing of it is graded.
    """
    work = read_class(course, assignment)
    out = Path(out or course.folder / "assignments" / f"report_{assignment}.html")
    if out.is_dir():
        raise CourseError(f"{out} is a folder: give --out the name of a file.")
    write_whole(out, page(work, names=names, salt=salt), opener=opener(course.coursedir.groupshared))
    return out


def page(work: ClassWork, *, names: bool = False, salt: str | None = None) -> str:
    """The page as HTML; see ``write_report``.

    Raises
    ------
    CourseError
        If nothing is graded.
    """
    if not work.handed_in and not work.graded:
        raise CourseError(f"Nobody has handed in {work.assignment} yet, so there is nothing to report.")
    if not work.graded:
        raise CourseError(
            f"Nothing of {work.assignment} is graded yet ({many(len(work.handed_in), 'submission')}): "
            f"run course grade {work.assignment} first."
        )
    return _template().render(_parts(ClassView(work, names, salt or secrets.token_hex())))


def _template() -> jinja2.Template:
    world = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    world.globals |= {"percent": percent, "signed": signed, "coded": coded}
    return world.get_template("page.html.jinja")


def _parts(view: ClassView) -> dict:
    """What the template shows, section after section."""
    return {
        "assignment": view.work.assignment,
        "named": view.named,
        "who": who(view),
        "notes": notes(view),
        **glance(view),
        "scores": scores(view),
        **each_question(view),
        **misconceptions(view),
        **unfair(view),
        **quiet(view),
    }
