"""Bring the two files of each lesson to say the same, and say which one was behind.

Which of the two was changed is told by content, never by the time of a file, because ``git clone`` gives all files
the same time or any. A file is unchanged if it says what both files said after the last ``course sync``
(kept in .course/synced.json), or what it says in git's last commit.

What every assignment says in the same words is written once, in assignments/how_to_work.md, and put into each.
"""

import copy
import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from course_utils.authoring import notebooks
from course_utils.errors import CourseError
from course_utils.kit import write_whole

# Notebooks on the left, their texts on the right.
FOLDERS = (("notebooks", "notebooks/text"), ("assignments/source", "assignments/text"))
# What every assignment says in the same words: written here, and put into the cell of this name.
SHARED, SHARED_CELL = "assignments/how_to_work.md", "how_to_work"
STATE = ".course/synced.json"
TEXT, NOTEBOOK = "text", "notebook"


@dataclass(frozen=True)
class Pair:
    """The two files of one lesson or assignment; at least one of them exists."""

    notebook: Path
    text: Path


@dataclass(frozen=True)
class Finding:
    """One file of a pair that is not as it should be: ``stale`` is that file, ``sentence`` says why."""

    stale: Path
    sentence: str


def pairs(kit: Path) -> list[Pair]:
    """Every lesson and assignment of the kit, in the order of their names."""
    found = set()
    for notebook_folder, text_folder in FOLDERS:
        left, right = kit / notebook_folder, kit / text_folder
        for path in left.rglob("*.ipynb"):
            if ".ipynb_checkpoints" not in path.parts and right not in path.parents:
                found.add(Pair(path, right / path.relative_to(left).with_suffix(".md")))
        for path in right.rglob("*.md"):
            if ".ipynb_checkpoints" not in path.parts:
                found.add(Pair(left / path.relative_to(right).with_suffix(".ipynb"), path))
    return sorted(found, key=lambda pair: pair.notebook)


def check(kit: Path, chosen: list[Pair] | None = None) -> list[Finding]:
    """What ``course sync`` would mend: nothing is written. Raises ``CourseError`` for a file that cannot be read."""
    findings = [_look_at(kit, pair) for pair in (pairs(kit) if chosen is None else chosen)]
    return [finding for finding in findings if finding]


def sync(kit: Path, chosen: list[Pair] | None = None, source: str | None = None) -> list[str]:
    """Write what is behind, and give back one line for each pair that was changed.

    Parameters
    ----------
    kit : the kit's folder.
    chosen : the pairs to look at; all of them without it.
    source : ``"text"`` or ``"notebook"``, to say which file is right; told by content without it.

    Raises
    ------
    CourseError
        If a file cannot be read, or both files of a pair were changed in different ways. Pairs before it are done.
    """
    done = []
    for pair in pairs(kit) if chosen is None else chosen:
        right = source if source and pair.text.exists() and pair.notebook.exists() else _source_of(kit, pair)
        read, path = (
            (notebooks.read_text, pair.text) if right == TEXT else (notebooks.read_notebook, pair.notebook)
        )
        before = _contents(pair)
        content = _with_shared(kit, read(path))
        notebooks.write_pair(content, pair.notebook, pair.text)
        _remember(kit, pair, content)
        if _contents(pair) != before:
            done.append(
                f"{_name(kit, pair.text)} {'→' if right == TEXT else '←'} {_name(kit, pair.notebook)}"
            )
    return done


def chosen_pairs(kit: Path, names: list[str]) -> list[Pair]:
    """The pairs that the named files belong to. Raises ``CourseError`` for a file that is in no pair."""
    every = pairs(kit)
    chosen = []
    for name in names:
        path = Path(name).resolve()
        match = [pair for pair in every if path in (pair.notebook.resolve(), pair.text.resolve())]
        if not match:
            raise CourseError(
                f"{name} is no lesson or assignment: name a file in notebooks/, notebooks/text/, "
                "assignments/source/ or assignments/text/."
            )
        chosen += [pair for pair in match if pair not in chosen]
    return chosen


def _look_at(kit: Path, pair: Pair) -> Finding | None:
    text_name, notebook_name = _name(kit, pair.text), _name(kit, pair.notebook)
    for path, other in ((pair.text, notebook_name), (pair.notebook, text_name)):
        if not path.exists():
            return Finding(
                path, f"{_name(kit, path)} is missing: run “course sync”, which makes it from {other}."
            )
    text, notebook = notebooks.read_text(pair.text), notebooks.read_notebook(pair.notebook)
    if notebooks.as_text(text) != notebooks.as_text(notebook):
        right = _source_of(kit, pair, guess=TEXT)
        stale, fresh = (notebook_name, text_name) if right == TEXT else (text_name, notebook_name)
        where = _first_difference(notebooks.as_text(text), notebooks.as_text(notebook))
        return Finding(
            pair.notebook if right == TEXT else pair.text,
            f"{stale} does not say what {fresh} says ({where}): run “course sync”.",
        )
    if notebooks.as_text(_with_shared(kit, text)) != notebooks.as_text(text):
        return Finding(pair.text, f"{text_name} does not say what {SHARED} says: run “course sync”.")
    for path, content in ((pair.text, notebooks.as_text(text)), (pair.notebook, notebooks.as_json(text))):
        if path.read_bytes() != content.encode():
            fault = _fault(path)
            return Finding(
                path, f"{_name(kit, path)} is not in its normal form ({fault}): run “course sync”."
            )
    return None


def _with_shared(kit: Path, notebook):
    """The notebook with what all assignments share in its place."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == SHARED_CELL:
            cell.source = (kit / SHARED).read_text(encoding="utf-8").strip()
    return notebook


def _source_of(kit: Path, pair: Pair, guess: str | None = None) -> str:
    """Which file of the pair is right: the one that was changed. Where that cannot be told, ``guess``, or it stops."""
    if not pair.notebook.exists():
        return TEXT
    if not pair.text.exists():
        return NOTEBOOK
    text, notebook = (
        _digest(notebooks.read_text(pair.text)),
        _digest(notebooks.read_notebook(pair.notebook)),
    )
    if text == notebook:
        return TEXT
    committed = _committed(kit, pair.text), _committed(kit, pair.notebook)
    synced = _state(kit).get(_name(kit, pair.notebook))
    # What changed since the last commit, and what since the last sync. Going back in git can make the two
    # disagree, and then nobody's work is overwritten on a guess.
    votes = {_only_changed((text, notebook), known) for known in (committed, (synced, synced))} - {None}
    if len(votes) == 1 or guess:
        return votes.pop() if len(votes) == 1 else guess
    text_name, notebook_name = _name(kit, pair.text), _name(kit, pair.notebook)
    raise CourseError(
        f"{text_name} and {notebook_name} do not say the same, and both were changed, or it cannot be told which: say which one is right with "
        f"“course sync --from-text {text_name}” or “course sync --from-notebook {notebook_name}”; the other is overwritten."
    )


def _only_changed(now: tuple[str, str], known: tuple[str | None, str | None]) -> str | None:
    """Which of text and notebook is the only one that is no longer as it was known to be; None for both or neither."""
    if None in known:
        return None
    return {(True, False): TEXT, (False, True): NOTEBOOK}.get((now[0] != known[0], now[1] != known[1]))


def _committed(kit: Path, path: Path) -> str | None:
    """The fingerprint of a file as it is in git's last commit, or None where there is none that can be read."""
    command = ["git", "-C", str(kit), "show", f"HEAD:./{_name(kit, path)}"]
    try:
        shown = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")
    except (OSError, subprocess.CalledProcessError, UnicodeDecodeError):
        return None
    try:
        return _digest(notebooks.from_string(shown, path))
    except CourseError:
        return None


def _digest(notebook) -> str:
    return hashlib.sha256(notebooks.as_text(notebook).encode()).hexdigest()


def _state(kit: Path) -> dict[str, str]:
    try:
        state = json.loads((kit / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # only a memory: without it, git's last commit decides
    return state if isinstance(state, dict) else {}


def _remember(kit: Path, pair: Pair, content) -> None:
    state = _state(kit)
    name, digest = _name(kit, pair.notebook), _digest(content)
    if state.get(name) != digest:
        write_whole(kit / STATE, json.dumps(state | {name: digest}, indent=1, sort_keys=True) + "\n")


def _fault(path: Path) -> str:
    """In a few words, why a file with the right content is not in its normal form."""
    if path.suffix == ".ipynb":
        raw = notebooks.read_raw(path)
        code = [cell for cell in raw.cells if cell.cell_type == "code"]
        if any(cell.outputs or cell.execution_count for cell in code):
            return "it keeps outputs of a run"
        if [cell.get("id") for cell in raw.cells] != notebooks.cell_ids(raw.cells):
            return "the ids of its cells are others"
        return "its metadata are others"
    return "blank lines or its heading lines differ"


def _first_difference(text: str, notebook: str) -> str:
    left, right = text.splitlines(), notebook.splitlines()
    number = next(
        (n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    line = (left[number : number + 1] or right[number : number + 1] or [""])[0].strip()
    return f"first at “{line[:60]}”"


def _contents(pair: Pair) -> list[bytes]:
    return [path.read_bytes() if path.exists() else b"" for path in (pair.text, pair.notebook)]


def _name(kit: Path, path: Path) -> str:
    return path.relative_to(kit).as_posix()
