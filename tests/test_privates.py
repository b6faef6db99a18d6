"""What the kit needs of other packages, and they do not promise: is it still there, and does it stand in one place?

A new version of IPython or ipykernel may take something away without a word. Then one of these tests says what it was;
mend `course_utils/grading/sandbox/kernel/ipython.py`, and raise the bound in `pyproject.toml`.
"""

import ast
import importlib
import importlib.metadata
import inspect
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import course_utils

PACKAGE = Path(course_utils.__file__).parent
PLACE = PACKAGE / "grading/sandbox/kernel/ipython.py"
THEIRS = ("IPython", "ipykernel", "matplotlib_inline")
# What is private, and whose it is. A method that is overridden must be one that is still called.
PRIVATE = {
    "_ipython_dir_changed": "IPython.core.interactiveshell.InteractiveShell",
    "_tee": "IPython.core.interactiveshell.InteractiveShell",
    "_showtraceback": "ipykernel.zmqshell.ZMQInteractiveShell",
    "_last_traceback_during_displayhook": "ipykernel.zmqshell.ZMQInteractiveShell",
    "_location_changed": "IPython.core.profiledir.ProfileDir",
    "_extract_tb": "IPython.core.ultratb.AutoFormattedTB",
    "_enable_matplotlib_integration": "matplotlib_inline.backend_inline",
}
# Methods without an underscore that are overridden, although no documentation says that they are called.
OVERRIDDEN = {
    "get_code_name": "IPython.core.compilerop.CachingCompiler",
    "get_records": "IPython.core.ultratb.AutoFormattedTB",
    "structured_traceback": "IPython.core.ultratb.SyntaxTB",
    "init_traceback_handlers": "IPython.core.interactiveshell.InteractiveShell",
    "enable_gui": "ipykernel.zmqshell.ZMQInteractiveShell",
    "send": "jupyter_client.session.Session",
    "should_run_async": "IPython.core.interactiveshell.InteractiveShell",
}
# Modules of IPython that its documentation has, and that others may import.
DOCUMENTED = {"IPython", "IPython.display", "IPython.core.error", "IPython.core.inputtransformer2"}
# Private names of other packages that stand elsewhere, each with its reason.
ELSEWHERE = {
    "_getframe": "Python's own documentation has sys._getframe",
    "_exit": "Python's own documentation has os._exit",
    "_format_dest": "nbgrader's: where a converter writes, which it tells nobody else",
    "_format_source": "nbgrader's: where a converter reads",
    "_remove_hidden_test_region": "nbgrader's: how its own step takes hidden tests out",
    "_ParameterKind": "Python's: all kinds of parameters by name",
    "_repr_html_": "IPython's own documentation has it: what an object shows of itself in a notebook",
}
BOUNDED = ("ipython", "ipykernel", "matplotlib", "matplotlib-inline", "pandas", "nbgrader")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> list[tuple[str, str]]:
    """What a file imports: the module, and the name in it, which is empty for the module itself."""
    found = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [(node.module, name.name) for name in node.names]
        elif isinstance(node, ast.Import):
            found += [(name.name, "") for name in node.names]
    return found


def theirs(module: str) -> bool:
    return module.partition(".")[0] in THEIRS


def gone(what: str) -> str:
    package = what.partition(".")[0]
    version = importlib.metadata.version(package.replace("_", "-"))
    return f"{package} {version} has no {what} any more: mend {PLACE.relative_to(PACKAGE.parent)}"


def found(path: str):
    """What a dotted path names, or None."""
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:end]))
        except ImportError:
            continue
        for name in parts[end:]:
            thing = getattr(thing, name, None)
        return thing
    return None


@pytest.mark.parametrize("name", [f"{module}.{name}" for module, name in imports(PLACE) if theirs(module)])
def test_what_is_imported_is_still_there(name):
    assert found(name) is not None, gone(name)


@pytest.mark.parametrize(("name", "owner"), [*PRIVATE.items(), *OVERRIDDEN.items()])
def test_what_is_private_is_still_there(name, owner):
    thing = found(owner)
    assert thing is not None, gone(owner)
    assert hasattr(thing, name) or f"self.{name} =" in inspect.getsource(thing), gone(f"{owner}.{name}")


def test_what_is_gone_is_told_plainly():
    with pytest.raises(
        AssertionError, match=r"IPython [0-9.]+ has no IPython\.core\.ultratb\._colour any more: mend"
    ):
        test_what_is_imported_is_still_there("IPython.core.ultratb._colour")


def test_every_private_is_listed():
    tree = tree_of(PLACE)
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
    } | {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("_") and not node.name.startswith("__")
    }
    assert used == set(PRIVATE)


def test_other_modules_need_nothing_of_theirs_that_is_not_documented():
    needed = {
        f"{path.relative_to(PACKAGE)}: {module}"
        for path in PACKAGE.rglob("*.py")
        if path != PLACE
        for module, _ in imports(path)
        if theirs(module) and module not in DOCUMENTED
    }
    assert needed == set()


def test_no_module_needs_what_another_package_keeps_private():
    """Of pandas and Matplotlib nothing private is needed at all."""
    needed = set()
    for folder in [path for path in PACKAGE.iterdir() if path.is_dir()] + [PACKAGE]:
        files = list(folder.glob("*.py") if folder == PACKAGE else folder.rglob("*.py"))
        trees = [(path, tree_of(path)) for path in files if path != PLACE]
        nodes = [(path, node) for path, tree in trees for node in ast.walk(tree)]
        ours = {node.name for _, node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        ours |= {
            node.id for _, node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        ours |= {
            node.attr
            for _, node in nodes
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        }
        for path, node in nodes:
            private = isinstance(node, ast.Attribute) and node.attr.startswith("_") and node.attr[:2] != "__"
            if private and node.attr not in ours | set(ELSEWHERE):
                needed.add(f"{path.relative_to(PACKAGE)}:{node.lineno}: {node.attr}")
        needed |= {
            f"{path.relative_to(PACKAGE)}: {module}.{name}"
            for path, _ in trees
            for module, name in imports(path)
            if module.split(".")[0] in ("pandas", "matplotlib", "numpy")
            and any(
                part.startswith("_") or part in ("core", "internals") for part in [*module.split("."), name]
            )
        }
    assert needed == set()


@pytest.mark.parametrize("package", BOUNDED)
def test_what_we_know_of_ends_with_a_version(package):
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    every = [*project["dependencies"], *project["optional-dependencies"]["lab"]]
    asked = [one for one in map(Requirement, every) if one.name == package]
    assert asked
    assert all(any(part.operator == "<" for part in one.specifier) for one in asked)
