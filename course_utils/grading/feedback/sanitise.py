"""Nothing that a student wrote or showed runs, or asks a server, in the page of another person.

nbgrader's Formgrader and nbconvert's templates trust a notebook: markdown, HTML outputs and the metadata of pictures
go into the page as they are. So a notebook is made safe when it is graded (:func:`clean_outputs`,
:func:`clean_markdown`), and once more when a page is made of it (:func:`clean_html`).

What is allowed is listed; all else goes. HTML is rebuilt by nh3, which parses it as browsers do. Markdown is not
rewritten by guesswork: it is rendered as Formgrader would, and :func:`is_safe` reads every tag of the result.
"""

import base64
import binascii
import html
import re
from collections.abc import Collection, Mapping

import nbformat
import nh3
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.strings import strip_files_prefix

from course_utils.messages import say

# What the renderer of markdown takes in good time: it looks ahead from each of these to the end of the text.
LONGEST_MARKDOWN = 20_000  # characters, pictures within the text not counted: some ten pages
MOST_BRACKETS = 300
MOST_LOOKING = 10_000_000  # characters that it may look ahead in all
MOST_TAGS = 20_000  # of HTML: a table of pandas has five thousand at most
# Of one notebook: what is past this is shown as text.
MOST_TAGS_IN_ALL = 100_000
MOST_WORDS_IN_ALL = 1_000_000  # characters
LONGEST_TEXT = 200_000  # characters of one cell of words, or of one table, that are shown at all
LONGEST_LEFT = 2_000  # and of one cell of words in a notebook that holds twice as many words as are read
LARGEST_SIDE = 4000  # pixels of a picture in a page
# Of all pictures in one notebook, as a page holds them: eight photographs from a telephone, and what can be mailed.
MOST_PICTURES = 16_000_000  # characters

# The ids in Formgrader's page by which it finds its own parts; and what it adds to the name of each question.
FORMGRADERS = frozenset({"notebook", "notebook-container", "statusmessage", "help-dialog"})
OF_A_QUESTION = ("", "_extra_credit", "-comment")
OWN = "work-"  # before the id of a heading that somebody else wrote

VOID = {"br", "col", "hr", "img", "input", "wbr"}
TAGS = VOID | set(
    re.findall(
        r"\w+",
        "a abbr b blockquote caption center cite code colgroup dd del details dfn div dl dt em figcaption figure h1 h2 "
        "h3 h4 h5 h6 i ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th "
        "thead tr tt u ul var",
    )
)
# Style that shows something, and neither covers the page nor fetches anything.
STYLES = set(
    re.findall(
        r"[\w-]+",
        "background-color border border-collapse color font-style font-weight margin max-width padding text-align "
        "text-decoration vertical-align white-space width",
    )
)
# Classes of tables, of coloured code and of what nbconvert makes of markdown; never those that a page's script looks for.
CLASS = re.compile(
    r"dataframe|highlight|anchor-link|language-[\w+#.-]+|task-list-item(-checkbox)?|[a-z][a-z0-9]{0,2}|data|blank"
    r"|(row|col)_heading|index_name|(level|row|col)\d+|mermaid|jp-Mermaid"
)
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}

_STYLE_WORD = r"(?:[\w#%.][\w#%.+-]*|(?:rgb|hsl)a?\([\d\s.,%/]*\))"
STYLE_VALUE = re.compile(rf"\s*{_STYLE_WORD}(?:[\s,]+{_STYLE_WORD})*\s*")
WEB = re.compile(r"(?:https?://|mailto:)[^\s\"<>\\]+", re.IGNORECASE)
PLACE = re.compile(r"#[^\s\"<>\\]*")
BESIDE = re.compile(r"(?!.*\.\.)[\w][\w.-]*(?:(?:/|%20| )[\w.-]+)*(?:#[\w-]*)?")
PICTURE_BESIDE = re.compile(rf"{BESIDE.pattern}(?<=\.)(?:png|jpe?g|gif|webp)", re.IGNORECASE)
PICTURE_INSIDE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
INSIDE = re.compile(r"(data:image/(?:png|jpeg|gif|webp);base64,)[A-Za-z0-9+/=]+")
NUMBER = re.compile(r"\d{1,4}%?")

_ATTRIBUTE = r'\s+([a-zA-Z][a-zA-Z-]*)(?:="([^"<]*)")?'
TAG = re.compile(rf"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:{_ATTRIBUTE})*)\s*/?>")
ATTRIBUTE = re.compile(_ATTRIBUTE)
COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--)[^<>])*-->")
OPENS = re.compile(r"<(?=[a-zA-Z/!?])")  # to a browser, any other "<" is text


# ---- what is allowed ---------------------------------------------------------------------------------------


def allowed(tag: str, name: str, value: str) -> bool:
    """Whether an attribute may stay; its value as it is written in HTML, with entities."""
    value = html.unescape(value).strip()
    if name == "href":
        return tag == "a" and any(shape.fullmatch(value) for shape in (WEB, PLACE, BESIDE))
    if name == "src":
        return tag == "img" and any(shape.fullmatch(value) for shape in (PICTURE_INSIDE, PICTURE_BESIDE))
    if name == "class":
        return all(CLASS.fullmatch(word) for word in value.split())
    if name == "style":
        return bool(_plain_style(value))
    if name in ("width", "height"):
        return tag in ("img", "td", "th", "col", "table") and bool(NUMBER.fullmatch(value))
    if name in ("colspan", "rowspan", "span", "start", "border"):
        return bool(NUMBER.fullmatch(value))
    if name in ("align", "valign", "scope", "dir", "lang"):
        return bool(re.fullmatch(r"[A-Za-z-]{1,20}", value))
    if name == "open":
        return tag == "details"
    return name == "title" or (name == "alt" and tag == "img")


# Of which :func:`allowed` says more.
ATTRIBUTES = {
    "align",
    "alt",
    "border",
    "class",
    "colspan",
    "dir",
    "height",
    "href",
    "lang",
    "open",
    "rowspan",
    "scope",
    "span",
    "src",
    "start",
    "style",
    "title",
    "valign",
    "width",
}


def _kept(tag: str, name: str, value: str) -> str | None:
    """In the shape in which nh3 asks: what stays of an attribute, None where nothing does."""
    if name == "style":
        return _plain_style(value) or None
    return value if allowed(tag, name, html.escape(value)) else None


def _plain_style(style: str) -> str:
    kept = []
    for part in style.split(";"):
        name, _, value = part.partition(":")
        if name.strip().lower() in STYLES and STYLE_VALUE.fullmatch(value):
            kept.append(f"{name.strip().lower()}: {value.strip()}")
    return "; ".join(kept)


# ---- HTML --------------------------------------------------------------------------------------------------


def clean_html(text: str) -> str:
    """HTML of unknown origin, with nothing left but what is allowed; every tag is closed where it was opened."""
    if len(_without_pictures(text)) > LONGEST_TEXT or text.count("<") > MOST_TAGS:
        return f"<p>{html.escape(say('feedback.not_shown'))}</p>"
    cleaned = nh3.clean(
        text,
        tags=TAGS - {"input"},
        clean_content_tags={"script", "style"},
        attributes={"*": ATTRIBUTES},
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
    )
    return cleaned if is_safe(cleaned) else f"<pre>{html.escape(text)}</pre>"


def is_safe(page: str, taken: Collection[str] = ()) -> bool:
    """Whether every tag in HTML is an allowed one, written in full, with allowed attributes, and closed in turn.

    ``taken`` are the ids that a page needs for itself.
    It is stricter than browsers are: where it sees a tag or text, so do they.
    """
    opened = []
    for start in OPENS.finditer(page):
        if COMMENT.match(page, start.start()):
            continue
        tag = TAG.match(page, start.start())
        if not tag:
            return False
        closing, name, attributes = tag[1], tag[2].lower(), tag[3]
        if name not in TAGS:
            return False
        if closing:
            if attributes or not opened or opened.pop() != name:
                return False
            continue
        if name not in VOID:
            opened.append(name)
        given = [(key.lower(), value) for key, value in ATTRIBUTE.findall(attributes)]
        if name == "input":
            if ("type", "checkbox") not in given or ("disabled", "") not in given or len(given) > 4:
                return False
            given = [(key, value) for key, value in given if key not in ("type", "disabled", "checked")]
        for key, value in given:
            if key == "id" and re.fullmatch("h[1-6]", name):
                if html.unescape(value) in taken:
                    return False
            elif not allowed(name, key, value) or (key == "style" and not _all_plain(value)):
                return False
    return not opened


def _all_plain(style: str) -> bool:
    parts = [part for part in html.unescape(style).split(";") if part.strip()]
    return all(_plain_style(part) for part in parts)


# ---- ids ---------------------------------------------------------------------------------------------------


def ids_of_formgrader(questions: Collection[str]) -> frozenset[str]:
    """The ids that Formgrader's page of a notebook needs for itself; ``questions`` are the grade_ids in it."""
    return FORMGRADERS | {f"{name}{end}" for name in questions for end in OF_A_QUESTION}


class _AllButOwn(Collection):
    """Every id that does not begin as those do which a heading gets here."""

    def __contains__(self, name) -> bool:
        return not str(name).startswith(OWN)

    def __iter__(self):
        return iter(())

    def __len__(self) -> int:
        return 0


ALL_BUT_OWN = _AllButOwn()
HAS_HEADING = re.compile(r"^.*#|^[\s>*+-]*(?:=+|-+)\s*$|<h[1-6]", re.MULTILINE | re.IGNORECASE)
HEADING_ID = re.compile(r'(<h[1-6]\b[^<>]*?\sid=")([^"<>]*)(?=")', re.IGNORECASE)
PLACE_IN_PAGE = re.compile(r'(<a\b[^<>]*?\shref="#)([^"<>]*)(?=")', re.IGNORECASE)


def _with_own_ids(page: str, taken: Collection[str]) -> str:
    """HTML in which no heading has an id that is ``taken``: it has another one, and so have the links to it."""
    renamed = {name for _, name in HEADING_ID.findall(page) if html.unescape(name) in taken}
    for shape in (HEADING_ID, PLACE_IN_PAGE):
        page = shape.sub(lambda found: f"{found[1]}{OWN if found[2] in renamed else ''}{found[2]}", page)
    return page


def _as_one_block(page: str) -> str:
    """HTML as markdown that is rendered to just that: without the empty lines at which such a block would end."""
    return "<div>{}</div>".format(re.sub(r"\n[ \t]*(?=\n)", "&#10;", page.strip()))


# ---- pictures ----------------------------------------------------------------------------------------------

SHOWN_PICTURE = re.compile(r"!\[([^\[\]]{0,300})\]\(\s{0,9}<?(?:attachment:|data:image/)[^)\n]*\)")


def pictures_shown(source: str, attachments: Mapping | None) -> int:
    """How many characters of pictures a cell of words puts into a page, at most: one may be shown many times."""
    sizes = {
        name: max((len(data) for data in kinds.values() if isinstance(data, str)), default=0)
        for name, kinds in (attachments or {}).items()
        if isinstance(kinds, Mapping)
    }
    size = len(source) - len(_without_pictures(source))
    if re.search(r"\]:\s*<?attachment:", source):
        return size + source.count("![") * max(sizes.values(), default=0)
    return size + sum(source.count(f"attachment:{name}") * length for name, length in sizes.items())


def without_pictures(source: str) -> str:
    """A cell of words with a sentence in the place of each picture that would be part of the page."""
    said = say("feedback.too_large", most=MOST_PICTURES // 1_000_000)
    source = SHOWN_PICTURE.sub(lambda picture: f"{picture[1]} *({said})*".strip(), source)
    return _without_pictures(source)


# ---- Markdown ----------------------------------------------------------------------------------------------


def clean_markdown(source: str, attachments: Mapping | None = None, taken: Collection[str] = ()) -> str:
    """Markdown that is safe to show with nbconvert's HTML templates, which sanitise nothing.

    Parameters
    ----------
    source : the text of a markdown cell.
    attachments : the cell's pictures, as in a notebook: name -> mime type -> base64.
    taken : the ids that the page needs for itself, such as the grade_ids that Formgrader looks for: a heading gets
        its own text for its id.

    Returns
    -------
    The text unchanged where it is safe as it is. Otherwise its unsafe tags are shown as text, its pictures from
    elsewhere as links; and where that is not enough, all of it is shown as it was typed.
    """
    if _is_short(source):
        for text in _milder_forms(source, attachments or {}):
            page = _as_formgrader_renders(text, attachments or {})
            if page is not None and is_safe(page, taken):
                return text
    return _as_typed(source)


def markdown_to_html(source: str, attachments: Mapping | None = None) -> str:
    """Safe HTML of markdown of unknown origin. Formulas stay as they were typed, and are shown as code is."""
    attachments = attachments if isinstance(attachments, Mapping) else {}
    text = clean_markdown(source, attachments)
    page = _rendered(text, _WithoutFormulas(escape=False, attachments=attachments))
    if page:
        for box in re.findall(r"<input[^>]*>", page):
            page = page.replace(box, "☑ " if "checked" in box else "☐ ")
    return clean_html(f"<pre>{html.escape(source)}</pre>" if page is None else page)


def _is_short(source: str) -> bool:
    words = _without_pictures(source)
    looks = words.count("[") + words.count("\\begin")
    return (
        len(words) <= LONGEST_MARKDOWN
        and looks <= MOST_BRACKETS
        and (looks + 1) * len(source) <= MOST_LOOKING
    )


def _without_pictures(text: str) -> str:
    return INSIDE.sub(r"\1", text)


def _milder_forms(source: str, attachments: Mapping):
    yield source
    source = re.sub(
        r"!\[([^\[\]]{0,300})\]\(attachment:([^)\s]{0,300})[^)\n]{0,300}\)",
        lambda picture: (
            picture[0]
            if picture[2] in attachments
            else f"*{say('feedback.picture_missing', name=picture[1])}*"
        ),
        source,
    )
    source = re.sub(r"!(?=\[[^\[\]]{0,300}\]\(\s{0,9}<?(?:https?:)?//)", "", source)
    yield source
    yield _outside_code(source, _tag_or_text)
    yield _outside_code(source, "&lt;")
    yield OPENS.sub("&lt;", source)


def _outside_code(source: str, instead) -> str:
    """Code keeps its angle brackets: it is shown as text anyway. A diagram in mermaid's language is not."""
    code = (
        r"(?ms)(^ {0,3}(`{3,}|~{3,})(?!\s*mermaid).*?^ {0,3}\2[`~]*\s*?$)|(?<!`)(`+)(?!`)[^`\n]+(?<!`)\3(?!`)"
    )
    parts, end = [], 0
    for found in re.finditer(code, source):
        parts += [OPENS.sub(instead, source[end : found.start()]), found[0]]
        end = found.end()
    return "".join(parts) + OPENS.sub(instead, source[end:])


def _tag_or_text(opening: re.Match) -> str:
    for shape in (COMMENT, TAG):
        if found := shape.match(opening.string, opening.start()):
            name = found[2].lower() if shape is TAG else "hr"
            page = found[0] if name in VOID or shape is COMMENT else f"<{name}{found[3] or ''}></{name}>"
            if is_safe(page):
                return "<"
    return "&lt;"


class _WithoutFormulas(IPythonRenderer):
    """For a page in which no script draws formulas."""

    def inline_math(self, body: str) -> str:
        shown = super().inline_math(body)
        # "$5 and $10" is no formula: there is a blank before its second sign.
        return f"<code>{shown}</code>" if body == body.strip() else shown

    def block_math(self, body: str) -> str:
        return f"<code>{super().block_math(body)}</code>"

    def latex_environment(self, name: str, body: str) -> str:
        return f"<code>{super().latex_environment(name, body)}</code>"


def _as_formgrader_renders(source: str, attachments: Mapping) -> str | None:
    return _rendered(source, IPythonRenderer(escape=False, attachments=attachments))


def _rendered(source: str, renderer: IPythonRenderer) -> str | None:
    try:
        return strip_files_prefix(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # a text that cannot be rendered must not keep a class from its marks
        return None


def _as_typed(source: str, most: int = LONGEST_TEXT) -> str:
    cut = f"\n\n{say('feedback.cut')}" if len(source) > most else ""
    source = source[:most]
    longest = max((len(run) for run in re.findall("`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"*{say('feedback.as_typed')}*\n\n{fence}\n{source}\n{fence}{cut}"


# ---- outputs -----------------------------------------------------------------------------------------------


def clean_outputs(outputs) -> list:
    """Outputs of a code cell that are safe in any page: text, tables, pictures, formulas.

    Parameters
    ----------
    outputs : nbformat outputs, which may be malformed.

    Returns
    -------
    nbformat outputs, rebuilt. Scripts, widgets, frames and whatever else is not listed here are left out; where
    nothing is left of an output, a sentence says so.
    """
    return [
        cleaned
        for output in outputs
        if isinstance(output, Mapping) and (cleaned := _clean_output(output)) is not None
    ]


class Cleaning:
    """Makes one notebook safe, cell by cell. Nobody's notebook takes more than some seconds."""

    def __init__(self):
        self._tags, self._words = MOST_TAGS_IN_ALL, MOST_WORDS_IN_ALL
        self._pictures = MOST_PICTURES

    def outputs(self, outputs) -> list:
        """As :func:`clean_outputs`."""
        outputs = [output for output in outputs if isinstance(output, Mapping)]
        for output in outputs:
            data = output.get("data")
            parts = data.values() if isinstance(data, Mapping) else ()
            self._tags -= sum(part.count("<") for part in parts if isinstance(part, str))
        if self._tags < 0:
            outputs = [_without_markup(output) for output in outputs]
        return [self._if_it_fits(output) for output in clean_outputs(outputs)]

    def _if_it_fits(self, output):
        data = output.get("data", {})
        size = sum(
            len(part) if kind.startswith("image/") else len(part) - len(_without_pictures(part))
            for kind, part in data.items()
        )
        if self._fits(size):
            return output
        said = say("feedback.too_large", most=MOST_PICTURES // 1_000_000)
        return nbformat.from_dict({**output, "data": {"text/plain": said}, "metadata": {}})

    def _fits(self, size: int) -> bool:
        if size > self._pictures:
            return False
        self._pictures -= size
        return True

    def pictures(self, source: str, attachments: Mapping | None) -> tuple[str, Mapping]:
        """A cell of words and its pictures; without them, and with sentences, where the notebook has too many."""
        stored = sum(len(data) for kinds in (attachments or {}).values() for data in kinds.values())
        if self._fits(max(stored, pictures_shown(source, attachments))):
            return source, attachments or {}
        return without_pictures(source), {}

    def words(self, source: str, attachments: Mapping | None, taken: Collection[str]) -> str:
        """As :func:`clean_markdown`; but a heading whose id is ``taken`` gets another one, where that can be done."""
        self._words -= len(source)
        if self._words < 0:
            return _as_typed(source, LONGEST_TEXT if self._words > -MOST_WORDS_IN_ALL else LONGEST_LEFT)
        text = clean_markdown(source, attachments, taken)
        if text == source:
            return text
        own = clean_markdown(source, attachments)
        page = _as_formgrader_renders(own, attachments or {})
        if page is not None and (renamed := _with_own_ids(page, taken)) != page:
            own = _as_one_block(renamed)
            if clean_markdown(own, {}, taken) == own:
                return own
        return text


def _without_markup(output: Mapping) -> Mapping:
    data = output.get("data")
    if not isinstance(data, Mapping):
        return output
    plain = {kind: part for kind, part in data.items() if kind in PICTURES or kind == "text/plain"}
    return {**output, "data": plain or {"text/plain": say("feedback.not_shown")}}


def _clean_output(output: Mapping):
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return nbformat.v4.new_output("stream", name=name, text=_text(output.get("text")))
    if kind == "error":
        traceback = output.get("traceback")
        return nbformat.v4.new_output(
            "error",
            ename=_text(output.get("ename")),
            evalue=_text(output.get("evalue")),
            traceback=[_text(line) for line in traceback] if isinstance(traceback, list) else [],
        )
    if kind not in ("display_data", "execute_result"):
        return None
    data = output.get("data")
    shown = _clean_bundle(data if isinstance(data, Mapping) else {})
    parts = {}
    if kind == "execute_result":
        count = output.get("execution_count")
        parts["execution_count"] = count if isinstance(count, int) and not isinstance(count, bool) else None
    return nbformat.v4.new_output(
        kind, data=shown, metadata=_picture_metadata(output.get("metadata"), shown), **parts
    )


def _clean_bundle(data: Mapping) -> dict[str, str]:
    shown = {}
    for kind, value in data.items():
        value = _text(value)
        if kind in ("text/plain", "text/latex"):
            shown[kind] = value
        elif kind == "text/html" and (cleaned := clean_html(value)).strip():
            # What is left of a frame or a script is an empty box.
            if re.search(r"<img|<hr|[^\s<>]", re.sub(r"<(?!img|hr)[^>]*>", "", cleaned)):
                shown[kind] = cleaned
        elif kind == "text/markdown":
            shown.update(_clean_words_shown(value))
        elif kind in PICTURES and _is_base64(value):
            shown[kind] = value
        elif kind == "image/svg+xml" and (drawing := _clean_svg(value)):
            shown[kind] = drawing
    return shown or {"text/plain": say("feedback.not_shown")}


def _clean_words_shown(source: str) -> dict[str, str]:
    """Markdown that code has shown. Where there are headings in it, it becomes HTML, in which they have ids of their own."""
    text = clean_markdown(source)
    if not HAS_HEADING.search(text):
        return {"text/markdown": text}
    page = _as_formgrader_renders(text, {})
    if page is None or (renamed := _with_own_ids(page, ALL_BUT_OWN)) == page:
        return {"text/markdown": text}
    return {"text/html": renamed} if is_safe(renamed, ALL_BUT_OWN) else {"text/markdown": _as_typed(source)}


def _picture_metadata(metadata, shown: Mapping) -> dict:
    """Size and description of pictures: nbconvert writes the rest, and even these, into the page as they are."""
    metadata = metadata if isinstance(metadata, Mapping) else {}
    kept = {}
    for kind in shown:
        given = metadata.get(kind)
        given = given if isinstance(given, Mapping) else {}
        known = {
            side: given[side]
            for side in ("width", "height")
            if type(given.get(side)) is int and 0 < given[side] <= LARGEST_SIDE
        }
        alt = given.get("alt", metadata.get("alt"))
        if kind.startswith("image/") and isinstance(alt, str):
            known["alt"] = alt
        if known:
            kept[kind] = known
    return kept


def _text(value) -> str:
    if isinstance(value, list):
        return "".join(_text(part) for part in value)
    return value if isinstance(value, str) else "" if value is None else str(value)


def _is_base64(value) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return bool(base64.b64decode("".join(value.split()), validate=True))
    except (binascii.Error, ValueError):
        return False


# ---- drawings ----------------------------------------------------------------------------------------------

SVG_ELEMENTS = set(
    re.findall(
        r"\w+",
        "circle clipPath defs desc ellipse g line linearGradient marker mask path pattern polygon polyline "
        "radialGradient rect stop style svg symbol text textPath title tspan use",
    )
)


def _clean_svg(text: str) -> str:
    """A drawing with shapes and words alone; empty if it is none, or a dangerous one."""
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, RecursionError):
        return ""
    if _local(root.tag) != "svg":
        return ""
    for parent in list(root.iter()):
        for child in list(parent):
            if _local(child.tag) not in SVG_ELEMENTS or (
                _local(child.tag) == "style" and _fetches(child.text)
            ):
                parent.remove(child)
        for name, value in list(parent.attrib.items()):
            if (
                _local(name).lower().startswith("on")
                or _fetches(value)
                or (_local(name).lower() in ("href", "src") and not value.startswith("#"))
            ):
                del parent.attrib[name]
    return ElementTree.tostring(root, encoding="unicode")


def _local(name) -> str:
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _fetches(style: str | None) -> bool:
    """Whether a style asks for anything but a part of the drawing itself."""
    bare = re.sub(r"url\(\s*['\"]?#[\w-]+['\"]?\s*\)", "", style or "")
    return bool(re.search(r"url|import|\\|expression|javascript:|image", bare, re.IGNORECASE))
