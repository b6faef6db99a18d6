"""A little kit of its own: two lessons' worth of folders, in git, with the real settings."""

import shutil
import subprocess
from pathlib import Path

import pytest

LESSON = """\
---
kernelspec:
  display_name: Python 3 (ipykernel)
  language: python
  name: python3
---

# Hello

One sentence.

## Predict

```{code-cell} ipython3
1 + 1
```

After it.
"""


@pytest.fixture
def git(tmp_path):
    def _git(*arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        command = ["git", "-C", str(tmp_path), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    return _git


@pytest.fixture
def little_kit(tmp_path, kit, git) -> Path:
    """A kit with one lesson, both of whose files are committed."""
    from course_utils.authoring import sync

    for folder in ("notebooks/text", "assignments/source", "assignments/text"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(kit / "pyproject.toml", tmp_path)
    (tmp_path / ".gitignore").write_text(".course/\n", encoding="utf-8")
    (tmp_path / "notebooks/text/00_x.md").write_text(LESSON, encoding="utf-8")
    git("init", "-q")
    sync.sync(tmp_path)
    git("add", "-A")
    git("commit", "-qm", "start")
    return tmp_path


@pytest.fixture
def replace_in():
    """Change a word in a file, and be sure that it was there."""

    def _replace_in(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return _replace_in
