"""On whose clock a class reads its due dates: the time zone in late.toml."""

import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from course_utils.errors import CourseError

POLICY = "late.toml"


def zone_name(folder: Path) -> str:
    """The time zone that late.toml in a folder names; UTC where it names none. What is wrong in it is said elsewhere."""
    try:
        with (Path(folder) / POLICY).open("rb") as file:
            return zone_of(tomllib.load(file).get("timezone", "UTC")).key
    except (OSError, ValueError, CourseError):
        return "UTC"


def zone_of(name: object) -> ZoneInfo:
    """The time zone of a name such as America/New_York.

    Raises
    ------
    CourseError
        If there is none of that name. Letters such as EST are refused: they do not know of summer.
    """
    try:
        if not isinstance(name, str) or (name != "UTC" and "/" not in name):
            raise ValueError
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise CourseError(
            f"{name!r} is no time zone: write one such as America/New_York, Europe/Paris or UTC."
        ) from None
