"""What in a student's code makes a person look twice: constructs that serve tampering, and hardly anything else.

A finding is a reason to look, never a reason for fewer points.
"""

import ast
import functools
import re

from course_utils.grading.execution.locked import parsed

# Attributes and names, each with what it is for.
WORDS = {
    "_getframe": "looks at the frames of whoever called",
    "_current_frames": "looks at the frames of other threads",
    "currentframe": "looks at the frames of whoever called",
    "f_back": "looks at the frames of whoever called",
    "f_globals": "looks at the names of whoever called",
    "f_locals": "looks at the names of whoever called",
    "tb_frame": "looks at the frames behind an error",
    "get_objects": "searches everything that Python holds",
    "get_referrers": "searches everything that Python holds",
    "settrace": "watches every line that runs",
    "setprofile": "watches every call",
    "input_transformers_post": "rewrites cells before they run",
    "input_transformers_cleanup": "rewrites cells before they run",
    "ast_transformers": "rewrites cells before they run",
    "do_execute": "changes how cells are run",
    "run_cell": "changes how cells are run",
    "displayhook": "changes what a cell shows",
    "set_custom_exc": "hides errors",
    "showtraceback": "hides errors",
    "excepthook": "hides errors",
}
MODULES = {
    "ctypes": "reaches into Python's memory",
    "_ctypes": "reaches into Python's memory",
    "nbgrader": "loads the grader",
    "course_utils.grading": "loads the grader",
}
TEXTS = [
    (re.compile("NBGRADER"), "asks whether it is being graded"),
    (re.compile("COURSE_STUDENT"), "deals with whose work it is"),
    (re.compile(r"/proc\b"), "looks at the system's processes"),
    (re.compile(r"gradebook\.db"), "looks for the gradebook"),
    (re.compile(r"(?:^|[/\\])\.\.[/\\]"), "looks above its own folder"),
]
# Where the tables are, as seen from a lesson: many look there for a file.
THE_TABLES = re.compile(r"(?:\.\.[/\\]){1,3}data[/\\](?!.*\.\.)[\w ./\\-]*")
EVENTS = "listens to what the notebook does"
BUILTINS = "changes Python's own functions"


@functools.lru_cache(maxsize=1024)
def suspicions(source: str) -> tuple[str, ...]:
    """What a person should look at in a cell's source, in plain words; usually nothing.

    Code that cannot be read as Python cannot run either, and is not looked at.
    """
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found = {}
    for node in ast.walk(tree):
        for what, why in _in_node(node):
            found.setdefault(f"{what} {why}")
    return tuple(found)


def _in_node(node: ast.AST):
    if isinstance(node, ast.Attribute):
        if node.attr in WORDS:
            yield node.attr, WORDS[node.attr]
        if node.attr == "register" and isinstance(node.value, ast.Attribute) and node.value.attr == "events":
            yield "events.register", EVENTS
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if isinstance(node.ctx, ast.Store) and owner in ("builtins", "__builtins__"):
            yield f"{owner}.{node.attr}", BUILTINS
    elif isinstance(node, ast.Name):
        if node.id in WORDS:
            yield node.id, WORDS[node.id]
        if node.id == "__builtins__":
            yield node.id, BUILTINS
    elif isinstance(node, ast.Import | ast.ImportFrom):
        base = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in [*base, *(alias.name for alias in node.names)]:
            for module, why in MODULES.items():
                if name == module or name.startswith(f"{module}."):
                    yield f"import {name}", why
            if base and name in WORDS:
                yield name, WORDS[name]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if THE_TABLES.fullmatch(node.value):
            return
        for pattern, why in TEXTS:
            if match := pattern.search(node.value):
                yield f"the text “{match.group().strip()}”", why
