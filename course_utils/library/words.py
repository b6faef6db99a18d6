"""Word lists for the cosmetics."""

import functools
import tomllib
from importlib.resources import files


@functools.cache
def words() -> dict:
    """The file words.toml. Shared: read it, do not change it."""
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
