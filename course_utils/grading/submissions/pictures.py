"""The pictures of a cell of words, under names that every program finds again.

A notebook keeps a picture that was pasted in beside the cell's text, which names it. Programs write that name in many
ways: with blanks in angle brackets, percent-encoded, composed or decomposed, in an ``<img>`` of HTML.
"""

import html
import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import quote

KINDS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
PLAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
MOST = 200  # pictures of one cell whose names are looked for
LARGEST = 8_000_000  # characters of all pictures in one cell, each as base64
_IMAGE = re.compile(r"<img\b(?P<attributes>[^<>]{0,2000})>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*["']?attachment:([A-Za-z0-9_.-]+)["']?""", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def with_plain_names(source: str, attachments: Mapping[str, Mapping]) -> tuple[str, dict[str, Mapping]]:
    """The text of a cell and its pictures, with a plain name in the place of each that not every program reads.

    Parameters
    ----------
    attachments : name -> kind, such as ``"image/png"`` -> base64; only pictures that a page shows.
    """
    if not attachments or len(attachments) > MOST:
        return source, dict(attachments)
    names: dict[str, str] = {}
    for number, (name, kinds) in enumerate(attachments.items(), start=1):
        ending = KINDS.get(next(iter(kinds), ""), "png")
        new = name if PLAIN.fullmatch(name) else f"picture-{number}.{ending}"
        while new in names.values() or (new != name and new in attachments):
            new = f"a-{new}"
        names[name] = new
    spelled = {form: new for name, new in names.items() for form in _spellings(name)}
    every = "|".join(re.escape(form) for form in sorted(spelled, key=len, reverse=True))
    source = re.sub(
        rf"<attachment:({every})>|attachment:({every})",
        lambda found: f"attachment:{spelled[found[1] or found[2]]}",
        source,
    )
    return _IMAGE.sub(lambda found: _as_markdown(found, set(names.values())), source), {
        names[name]: kinds for name, kinds in attachments.items()
    }


def _spellings(name: str) -> set[str]:
    forms = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")} | {name}
    encoded = {quote(form, safe=safe) for form in forms for safe in ("", "()", "()!~*'", "/()!~*',;:@&=+$")}
    return forms | encoded | {html.escape(form) for form in forms}


def _as_markdown(image: re.Match, names: set[str]) -> str:
    source = _SOURCE.search(image["attributes"])
    if not source or source[1] not in names:
        return image[0]
    alt = _ALT.search(image["attributes"])
    words = re.sub(r"[^\w .,-]", " ", (alt[1] or alt[2] or "") if alt else "")
    return f"![{words}](attachment:{source[1]})"


def pictures_in(attachments) -> dict:
    """Those attachments of a cell that are pictures, shaped as they must be; none if they are too large."""
    found = {}
    for name, kinds in attachments.items() if isinstance(attachments, Mapping) else ():
        if isinstance(kinds, Mapping):
            pictures = {
                kind: data
                for kind, data in kinds.items()
                if kind in KINDS and isinstance(data, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data)
            }
            if pictures:
                found[str(name).encode("utf-8", "replace").decode("utf-8")] = pictures
    return {} if size_of(found) > LARGEST else found


def not_shown(attachments) -> str:
    """Which attachment of a cell is of no kind that a page shows; empty if there is none."""
    pairs = attachments.items() if isinstance(attachments, Mapping) else ()
    names = (
        name
        for name, kinds in pairs
        if isinstance(kinds, Mapping) and kinds and not KINDS.keys() & kinds.keys()
    )
    return str(next(names, ""))


def size_of(attachments) -> int:
    """How many characters the attachments have, of whatever shape they are."""
    every = attachments.values() if isinstance(attachments, Mapping) else ()
    return sum(
        len(data)
        for kinds in every
        if isinstance(kinds, Mapping)
        for data in kinds.values()
        if isinstance(data, str)
    )
