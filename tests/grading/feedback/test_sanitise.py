"""What is shown of a student's work holds no script, no frame and nothing from elsewhere; all that is plain stays."""

import base64
import re

import nbformat
import pandas as pd
import payloads
import pytest
from bs4 import BeautifulSoup

from course_utils.grading.feedback.sanitise import (
    LONGEST_TEXT,
    MOST_TAGS,
    Cleaning,
    clean_html,
    clean_markdown,
    clean_outputs,
    is_safe,
    markdown_to_html,
)

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n0000").decode()
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9"><path d="M0 0L9 9" style="stroke: red"/></svg>'
NASTY_TAGS = re.compile(
    "^(script|iframe|object|embed|form|meta|base|link|style|svg|math|video|audio|button)$"
)


def show(**data):
    kinds = {
        "html": "text/html",
        "svg": "image/svg+xml",
        "png": "image/png",
        "plain": "text/plain",
        "markdown": "text/markdown",
    }
    return {
        "output_type": "display_data",
        "data": {kinds.get(kind, kind): value for kind, value in data.items()},
        "metadata": {},
    }


def nasty(page: str) -> list:
    soup = BeautifulSoup(page, "html.parser")
    found = [tag.name for tag in soup.find_all(NASTY_TAGS)]
    for tag in soup.find_all(True):
        found += [
            name for name in tag.attrs if name.startswith("on") or name in ("srcset", "ping", "background")
        ]
        for name in ("href", "src"):
            value = re.sub(r"[\x00-\x20]", "", str(tag.get(name, ""))).lower()
            if value.startswith(("javascript:", "vbscript:", "data:text")) or (
                name == "src" and "//" in value
            ):
                found.append(value)
        if "url" in tag.get("style", ""):
            found.append(tag["style"])
    return found


# ---- what goes ---------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::bs4.XMLParsedAsHTMLWarning")
@pytest.mark.parametrize("payload", payloads.HTML.values(), ids=payloads.HTML)
def test_nothing_that_runs_or_fetches_is_left_of_html(payload):
    assert not is_safe(payload)
    for text in (payload, f"<div>{payload}</div>", f"text {payload} <p>more"):
        cleaned = clean_html(text)
        assert is_safe(cleaned)
        assert nasty(cleaned) == []


@pytest.mark.parametrize(
    "payload",
    [*payloads.HTML.values(), *payloads.MARKDOWN.values()],
    ids=[*payloads.HTML, *(f"markdown: {name}" for name in payloads.MARKDOWN)],
)
def test_nothing_that_runs_or_fetches_is_left_of_markdown(payload):
    for text in (payload, f"# Mine\n\n- a\n- {payload}\n\nend", f"**a** {payload}"):
        cleaned = clean_markdown(text)
        assert clean_markdown(cleaned) == cleaned
        assert nasty(markdown_to_html(cleaned)) == []


@pytest.mark.parametrize(
    "page",
    [
        "<p>a",
        "a</div>",
        "<b><i>a</b></i>",
        '<p id="total">a</p>',
        "<p class='x'>a</p>",
        '<p class="full-credit">a</p>',
        "<P onclick=x>a</P>",
        "<input>",
        '<input type="text" disabled>',
        "<!-- a --!> b -->",
        '<a href="/hub/logout">a</a>',
        '<img src="/hub/logout">',
        '<img src="../../secret.png">',
        '<img src="%2e%2e/secret.png">',
    ],
)
def test_what_could_break_out_of_its_place_is_not_safe(page):
    assert not is_safe(page)


def test_heading_must_not_take_the_place_where_formgrader_looks_for_points():
    assert clean_markdown("# My answer", taken={"test_total"}) == "# My answer"
    assert "```" in clean_markdown("# test_total", taken={"test_total"})


@pytest.mark.parametrize(
    "kind",
    [
        "application/javascript",
        "application/vnd.jupyter.widget-view+json",
        "application/pdf",
        "text/vnd.mermaid",
    ],
)
def test_other_kinds_of_output_are_left_out(kind):
    (output,) = clean_outputs([show(**{kind: "window.pwned=1"}, plain="a")])
    assert output.data == {"text/plain": "a"}
    (output,) = clean_outputs([show(**{kind: "window.pwned=1"})])
    assert output.data == {"text/plain": "An output of this kind is not shown here."}


def test_metadata_of_a_picture_goes_into_the_page_as_it_is_so_only_numbers_and_words_are_left():
    output = show(png=PNG)
    output["metadata"] = {
        "image/png": {"width": "1 onload=alert(1)", "height": 300, "alt": 'a "b"', "unconfined": True},
        "filenames": {"image/png": "https://evil.test/x.png"},
        "text/html": {"isolated": True},
    }
    (cleaned,) = clean_outputs([output])
    assert cleaned.metadata == {"image/png": {"height": 300, "alt": 'a "b"'}}


@pytest.mark.parametrize("data", ['x" onerror="alert(1)', "", "<b>", ["AAAA", "<"], 7])
def test_picture_that_is_none_is_left_out(data):
    (output,) = clean_outputs([show(png=data, plain="<Figure>")])
    assert output.data == {"text/plain": "<Figure>"}


@pytest.mark.parametrize(
    "drawing",
    [
        DRAWING.replace("<path", "<script>window.pwned=1</script><path"),
        DRAWING.replace("<path", '<path onclick="window.pwned=1"'),
        DRAWING.replace("<path", '<image href="https://evil.test/x.png"/><path'),
        DRAWING.replace("<path", "<style>@import url(https://evil.test/x.css);</style><path"),
        DRAWING.replace("stroke: red", "fill: url(https://evil.test/x)"),
        DRAWING.replace("<path", '<a href="javascript:1"><path/></a><path'),
        DRAWING.replace("<path", "<foreignObject><p>a</p></foreignObject><path"),
    ],
)
def test_drawing_keeps_its_shapes_alone(drawing):
    (output,) = clean_outputs([show(svg=drawing)])
    cleaned = output.data["image/svg+xml"]
    assert "M0 0L9 9" in cleaned
    assert not re.search("script|onclick|evil|import|foreign", cleaned)


@pytest.mark.parametrize("text", ["", "<svg", "<p/>", '<!DOCTYPE x [<!ENTITY a "b">]><svg>&a;</svg>'])
def test_drawing_that_cannot_be_read_is_left_out(text):
    (output,) = clean_outputs([show(svg=text, plain="a")])
    assert output.data == {"text/plain": "a"}


@pytest.mark.parametrize(
    "output",
    [
        None,
        7,
        [],
        {},
        {"output_type": "widget"},
        {"output_type": "update_display_data", "data": {"text/html": "<script>"}},
    ],
)
def test_what_is_no_output_is_left_out(output):
    assert clean_outputs([output]) == []


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": 3, "text": ["a", 7, None]},
        {"output_type": "error", "ename": None, "evalue": {"a": 1}, "traceback": "no list"},
        {"output_type": "display_data", "data": [1], "metadata": 7},
        {"output_type": "execute_result", "data": {"text/plain": 3}, "execution_count": "<script>"},
        {"output_type": "execute_result", "data": {}, "execution_count": True},
    ],
)
def test_malformed_output_becomes_a_valid_one(output):
    cell = nbformat.v4.new_code_cell("a", outputs=clean_outputs([output]))
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_what_is_too_large_or_too_deep_is_not_parsed_for_minutes():
    for tag in ("<b>", "<div><table>", "<style>", "<a href='"):
        assert "not shown" in clean_html(tag * (MOST_TAGS + 1))
    assert len(clean_markdown("word " * LONGEST_TEXT)) < LONGEST_TEXT + 500
    deep = clean_markdown("[" * 5000 + "x" + "]" * 5000)
    assert deep.startswith("*This is shown as it was typed")
    assert nasty(clean_html("<div>" * 900 + f"<script>{payloads.RUN}</script>")) == []


@pytest.mark.parametrize(
    "text",
    [
        "![a](attachment:" * 1000 + "<script>",
        "![a](attachment:" * 20 + ";base64," + "A" * 60_000 + "<script>",
        "![a](data:image/png;base64," * 20 + "A" * 900_000 + "<script>",
    ],
)
def test_words_that_would_take_hours_are_shown_as_typed(text):
    assert clean_markdown(text).startswith("*This is shown as it was typed")


def test_tags_that_are_never_closed_are_looked_for_once():
    text = "<script " * 3_000 + ";base64," + "A" * 100_000
    assert nasty(clean_html(text)) == []
    assert clean_html("a<STYLE>b</style >c<script>d</script\n>e<script>f").startswith("ace")


def test_a_notebook_full_of_tags_ends_in_plain_text():
    cleaning = Cleaning()
    table = {"output_type": "display_data", "metadata": {}}
    table["data"] = {"text/html": "<b>x</b>" * 4_000, "text/plain": "x"}
    shown = [sorted(cleaning.outputs([table])[0]["data"]) for _ in range(14)]
    assert shown == [["text/html", "text/plain"]] * 12 + [["text/plain"]] * 2
    words = [cleaning.words("**word** " * 20_000, None, ()) for _ in range(7)]
    assert [text.startswith("**word") for text in words] == [False] * 7
    few = Cleaning()
    assert [few.words("**w** " * 3_000, None, ()).startswith("**w") for _ in range(56)] == [True] * 55 + [
        False
    ]


# ---- what stays --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "# 1 · A heading\n\nSome *words*, **bold**, `a<b>`, x < 3 & y > 2, ~~gone~~",
        "A formula $a<b$ and $$\\sum_i x_i$$",
        "[a link](https://example.org/x?a=1&b=2) and <https://example.org> and [mail](mailto:a@example.org)",
        "| a | b |\n|--:|---|\n| 1 | 2 |",
        "- [ ] open\n- [x] done\n\n1. one\n2. two",
        "<details><summary>A nudge</summary>\n\nTry `.sum()`\n\n</details>",
        "```python\nprint('<script>')\n```",
        "```html\n<script>alert(1)</script>\n```",
        "> a quotation\n\n---\n\n![a chart](chart.png)",
        '<b>bold</b><br><span style="color: red">red</span> <img src="chart.png" alt="a" width="300">',
        "<!-- a remark -->\n\nwords",
        f"![p](data:image/png;base64,{PNG})",
    ],
)
def test_ordinary_markdown_stays_as_it_is(source):
    assert clean_markdown(source) == source


def test_picture_that_was_dropped_into_a_cell_stays():
    source, pictures = "![p](attachment:a.png)", {"a.png": {"image/png": PNG}}
    assert clean_markdown(source, pictures) == source
    assert clean_markdown(source) == "*The picture p is missing.*"


@pytest.mark.parametrize(
    ("source", "cleaned"),
    [
        ("a <script>b</script> **c**", "a &lt;script>b&lt;/script> **c**"),
        ("`<div>` is code, <div> is not", "`<div>` is code, &lt;div> is not"),
        ("![logo](https://example.org/x.png)", "[logo](https://example.org/x.png)"),
        ("</div> <b>x</b>", "&lt;/div> <b>x</b>"),
    ],
)
def test_only_what_is_unsafe_becomes_text(source, cleaned):
    assert clean_markdown(source).replace("&lt;b>x&lt;/b>", "<b>x</b>") == cleaned


def test_table_of_pandas_stays():
    table = pd.DataFrame({"age_band": ["0-5", "<6"], "share": [0.1, 0.25]})
    cleaned = clean_html(table._repr_html_())
    soup = BeautifulSoup(cleaned, "html.parser")
    assert [cell.get_text() for cell in soup.select("tbody tr:last-child *")] == ["1", "<6", "0.25"]
    assert soup.table["class"] == ["dataframe"]
    assert "style" not in [tag.name for tag in soup.find_all(True)]
    assert "vertical-align" not in soup.get_text()


def test_chart_of_the_kit_stays():
    figure = (
        '<figure style="margin: 0.5em 0"><img alt="Bars &quot;so&quot;" src="data:image/png;base64,AAAA" '
        'style="width: 500px; max-width: 100%"><figcaption>Bars</figcaption></figure>'
    )
    assert clean_html(figure) == figure


def test_plain_outputs_stay_as_they_are():
    outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="<b>a warning</b>"),
        nbformat.v4.new_output("error", ename="KeyError", evalue="'<a>'", traceback=["<b>"]),
        nbformat.v4.new_output(
            "execute_result", data={"text/plain": "<x>", "text/latex": "$a$"}, execution_count=2
        ),
        nbformat.v4.new_output("display_data", data={"image/png": PNG, "text/plain": "<Figure>"}),
    ]
    assert clean_outputs(outputs) == outputs
    assert clean_outputs([show(svg=DRAWING)])[0].data["image/svg+xml"].count("M0 0L9 9") == 1
