"""A notebook as it is when its feedback is made: autograded, with the gradebook's marks, a question for each state."""

import base64
import struct
import zlib

import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

RESOURCES = {
    "nbgrader": {
        "student": "hazel",
        "name": "Hazel Wood",
        "assignment": "01_who_is_our_customer",
        "notebook": "01_who_is_our_customer",
        "score": 5.0,
        "max_score": 22.0,
        "late_penalty": 1.0,
    }
}
TEST = """\
expect("{name}").is_share()
### BEGIN HIDDEN TESTS
secret_sum_of_patrons = 6
### END HIDDEN TESTS"""


def marks(grade_id, **given):
    """nbgrader's metadata of a cell, with what ``ReadMarks`` adds."""
    kinds = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"grade_id": grade_id, **kinds, **given}


def bars() -> str:
    """A small picture, as base64."""
    rows = [
        [(70, 110, 160) if y > 90 - 25 * (x // 60) else (255, 255, 255) for x in range(240)]
        for y in range(120)
    ]
    raw = b"".join(b"\0" + bytes(sum(row, ())) for row in rows)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 240, 120, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def question(
    number,
    title,
    points,
    name,
    answer,
    state,
    auto,
    message="",
    *,
    outputs=(),
    cell_error=None,
    more=(),
    **given,
):
    """The four cells of a question. ``given`` may hold pending, manual and comment."""
    manual = given.get("manual")
    marked = {"auto_score": auto, "manual_score": manual, "pending": given.get("pending", False)}
    marked["score"] = manual if manual is not None else auto or 0
    prompt = (
        f"### Question {number} · {title} ({points} point{'s' if points != 1 else ''})\n\n"
        f"*Practices objective 1.*\nAssign to `{name}` the share.\nExpect one number between 0 and 1.\n\n"
        "<details><summary>A nudge</summary>\n\nA Series of `True` and `False` has a mean.\n\n</details>"
    )
    comment = given.get("comment")
    test = marks(f"test_{name}", grade=True, locked=True, points=points, **marked)
    about = {"role": "test", "state": state, "score": auto, "points": points, "message": message}
    return [
        new_markdown_cell(prompt, metadata={"nbgrader": marks(f"prompt_{name}", locked=True)}),
        new_code_cell(
            answer,
            metadata={
                "nbgrader": marks(name, solution=True, comment=comment),
                "course": {"role": "answer", "cell_error": cell_error},
            },
            outputs=list(outputs),
        ),
        *more,
        new_code_cell(TEST.format(name=name), metadata={"nbgrader": test, "course": about}),
    ]


def task(number, title, points, name, answer, *, manual=None, comment=None):
    """A question that a person marks, and the cell with the student's words."""
    text = (
        f"### Question {number} · {title} ({points} points)\n\nArgue in 150 words.\n\n"
        "=== BEGIN MARK SCHEME ===\nOne point for a plan.\n=== END MARK SCHEME ==="
    )
    given = {"auto_score": None, "manual_score": manual, "pending": manual is None, "score": manual or 0}
    about = marks(name, task=True, locked=True, points=points, comment=comment, **given)
    return [new_markdown_cell(text, metadata={"nbgrader": about}), new_markdown_cell(answer)]


def notebook_with_every_state():
    table = pd.DataFrame({"age_band": ["0-5", "6-12"], "erased": [0.1, 0.25]})
    broken = 'last = patrons["last_used"]'
    error = new_output(
        "error", ename="KeyError", evalue="'last_used'", traceback=["File /srv/kit/x.py, line 9"]
    )
    chart = new_output(
        "display_data",
        data={"image/png": bars(), "text/plain": "<Figure>"},
        metadata={"image/png": {"alt": "Bars of the share that is erased, by age band"}},
    )
    shown = new_output("execute_result", data={"text/plain": "t", "text/html": table._repr_html_()})
    numbers = new_output("stream", text="\n".join(f"row {n}" for n in range(60)))
    own = "### My own note\n\n- [x] checked\n- [ ] asked\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nand $x^2$"
    cells = [
        new_markdown_cell(
            "# 1 · Who is our customer?\n\n**Minutes:** 120",
            metadata={"nbgrader": marks("top", locked=True)},
        ),
        new_code_cell(
            "import pandas as pd",
            metadata={"nbgrader": marks("setup", locked=True)},
            outputs=[new_output("stream", text="This is the library of hazel")],
        ),
    ]
    cells += question(
        *(1, "Everybody with a card", 1, "registered", "registered = len(patrons)\nregistered"),
        *("right", 1.0, "registered is right."),
        outputs=[new_output("execute_result", data={"text/plain": "4812"})],
    )
    cells += question(
        *(2, "Valid cards", 1, "unexpired", "unexpired = len(patrons)", "wrong value", 0.0),
        "unexpired is 4,812. This is the number of all rows: sum the comparison, so that only True counts.",
    )
    cells += question(
        *(
            3,
            "The active share",
            2,
            "active_share",
            f"# first the date\n{broken}\nactive_share = last.mean()",
        ),
        *("error in your code", 0.0),
        f"active_share: your cell stopped at line 2 ({broken}): KeyError: 'last_used'.",
        outputs=[error],
        cell_error={"kind": "KeyError", "said": "'last_used'", "line": 2, "code": broken},
    )
    cells += question(
        *(4, "Borrowers", 2, "borrowers", "borrowers = ...", "not attempted", 0.0),
        "borrowers: not attempted yet. Its cell is as you got it.",
    )
    cells += question(
        *(5, "People who come for something else", 2, "other_users", "other_user = 12", "not there", 0.0),
        "other_users is not there yet. You have other_user: did you mean that?",
        comment="Look at the **last letter**. See [the lesson](https://example.org/lesson).",
    )
    cells += question(
        *(6, "Who would be turned away", 2, "turned_away", "turned_away = 0.2", "our fault", None),
        pending=True,
    )
    cells += question(
        *(7, "Whom does “borrower” erase?", 2, "erased_by_age", "erased_by_age", "partly right", 1.0),
        "erased_by_age is right for five of seven bands: look at 65+. Check which rows are kept.",
        outputs=[shown, chart],
        more=[new_code_cell("for row in rows:\n    print(row)", outputs=[numbers]), new_markdown_cell(own)],
    )
    cells += question(
        *(
            8,
            "How good were the guesses?",
            2,
            "hit_share",
            "def hit_share(low, high, truth):\n    return 0.5",
        ),
        *("wrong value", 0.0, "hit_share gives back 0.5 for every input."),
        pending=True,
    )
    cells += question(
        *(
            9,
            "A mark that was changed",
            2,
            "fixed",
            "fixed = 3",
            "wrong value",
            0.0,
            "fixed is 3. Count again.",
        ),
        manual=1.0,
        comment="Your reading is fair.",
    )
    words = "I would choose **active patrons**:\n\n1. they come\n2. they count\n\n> A mission is not a card."
    cells += task(
        *(10, "The definition that serves", 4, "argue", words),
        manual=3,
        comment='Say who is harmed: a < b & "c".',
    )
    cells += task(11, "What next?", 2, "next_step", "Ask the people at the desk.")
    notebook = new_notebook(cells=cells)
    notebook.metadata["course"] = {
        "notes": [
            "The cell unexpired was there twice. The first was graded, what followed was run as a cell of your own."
        ],
        "flags": ["looks into frames"],
    }
    return notebook
