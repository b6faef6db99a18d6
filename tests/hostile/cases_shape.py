"""H01 to H09: what happens to the notebook's cells and to its file."""

import codecs
import copy

import nbformat
from hostile.assignment import NAME, POINTS, RIGHT
from hostile.case import case

UNTOUCHED = dict.fromkeys(POINTS, "not attempted")


@case("H01", "hands it in as it came", knows="nothing", hostile=False, states=UNTOUCHED)
def _(desk):
    pass


@case("H01b", "hands in a notebook without any cell", hostile=False, refused="no cells")
def _(desk):
    desk.notebook.cells = []


# ---- tests that are skipped, changed, gone ---------------------------------------------------------------


@case("H02", "tags every test “skip-execution”", knows="wrong")
def _(desk):
    for cell in desk.tests():
        cell.metadata.tags = ["skip-execution"]


@case("H02b", "has “skip-execution” on the set-up and on every answer")
def _(desk):
    for name in ("setup", *RIGHT):
        desk.cell(name).metadata.tags = ["skip-execution"]


@case("H02c", "tags every cell “raises-exception”, and stops every answer", knows="wrong")
def _(desk):
    for cell in desk.cells:
        cell.metadata.tags = ["raises-exception"]
    desk.answer(**dict.fromkeys(RIGHT, "raise SystemExit"))


@case("H03", "writes tests that always pass", knows="wrong")
def _(desk):
    for cell in desk.tests():
        cell.source = "print('All good.')"


@case("H03b", "writes tests that end in the full points", knows="wrong")
def _(desk):
    for name, points in POINTS.items():
        desk.cell(f"test_{name}").source = str(points)


@case("H03c", "changes the set-up, so that the wrong answers are right there", knows="wrong")
def _(desk):
    desk.cell("setup").source += "\nvisits = pd.DataFrame({'minutes': [7]})\nshelf = 0.5"


@case("H03d", "typed a space into a test, and a note into another one")
def _(desk):
    desk.cell("test_total").source += "\n "
    desk.cell("test_tags").source += "\n# I do not understand this one."


@case("H03e", "gives the tests a hundred points each in their metadata", knows="wrong")
def _(desk):
    for cell in desk.tests():
        cell.metadata.nbgrader.points = 100


@case("H03f", "gives the tests no points in their metadata, having answered all")
def _(desk):
    for cell in desk.tests():
        cell.metadata.nbgrader.points = 0


@case("H03g", "brings metadata that says every question is right", knows="wrong")
def _(desk):
    desk.notebook.metadata["course"] = {"key": "x", "kit": "x", "flags": [], "notes": ["All is right."]}
    for cell in desk.tests():
        cell.metadata["course"] = {
            "role": "test",
            "state": "right",
            "score": 9,
            "points": 9,
            "message": "right",
        }


@case("H04", "deletes every test", knows="wrong")
def _(desk):
    desk.delete(*(f"test_{name}" for name in POINTS))


@case("H04b", "deleted a test by accident")
def _(desk):
    desk.delete("test_total")


@case("H04c", "deleted an answer cell, and wrote the answer into a new one at its place")
def _(desk):
    place = desk.place("by_branch")
    desk.delete("by_branch")
    desk.cells.insert(place, nbformat.v4.new_code_cell(RIGHT["by_branch"]))


@case("H04d", "deleted the set-up")
def _(desk):
    desk.delete("setup")


@case("H04e", "deleted the question that is marked by hand")
def _(desk):
    desk.delete("in_words")


# ---- copies ----------------------------------------------------------------------------------------------


@case("H05", "copied an answer and its test to the end", noted="was there twice")
def _(desk):
    desk.double("total")
    desk.double("test_total")


@case("H05b", "kept a wrong draft in a copy at the end")
def _(desk):
    desk.double("total", "total = 'a draft'")


@case("H05c", "has fifty copies of a test")
def _(desk):
    for _ in range(50):
        desk.double("test_by_branch")


@case("H05d", "puts a right-looking copy of each test, made easy, before it", knows="wrong")
def _(desk):
    for name, points in POINTS.items():
        desk.double(f"test_{name}", str(points), at=desk.place(f"test_{name}"))


@case("H05e", "copied every cell of the notebook, one after the other")
def _(desk):
    desk.notebook.cells = [copy.deepcopy(cell) for cell in desk.cells for _ in range(2)]


# ---- names, marks and kinds of cells ---------------------------------------------------------------------


@case("H06", "renames a test in its metadata", knows="wrong")
def _(desk):
    desk.cell("test_total").metadata.nbgrader.grade_id = "test_other"


@case("H06b", "says of every test that it is none", knows="wrong")
def _(desk):
    for cell in desk.tests():
        cell.metadata.nbgrader.update(grade=False, locked=False)


@case("H06c", "turned a test into text")
def _(desk):
    desk.retype("test_total", "markdown")


@case("H06d", "turns every test into raw text", knows="wrong")
def _(desk):
    for name in POINTS:
        desk.retype(f"test_{name}", "raw")


@case("H06e", "turned a test into raw text, in a notebook of format 4.4")
def _(desk):
    desk.retype("test_total", "raw")
    desk.notebook.nbformat_minor = 4
    for cell in desk.cells:
        del cell["id"]


@case("H06f", "turned an answer into text by a slip of the keyboard")
def _(desk):
    desk.retype("total", "markdown")


@case(
    "H06g", "says of the answers that they are tests, and of the tests that they are answers", knows="wrong"
)
def _(desk):
    for name in POINTS:
        answer, test = desk.cell(name), desk.cell(f"test_{name}")
        answer.metadata, test.metadata = test.metadata, answer.metadata


@case("H06h", "has lost all of nbgrader's metadata in another program, but not the cells' ids")
def _(desk):
    for cell in desk.cells:
        cell.metadata = {}


@case("H06i", "has marks of a version of nbgrader to come, and of one long gone")
def _(desk):
    desk.cell("test_total").metadata.nbgrader.schema_version = 99
    desk.cell("test_mine").metadata.nbgrader.schema_version = 0


@case("H06j", "has marks that are no marks")
def _(desk):
    desk.cell("test_total").metadata.nbgrader = "?"
    desk.cell("test_by_branch").metadata.nbgrader = {}
    desk.cell("test_longest").metadata.nbgrader = {"grade_id": ["a", "list"]}


# ---- the file ----------------------------------------------------------------------------------------------


@case("H07", "gave the notebook another name")
def _(desk):
    desk.raw(desk.text(), f"{NAME} (Ada Lovelace).ipynb")


@case("H07b", "hands in drafts and other notebooks besides")
def _(desk):
    desk.file("draft.ipynb", "{}")
    desk.file(f"{NAME}-Copy1.ipynb", desk.text())
    desk.file("notes/ideas.ipynb", "not a notebook")


@case("H07c", "hands in no notebook at all", refused="no notebook")
def _(desk):
    desk.raw(None)
    desk.file("essay.txt", "My answer is in the e-mail.")


@case("H07d", "put the notebook into a folder of its own", refused="notebook")
def _(desk):
    desk.raw(None)
    desk.file(f"hand in/{NAME}.ipynb", desk.text())


UNREADABLE = {
    "H08": ("hands in half of a file", lambda d: d.text()[: len(d.text()) // 2], "not a notebook"),
    "H08b": ("hands in an empty file", lambda d: b"", "is empty"),
    "H08c": (
        "hands in a file with the marks of a merge conflict",
        lambda d: d.text().replace(
            '"cells": [', '<<<<<<< HEAD\n"cells": [\n=======\n"cells": [\n>>>>>>> main', 1
        ),
        "not a notebook",
    ),
    "H08d": ("hands in a list", lambda d: "[1, 2, 3]", "not a notebook"),
    "H08e": (
        "hands in the sign-in page",
        lambda d: "<!DOCTYPE html>\n<title>Sign in</title>",
        "not a notebook",
    ),
    "H08f": ("hands in a picture", lambda d: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "cannot be read"),
    "H08g": ("hands in a file in UTF-16", lambda d: d.text().encode("utf-16"), "cannot be read"),
    "H08h": ("nests a hundred thousand brackets", lambda d: "[" * 100_000 + "]" * 100_000, "not a notebook"),
    "H08i": (
        "says it is of notebook format 99",
        lambda d: d.text().replace('"nbformat": 4', '"nbformat": 99'),
        "not a notebook",
    ),
    "H08j": ("hands in a single number of a million digits", lambda d: "7" * 1_000_000, "not a notebook"),
    "H08k": (
        "has a dictionary in place of the cells",
        lambda d: '{"cells": {}, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
        "no",
    ),
}
for _id, (_what, _content, _sentence) in UNREADABLE.items():
    case(_id, _what, refused=_sentence, hostile=_id in ("H08h", "H08i", "H08j", "H08k"))(
        lambda desk, content=_content: desk.raw(content(desk))
    )


@case("H08m", "has a byte order mark before the notebook")
def _(desk):
    desk.raw(codecs.BOM_UTF8 + desk.text().encode())


@case("H08n", "has the line ends of Windows in the file and in the cells")
def _(desk):
    for cell in desk.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    desk.raw(desk.text().replace("\n", "\r\n"))


@case("H08o", "has NaN in the metadata")
def _(desk):
    desk.raw_json(lambda tree: tree["metadata"].update(zoom=float("nan")))


@case("H08p", "has a source that is a number, in a cell of the student's own")
def _(desk):
    desk.add("x = 1")
    desk.raw_json(lambda tree: tree["cells"][-1].update(source=12))


@case("H08q", "lacks metadata and outputs in some cells")
def _(desk):
    desk.add("x = 1")

    def strip(tree):
        for cell in tree["cells"]:
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
        del tree["cells"][-1]["metadata"], tree["cells"][0]["metadata"]

    desk.raw_json(strip)


@case(
    "H08r",
    "has the marks of a merge conflict inside one answer",
    loses=["total"],
    states={"total": "error in your code"},
)
def _(desk):
    desk.answer(total=f"<<<<<<< HEAD\n{RIGHT['total']}\n=======\ntotal = 3\n>>>>>>> main")


@case("H08s", "has the same id on every cell")
def _(desk):
    desk.raw_json(lambda tree: [cell.update(id="same") for cell in tree["cells"]] and None)


@case("H08t", "hands in notebook format 3")
def _(desk):
    old = nbformat.convert(desk.notebook, 3)
    desk.raw(nbformat.writes(old, version=3))


@case("H08u", "has no nbformat in the file")
def _(desk):
    desk.raw_json(lambda tree: tree.pop("nbformat_minor") and None)


@case("H08v", "has cells of a kind that nobody knows")
def _(desk):
    desk.raw_json(
        lambda tree: tree["cells"].append(
            {"cell_type": "heading", "source": "Hi", "metadata": {}, "level": 9}
        )
    )


# ---- kernels -----------------------------------------------------------------------------------------------


@case("H09", "lost the kernelspec")
def _(desk):
    desk.notebook.metadata = {}


@case("H09b", "used a kernel that this machine does not have")
def _(desk):
    desk.notebook.metadata = {
        "kernelspec": {"display_name": "R", "language": "R", "name": "ir"},
        "language_info": {"name": "R", "version": "4.4"},
    }


@case("H09c", "names a command of the shell as the kernel", hostile=True)
def _(desk):
    desk.notebook.metadata.kernelspec = {
        "display_name": "x",
        "language": "bash",
        "name": "../../../bin/sh; touch @COURSE@/PWNED",
        "argv": ["/bin/sh", "-c", "touch /tmp/PWNED"],
    }


@case("H09d", "has a kernelspec that is a list")
def _(desk):
    desk.raw_json(lambda tree: tree["metadata"].update(kernelspec=["python3"], language_info=3))
