"""The catalogue: what people read stands there and nowhere else, and all of it is used."""

import ast
import re
from pathlib import Path

import pytest

import course_utils
from course_utils import messages
from course_utils.messages import catalogue, say

PACKAGE = Path(course_utils.__file__).parent
# What says nothing past the catalogue.
SILENT = [
    *(PACKAGE / "grading/sandbox").rglob("*.py"),
    *(
        PACKAGE / f"grading/submissions/{name}.py"
        for name in ("restoring", "recognising", "notes", "submitted_cell")
    ),
    PACKAGE / "grading/auxiliary_files.py",
    PACKAGE / "methods/personas/__init__.py",
    PACKAGE / "methods/penetration/__init__.py",
]
# An error of another kind is read by whoever changes the kit.
FOR_PEOPLE = {"CourseError", "PenetrationError", "PersonaError", "SandboxMissing"}
WORDS = 4  # so many, one after the other with single blanks, are no name of anything


def sentences(source: str) -> list[str]:
    """The texts in code that read as words for people: no documentation, no names of things, nothing for programmers."""
    tree = ast.parse(source)
    passed_over: set[ast.AST] = set()
    for node in ast.walk(tree):
        quiet: list[ast.AST] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            quiet = [node.value]  # documentation
        elif isinstance(node, ast.Subscript):
            quiet = [node.slice]  # a name under which something is found
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            kind = node.exc.func
            quiet = [node.exc] if isinstance(kind, ast.Name) and kind.id not in FOR_PEOPLE else []
        passed_over.update(part for one in quiet for part in ast.walk(one))
    found = []
    for node in ast.walk(tree):
        if node in passed_over:
            continue
        if isinstance(node, ast.JoinedStr):
            passed_over.update(ast.walk(node))
            text = "".join(part.value if isinstance(part, ast.Constant) else "it" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if re.search(rf"(?:[A-Za-z’'“”]+[,;:]? ){{{WORDS - 1}}}[A-Za-z]+", text):
            found.append(text)
    return found


@pytest.mark.parametrize("path", SILENT, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_people_read_stands_in_the_catalogue(path):
    assert sentences(path.read_text(encoding="utf-8")) == []


def test_a_sentence_outside_of_the_catalogue_is_found():
    found = sentences(
        '"""Documentation that says so."""\n'
        'raise ValueError("what only a programmer reads")\n'
        'raise CourseError(f"There is no file {name} here.")\n'
        'names["not to be used as it is"] = "The cell was put back."\n'
        'pattern = r"^[a-z]+ [a-z]+ [a-z]+ [a-z]+"\n'
    )
    assert sorted(found) == ["The cell was put back.", "There is no file it here."]


def test_every_sentence_of_the_catalogue_is_used_and_every_used_one_is_there():
    english = catalogue("en")
    keys = {f"{section}.{key}" for section, named in english.items() for key in named}
    texts: set[str] = set()
    openings: set[str] = set()  # of keys that are put together
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                openings.add(node.values[0].value)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
    put_together = tuple(one for one in openings if one.partition(".")[0] in english and "." in one)
    unused = {
        key for key in keys if not {key, key.partition(".")[2]} & texts and not key.startswith(put_together)
    }
    assert unused == set()
    asked = {text for text in texts - openings if re.fullmatch(rf"(?:{'|'.join(english)})\.[a-z_]+", text)}
    assert asked <= keys


def test_a_translation_is_taken_where_there_is_one_and_english_elsewhere(monkeypatch, tmp_path):
    (tmp_path / "fr.toml").write_text(
        '[outcome]\nnot_attempted = "{name} : pas encore essayé."\n', encoding="utf-8"
    )
    (tmp_path / "en.toml").write_text(
        (Path(messages.__file__).parent / "en.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    monkeypatch.setattr(messages.resources, "files", lambda _: tmp_path)
    monkeypatch.setenv("COURSE_LANGUAGE", "fr")
    catalogue.cache_clear()
    try:
        assert say("outcome.not_attempted", name="x") == "x : pas encore essayé."
        assert say("kind.number") == "a number"
    finally:
        catalogue.cache_clear()
