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
