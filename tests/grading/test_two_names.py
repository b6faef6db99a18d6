"""The name whose library is worked on, and the name under which work is handed in: one, or both are said.

Everything is typed in fresh processes, by a person whom the operating system and the hub call by the names given here.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from grading.conftest import marks
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from representatives import representatives

from course_utils.grading.course import Course, released_notebook
from course_utils.grading.run import grade
from course_utils.grading.submissions.library_owner import library_mismatch, library_of

COUNT = "91_count"
# Read by every Python below: another account than the one that runs the tests, and another place for the saved name.
PRETEND = """\
import os, pwd
from pathlib import Path
if account := os.environ.get("PRETEND_ACCOUNT"):
    of = pwd.getpwuid
    def getpwuid(number):
        if number != os.getuid():
            return of(number)
        if account == "nobody knows":
            raise KeyError(number)
        return pwd.struct_passwd((account, *of(number)[1:]))
    pwd.getpwuid = getpwuid
    import course_utils.identity
    course_utils.identity._name_file = lambda: Path(os.environ["PRETEND_NAME"])
"""


@dataclass
class Person:
    """Somebody at a computer: what the operating system, the hub, the hub's settings and the form call them."""

    folder: Path
    account: str
    hub: str = ""
    setting: str = ""
    saved: str = ""
    course: Course | None = field(default=None)

    def __post_init__(self):
        (self.folder / "pretend").mkdir(parents=True, exist_ok=True)
        (self.folder / "pretend" / "sitecustomize.py").write_text(PRETEND)
        name = self.folder / "pretend" / "student.json"
        if self.saved:
            name.write_text(json.dumps({"name": self.saved}))
        kept = {
            key: value for key, value in os.environ.items() if key in {"PATH", "LANG", "LC_ALL", "TMPDIR"}
        }
        self.environment = {
            **kept,
            "HOME": str(self.folder),
            "PYTHONPATH": str(self.folder / "pretend"),
            "PRETEND_ACCOUNT": self.account,
            "PRETEND_NAME": str(name),
            **{
                key: value
                for key, value in (("JUPYTERHUB_USER", self.hub), ("COURSE_NAMES", self.setting))
                if value
            },
        }

    def type(self, program: str, *options: str) -> subprocess.CompletedProcess:
        """Type a command in the course's folder."""
        command = [Path(sys.executable).with_name(program), *options]
        place = self.course.folder / "assignments" if self.course else self.folder
        return subprocess.run(
            command, cwd=place, env=self.environment, capture_output=True, text=True, check=False
        )

    def python(self, code: str) -> str:
        """What it prints; what Jupyter shows as an error is among it."""
        done = self.type("python", "-c", f"import sys; sys.stderr = sys.stdout\n{code}")
        assert done.returncode == 0, done.stderr
        return done.stdout


# One line for each kind of computer: account, hub, setting, saved -> library, name under which work is handed in.
KINDS = {
    "own computer, same name": ("mary", "", "", "mary", "mary", "mary"),
    "own computer, capitals": ("mary", "", "", "Mary", "Mary", "mary"),
    "own computer, another name": ("mary", "", "", "ada", "ada", "mary"),
    "own computer, no name": ("mary", "", "", "", "guest", "mary"),
    "hub with the system's users": ("ada", "ada", "", "", "ada", "ada"),
    "The Littlest JupyterHub": ("jupyter-ada", "ada", "", "", "jupyter-ada", "jupyter-ada"),
    "hub that maps its users": ("u1234", "ada@example.org", "", "", "u1234", "u1234"),
    "the form does not count on a hub": ("ada", "ada", "", "bob", "ada", "ada"),
    "containers with jovyan": ("jovyan", "ada", "", "", "ada", "ada"),
    "containers with another user": ("student", "ada", "hub", "", "ada", "ada"),
    "containers with a number only": ("nobody knows", "ada", "", "", "ada", "ada"),
    "containers with root": ("root", "ada", "", "", "ada", "root"),
    "containers with root, set": ("root", "ada", "hub", "", "ada", "ada"),
    "root is wanted": ("root", "ada", "system", "", "root", "root"),
    "jovyan without a hub": ("jovyan", "", "", "", "guest", "jovyan"),
}


@pytest.fixture(
    params=representatives(
        KINDS, ["own computer, another name", "The Littlest JupyterHub", "containers with root"]
    )
)
def kind(request, tmp_path):
    *who, library, hand_in = KINDS[request.param]
    return Person(tmp_path, *who), library, hand_in


def test_on_each_kind_of_computer_both_names_are_one_or_both_are_said(kind):
    person, library, hand_in = kind
    said = person.python(
        "from course_utils import my_library, check_environment, NameForm, who_am_i\n"
        "from course_utils.identity import names\n"
        "print(*names(), who_am_i(), '---', sep='\\n')\n"
        "my_library(); my_library(); print('---')\n"
        "form = NameForm(); print(form.answer.value, '---', form.field.value, '---', sep='\\n')\n"
        "check_environment()"
    )
    found, at_work, form, field, checked = said.split("---\n")
    assert found.split() == [library, hand_in, library]
    offered = hand_in if library == "guest" else library
    assert field.strip() == ("" if offered == "jovyan" else offered)
    differ = library.lower() != hand_in
    assert len(at_work.splitlines()) == differ, "it is said once"
    for place in (at_work, form):
        assert (f"the library of {library}, but" in place) == (f"by the name {hand_in}" in place) == differ
    # The page asks who one is below this cell: without a name, there is nothing to complain of yet.
    assert (f"by the name {hand_in}" in checked) == (differ and library != "guest")
    assert ("Everything works." in checked) == (not differ or library == "guest")


def test_on_a_hub_that_has_another_name_for_the_account_the_first_page_says_both(tmp_path):
    person = Person(tmp_path, "jupyter-ada", "ada")
    said = person.python(
        "from course_utils import NameForm, check_environment; check_environment(); print(NameForm().answer.value)"
    )
    assert "good: your name in this course is jupyter-ada, though the hub calls you ada" in said
    assert "You are jupyter-ada (the hub calls you ada)." in said


def test_a_setting_without_a_meaning_is_named(tmp_path):
    done = Person(tmp_path, "student", "ada", "both").type(
        "python", "-c", "import course_utils as c; c.who_am_i()"
    )
    assert "COURSE_NAMES must be “hub” or “system”, and is “both”" in done.stderr


def test_in_a_browser_nothing_is_handed_in(tmp_path):
    person = Person(tmp_path, "web_user", saved="ada")
    code = "import sys; sys.platform = 'emscripten'; sys.modules['pwd'] = None; from course_utils import identity\n"
    assert person.python(f"{code}print(*identity.names(), identity.two_names())").split() == ["ada", "None"]


# ---- from the desk to the closing table ------------------------------------------------------------------------


@pytest.fixture(scope="session")
def counting(tmp_path_factory):
    """The folder of a course with an assignment that asks for a number of the student's own library, released."""
    folder = tmp_path_factory.mktemp("counting") / COUNT
    folder.mkdir()
    cells = [
        new_markdown_cell("# Count\n\nOne number of your own library."),
        new_code_cell("from course_utils import expect, my_library, who_am_i\nmine = my_library()"),
        new_code_cell("cards = ...\n### BEGIN SOLUTION\ncards = len(mine.patrons)\n### END SOLUTION"),
        new_code_cell(
            "expect('cards').is_count()\n### BEGIN HIDDEN TESTS\n"
            "expect('cards').equals(len(my_library().patrons))\n### END HIDDEN TESTS"
        ),
    ]
    cells[1].metadata = marks("setup", locked=True)
    cells[2].metadata = marks("cards", solution=True)
    cells[3].metadata = marks("test_cards", grade=True, locked=True, points=2)
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"count-{number}"
    nbformat.write(nbformat.from_dict(notebook), folder / f"{COUNT}.ipynb")
    course = Course.create(folder.parent / "course", [folder])
    course.generate(COUNT)
    course.release(COUNT)
    return course.folder


@pytest.fixture
def at_the_desk(tmp_path, counting):
    """A function that makes a course, and a person who has answered by hand what is right for the library before them."""

    def sit_down(account, hub="", setting="", saved="") -> Person:
        shutil.copytree(counting, tmp_path / "course")
        course = Course(tmp_path / "course", apart=True)
        person = Person(tmp_path, account, hub, setting, saved, course)
        desk = course.folder / "my_work" / COUNT
        desk.mkdir(parents=True)
        seen = person.python("from course_utils import my_library; n = len(my_library().patrons); print(n)")
        notebook = released_notebook(course, COUNT)
        notebook.cells[2].source = f"cards = {seen.split()[-1]}"
        nbformat.write(notebook, desk / f"{COUNT}.ipynb")
        return person

    return sit_down


def through_the_week(person: Person, student: str) -> tuple[str, str, subprocess.CompletedProcess]:
    """Hand in, collect and grade, as they are typed: what each of the three said."""
    person.course.add_students({student: {}})
    handed_in = person.type("nbgrader", "submit", COUNT)
    assert handed_in.returncode == 0, handed_in.stderr
    collected = person.type("nbgrader", "collect", COUNT)
    assert collected.returncode == 0, collected.stderr
    assert [
        folder.parent.name for folder in person.course.submitted("*", COUNT).parent.parent.glob("*/*")
    ] == [student]
    return handed_in.stderr, collected.stderr, person.type("course", "grade", COUNT)


def score(person: Person, student: str) -> float:
    with person.course.gradebook as gradebook:
        return gradebook.find_submission(COUNT, student).score


AGREE = ["The Littlest JupyterHub", "containers with another user"]
DIFFER = ["own computer, another name", "containers with root"]


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("name", representatives(AGREE, AGREE[:1]))
def test_where_they_agree_right_answers_are_right_and_nothing_is_said(name, at_the_desk):
    *who, library, hand_in = KINDS[name]
    person = at_the_desk(*who)
    valid = person.type(
        "nbgrader", "validate", str(person.course.folder / "my_work" / COUNT / f"{COUNT}.ipynb")
    )
    assert "Success" in valid.stdout, valid.stdout + valid.stderr
    *logs, graded = through_the_week(person, hand_in)
    assert graded.returncode == 0, graded.stdout + graded.stderr
    assert score(person, hand_in) == 2
    assert library_of(person.course.submitted(hand_in, COUNT)) == library
    for said in (*logs, graded.stdout):
        assert "the library of" not in said


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("name", representatives(DIFFER, DIFFER[:1]))
def test_where_they_differ_it_is_said_at_every_step(name, at_the_desk):
    *who, library, hand_in = KINDS[name]
    person = at_the_desk(*who)
    handed_in, collected, graded = through_the_week(person, hand_in)
    assert f"by the name {hand_in}" in handed_in
    assert f"the library of {library}" in handed_in
    assert f"{hand_in} worked on the library of {library}, but is graded with that of {hand_in}" in collected
    assert graded.returncode == 1
    assert "Traceback" not in graded.stderr
    table = " ".join(graded.stdout.split())
    assert "to settle" in table
    assert f"{hand_in} worked on the library of {library}" in table
    assert score(person, hand_in) == 0
    again = person.type("nbgrader", "autograde", COUNT, "--force")
    assert f"{hand_in} worked on the library of {library}" in again.stderr
    # What the table asks for settles it.
    (person.course.submitted(hand_in, COUNT) / "whose_library.txt").write_bytes(b"")
    assert person.type("course", "grade", COUNT).returncode == 0


def printed(notebook, name):
    """The notebook as it is saved after its set-up cell has run for somebody."""
    text = f"3 tables\nThis is the library of {name}\n"
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text=text)]
    return notebook


@pytest.mark.needs("bubblewrap")
def test_what_the_set_up_cell_printed_is_compared_and_told_to_both(counting, tmp_path):
    """A file that came through a learning system brings no name along: what it shows of itself is enough."""
    course = Course(shutil.copytree(counting, tmp_path / "course"), apart=True)
    course.add_students({"mary": {}, "bob": {}})
    for student, name in (("mary", "ada"), ("bob", "Bob")):
        folder = course.submitted(student, COUNT)
        folder.mkdir(parents=True)
        nbformat.write(printed(released_notebook(course, COUNT), name), folder / f"{COUNT}.ipynb")
    summary = grade(course, COUNT)
    assert [student for student, _ in summary.to_settle] == ["mary"]
    assert "mary worked on the library of ada, but is graded with that of mary" in summary.to_settle[0][1]
    pages = {}
    for student in ("mary", "bob"):
        course.give_feedback(COUNT, student)
        (page,) = (course.folder / "assignments" / "feedback" / student).glob("*/*.html")
        pages[student] = page.read_text(encoding="utf-8")
    assert (
        "You worked on the library of ada, and your work was graded with the library of mary" in pages["mary"]
    )
    assert "You worked on the library of" not in pages["bob"]
    (course.submitted("mary", COUNT) / "whose_library.txt").touch()
    assert grade(course, COUNT).to_settle == []


def test_a_notebook_that_ran_for_somebody_else_is_told_whatever_name_came_along(counting, tmp_path):
    """The name was put right before it was handed in, and the notebook not run again."""
    notebook = printed(released_notebook(Course(counting, apart=True), COUNT), "ada")
    nbformat.write(notebook, tmp_path / "a.ipynb")
    (tmp_path / "whose_library.txt").write_text("mary\n")
    assert library_mismatch(tmp_path, "mary").startswith("mary worked on the library of ada")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        '{"cells": 3}',
        '{"cells": [3, {"outputs": [3, {"text": 3}, {"text": [3]}]}]}',
        "[" * 100_000,
        "\ud800",
    ],
    ids=["half", "list", "nothing", "no cells", "odd cells", "deep", "no text"],
)
def test_what_is_no_notebook_says_nothing_of_a_library(text, tmp_path):
    (tmp_path / "a.ipynb").write_bytes(text.encode("utf-8", "surrogatepass"))
    (tmp_path / "b.ipynb").mkdir()
    assert library_mismatch(tmp_path, "ada") == ""


@pytest.mark.needs("bubblewrap")
def test_nobody_chooses_a_classmates_library_unseen(at_the_desk):
    """A file of one's own making in the folder: the marks are by the class list's name, and it is told."""
    person = at_the_desk("ada", "ada")
    person.type("nbgrader", "submit", COUNT)
    person.course.add_students({"ada": {}})
    person.type("nbgrader", "collect", COUNT)
    path = person.course.submitted("ada", COUNT) / "whose_library.txt"
    assert path.read_text() == "ada\n"
    path.write_text("bob\n")
    graded = person.type("course", "grade", COUNT)
    assert graded.returncode == 1
    assert "ada worked on the library of bob" in " ".join(graded.stdout.split())
    assert score(person, "ada") == 2


@pytest.mark.parametrize(
    ("forged", "seen"),
    [
        (b"bob\nand more", "bob"),
        (b"b\x1b[2Job" + b"x" * 5000, "b?[2Job" + "x" * 193),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"ada", ""),
        (b"ADA ", ""),
        (b"", ""),
        (b" \n\n", ""),
    ],
)
def test_whatever_the_file_holds_is_a_name_and_no_more(forged, seen, tmp_path):
    (tmp_path / "whose_library.txt").write_bytes(forged)
    said = library_mismatch(tmp_path, "ada")
    assert (
        said.startswith(f"ada worked on the library of {seen}, but is graded with that of ada")
        if seen
        else not said
    )


def test_a_link_or_a_folder_in_its_place_is_not_read(tmp_path):
    (tmp_path / "secret").write_text("bob")
    path = tmp_path / "whose_library.txt"
    path.symlink_to(tmp_path / "secret")
    assert library_mismatch(tmp_path, "ada") == ""
    path.unlink()
    path.mkdir()
    assert library_mismatch(tmp_path, "ada") == ""


def test_what_the_student_put_in_its_place_is_not_handed_in(at_the_desk):
    person = at_the_desk("ada", "ada")
    folder = person.course.folder / "my_work" / COUNT / "whose_library.txt"
    folder.mkdir()
    (folder / "more.txt").write_text("bob")
    done = person.type("nbgrader", "submit", COUNT)
    assert done.returncode == 0, done.stderr
    (handed_in,) = (person.course.exchange / "port_ellery" / "inbound").iterdir()
    assert handed_in.name.startswith("ada+")
    assert library_of(handed_in) == "ada"


def test_who_hands_in_for_somebody_else_says_whose_library_it_was_if_that_is_known(at_the_desk):
    person = at_the_desk("root", "two")
    done = person.type("nbgrader", "submit", COUNT, "--student=hubtest2")
    assert "hubtest2 worked on the library of two" in done.stderr
    (handed_in,) = (person.course.exchange / "port_ellery" / "inbound").iterdir()
    assert library_of(handed_in) == "two"
    person.environment.pop("JUPYTERHUB_USER")
    done = person.type("nbgrader", "submit", COUNT, "--student=alder")
    assert "the library of" not in done.stderr
    (handed_in,) = (person.course.exchange / "port_ellery" / "inbound").glob("alder+*")
    assert library_of(handed_in) == ""
