"""Locales: which are known, and pools of names from Faker to draw from."""

import difflib

import numpy as np

from course_utils.errors import CourseError


def known_locale(locale: str) -> str:
    """The locale as Faker writes it (``"fr-fr"`` gives ``"fr_FR"``).

    Raises
    ------
    CourseError
        If Faker has no such locale; the sentence names the nearest.
    """
    if locale == "en_US":  # needs no Faker
        return locale
    from faker.config import AVAILABLE_LOCALES

    known = {one.lower(): one for one in AVAILABLE_LOCALES if "_" in one}
    wanted = str(locale).strip().replace("-", "_").lower()
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.4)
    hint = f"did you mean “{known[near[0]]}”?" if near else "examples are en_US, fr_FR, es_MX and ja_JP."
    raise CourseError(f"There is no locale “{locale}”: {hint}")


def pool(rng: np.random.Generator, locale: str, kind: str, count: int) -> np.ndarray:
    """``count`` values that Faker makes of a ``kind`` such as ``"last_name"``, to draw many from.

    The same generator gives the same values, whatever was made before.
    """
    from faker import Faker

    faker = Faker(locale, use_weighting=False)
    faker.seed_instance(int(rng.integers(2**32)))
    make = getattr(faker, kind)
    return np.array([make() for _ in range(count)], dtype=object)
