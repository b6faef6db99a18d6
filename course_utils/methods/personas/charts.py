"""Charts of how many people a persona fits, what of an assumed one holds, and how far its people are apart."""

import html
import textwrap

import pandas as pd

from course_utils.display import BLUE, GREY, ORANGE, axes_for, set_words
from course_utils.methods import personas

VERDICTS = {
    personas.KEEP: BLUE,
    personas.TRUE_OF_MOST: GREY,
    personas.CLUE: "#56B4E9",
    personas.DROP: ORANGE,
    personas.OPEN: "#E69F00",
}


def joint_chart(table: pd.DataFrame, everyone: int, axes=None):
    """Stairs: how many people are left as one attribute after the other is asked for.

    ``table`` is that of ``personas.joint_match``; ``everyone`` is how many people there are to begin with.
    """
    axes = axes_for(axes, rows=len(table) + 1)
    labels = ["everybody active", *_labels(table)]
    counts = [everyone, *table["together"]]
    axes.barh(labels, counts, color=[GREY] + [BLUE] * len(table))
    axes.scatter(table["alone"], labels[1:], marker="|", s=180, color=ORANGE, zorder=3)
    for row, people in enumerate(counts):
        alone = table["alone"].iloc[row - 1] if row else 0
        axes.text(_beside(people, alone, everyone), row, f"  {people:,}", va="center")
    axes.invert_yaxis()
    axes.set_xlim(0, everyone * 1.12)
    axes.set_xlabel("People: bar, with all attributes so far; orange mark, with this one alone")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    return set_words(axes, joint_in_words(table, everyone))


def joint_in_words(table: pd.DataFrame, everyone: int) -> str:
    """The sentence under the stairs."""
    if table.empty:
        return f"Without an attribute it fits everybody: {everyone:,} people."
    last, fewest = table["together"].iloc[-1], table["alone"].min()
    if len(table) == 1:
        return f"Of {everyone:,} active people, {last:,} have this attribute."
    every = "both" if len(table) == 2 else f"all {len(table)}"
    return (
        f"Of {everyone:,} active people, {last:,} have {every} attributes at once. "
        f"The rarest of them alone is true of {fewest:,}."
    )


def joint_picture(table: pd.DataFrame, everyone: int) -> str:
    """The stairs as an HTML figure that is drawn in a millisecond, for a widget."""
    rows = [("everybody active", everyone, everyone, "#6B6B6B")]
    rows += [
        (label, together, alone, BLUE)
        for label, together, alone in zip(_labels(table), table["together"], table["alone"], strict=True)
    ]
    width, left, step = 500, 215, 24
    scale = (width - left - 70) / max(everyone, 1)
    parts = []
    for number, (label, people, alone, colour) in enumerate(rows):
        y = number * step
        parts.append(f'<text x="{left - 8}" y="{y + 16}" text-anchor="end">{html.escape(label)}</text>')
        parts.append(
            f'<rect x="{left}" y="{y + 3}" width="{people * scale:.1f}" height="18" fill="{colour}"/>'
        )
        end = left + _beside(people, alone, everyone) * scale
        if number > 0:
            x = left + alone * scale
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y + 2}" y2="{y + 22}" stroke="{ORANGE}" stroke-width="3"/>'
            )
        parts.append(f'<text x="{end + 8:.1f}" y="{y + 16}">{people:,}</text>')
    height = len(rows) * step + 4
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="13">'
        f'<rect width="{width}" height="{height}" fill="white"/>{"".join(parts)}</svg>'
    )
    words = html.escape(joint_in_words(table, everyone))
    legend = "Bars: people with all attributes so far. Orange marks: people with this one alone."
    return (
        f'<figure style="margin: 0.5em 0"><img alt="{words}" src="{svg_source(svg)}" '
        f'style="width: {width}px; max-width: 100%"><figcaption>{words}<br>{legend}</figcaption></figure>'
    )


def svg_source(svg: str) -> str:
    """A drawing as the address of a picture."""
    import base64

    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def beliefs_chart(table: pd.DataFrame, axes=None):
    """Bars: how many of the people of an assumed persona are what is believed of them, and how many of everybody.

    ``table`` holds the rows of one persona of ``personas.beliefs``, those that define it left out.
    """
    axes = axes_for(axes, rows=2 * len(table))
    labels = [f"{line.attribute}:\n{line.believed}" for line in table.itertuples()]
    axes.barh(labels, table["share"] * 100, height=0.6, color=[VERDICTS[one] for one in table["verdict"]])
    axes.scatter(table["everybody"] * 100, labels, marker="|", s=330, linewidth=3, color="black", zorder=3)
    beside = axes.get_yaxis_transform()
    for row, line in enumerate(table.itertuples()):
        number = f"{'at least ' if line.at_least else ''}{line.share:.0%}, {line.lift:.2f} times as common"
        axes.text(1.02, row, f"{number}\n{line.verdict}", va="center", transform=beside)
    axes.axvline(100 * personas.COMMON, color="black", linewidth=1, linestyle="--")
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 25))
    axes.set_xlabel("% of the people meant (bar) and of everybody active (mark)")
    core, kept = table["core"].iloc[0], (table["verdict"] == personas.KEEP).sum()
    return set_words(
        axes,
        f"Staff believed {len(table)} things about these {core:,} people. {int((table['share'] >= personas.COMMON).sum())} "
        f"are true of at least half of them, and {int(kept)} of those clearly more common than among everybody.",
    )


def spread_chart(table: pd.DataFrame, measure: str, axes=None):
    """Lines: the middle half of each group, with its middle.

    ``table`` has one row per group, with ``people``, ``low``, ``middle`` and ``high``, as ``personas.spread`` gives
    them; ``measure`` says in plain words what was counted.
    """
    axes = axes_for(axes, rows=len(table))
    for row, line in enumerate(table.itertuples()):
        axes.plot([line.low, line.high], [row, row], color=BLUE, linewidth=8, solid_capstyle="butt")
        axes.plot([line.middle], [row], marker="|", markersize=20, markeredgewidth=3, color=ORANGE)
        axes.text(line.high, row, f"  {line.low:g} to {line.high:g}, middle {line.middle:g}", va="center")
    axes.set_yticks(range(len(table)), [f"{name} ({line.people:,.0f})" for name, line in table.iterrows()])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(0, max(table["high"].max(), 1) * 1.55)
    axes.set_xlabel(f"{measure}: bar, the middle half; mark, the middle")
    halves = "; ".join(f"{line.low:g} to {line.high:g} for “{name}”" for name, line in table.iterrows())
    return set_words(axes, f"The middle half of each group: {halves}.")


def _beside(people: int, alone: int, everyone: int) -> int:
    """Where to write the number of a bar: at its end, or behind the mark if that is too near to it."""
    return alone if 0 <= alone - people < 0.13 * everyone else people


def _labels(table: pd.DataFrame) -> list[str]:
    return [f"{attribute}: {value}" for attribute, value in table["value"].items()]


# ---- the persona as a card ----

FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
    '<circle cx="32" cy="32" r="32" fill="white"/><circle cx="32" cy="25" r="10" fill="none" '
    'stroke="#4D4D4D" stroke-width="3"/><path d="M13 54 C13 39 51 39 51 54" fill="none" stroke="#4D4D4D" '
    'stroke-width="3"/></svg>'
)
MARKS = {personas.MEASURED: "■", personas.HEARD: "●", personas.ASSUMED: "○"}
BANDS = {False: BLUE, True: "#9E4300"}
"""Of the top of a card: white letters on either can be read from across a room."""
STYLE = (
    "border: 2px solid #6B6B6B; border-radius: 10px; overflow: hidden; background: white; color: black; "
    "box-sizing: border-box; break-inside: avoid; line-height: 1.4; font-family: sans-serif"
)
LITTLE = 'style="font-size: 0.92em"'
PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body {{ font-family: sans-serif; max-width: 42em; margin: 1.5em auto; padding: 0 1em; line-height: 1.45 }}
@page {{ margin: 1.5cm }} @media print {{ body {{ margin: 0; max-width: none }} }}</style></head>
<body><main>
{card}
</main></body>
</html>
"""


def card_in_words(persona: personas.Persona, summary: pd.Series) -> str:
    """What a card shows, in a sentence or two: the alternative text of its picture."""
    what = "Anti-persona" if persona.anti else "Persona"
    kinds = [claim.kind for claim in persona.claims]
    rests = ", ".join(f"{kinds.count(kind)} {kind}" for kind in personas.KINDS)
    return f"{what} “{persona.name or 'without a name'}”. {people_in_words(summary)} Claims: {rests}."


def people_in_words(summary: pd.Series) -> str:
    """How many people a persona stands for; of a few, not how many."""
    if summary["people"] < personas.SMALLEST_GROUP:
        return f"It fits fewer than {personas.SMALLEST_GROUP} of {summary['everyone']:,.0f} active people."
    return f"It fits {summary['people']:,.0f} of {summary['everyone']:,.0f} active people ({summary['share']:.0%})."


def persona_card(
    persona: personas.Persona, summary: pd.Series, ledger: pd.DataFrame, *, heading: str = "p"
) -> str:
    """The card as HTML: an article, whose name stands in an element of the kind ``heading``.

    ``summary`` and ``ledger`` are those of ``personas.summary`` and ``personas.ledger``.
    """
    e = html.escape
    title, sections = e(persona.name or "A persona without a name"), _sections(persona, summary)
    body = "".join(
        f'<p style="margin: 0.5em 0"><strong>{e(head)}</strong> {e(text)}</p>' for head, text in sections
    )
    claims = "".join(
        f'<li style="margin: 0.5em 0 0.5em 1.4em; text-indent: -1.4em"><span aria-hidden="true" style="display: '
        f'inline-block; width: 1.4em; text-indent: 0; color: {COLOURS[line.kind]}">{MARKS[line.kind]}</span>'
        f"{e(line.says)}<br><span {LITTLE}><strong>{e(line.kind)}</strong>{e(_evidence(line, summary))}</span></li>"
        for line in ledger.itertuples()
    )
    claims = claims or "<li>Nothing is claimed yet.</li>"
    quotes = "".join(
        f'<blockquote style="margin: 0.8em 0; padding: 0 0 0 0.8em; border-left: 4px solid {BANDS[persona.anti]}; '
        f'font-style: italic">“{e(line.voice)}”</blockquote>'
        for line in ledger[ledger["voice"] != ""].head(1).itertuples()
    )
    what = "Anti-persona" if persona.anti else "Persona"
    return (
        f'<article aria-label="{what}: {title}" style="{STYLE}">'
        f'<div style="background: {BANDS[persona.anti]}; color: white; padding: 0.8em 1.1em; display: flow-root; '
        f'print-color-adjust: exact; -webkit-print-color-adjust: exact">'
        f'<img src="{svg_source(FIGURE)}" alt="" width="64" height="64" style="float: right; margin: 0 0 0 1em">'
        f'<p style="margin: 0">{what}</p><{heading} style="margin: 0; font-size: 1.6em; line-height: 1.2; color: white">'
        f"<strong>{title}</strong></{heading}></div>"
        f'<div style="padding: 0.6em 1.1em">{quotes}{body}'
        f'<ul style="list-style: none; padding: 0.5em 0 0; margin: 0.8em 0 0; border-top: 1px solid #BBBBBB">{claims}</ul>'
        f'<p style="margin: 0.8em 0 0.2em"><span {LITTLE}>{e(FOOT)}</span></p></div></article>'
    )


COLOURS = {personas.MEASURED: BLUE, personas.HEARD: "black", personas.ASSUMED: "#9E4300"}
FOOT = (
    "■ measured: counted in a table. ● heard: somebody said it. ○ assumed: neither. "
    "This is a sketch of a group, not a person. Almost nobody is all of this at once."
)


def persona_page(persona: personas.Persona, summary: pd.Series, ledger: pd.DataFrame) -> str:
    """The card as a page of its own, to be printed."""
    title = html.escape(persona.name or "Persona")
    return PAGE.format(title=title, card=persona_card(persona, summary, ledger, heading="h1"))


def card_chart(persona: personas.Persona, summary: pd.Series, ledger: pd.DataFrame):
    """The card as a picture: Axes, for ``savefig``."""
    import matplotlib.pyplot as plt
    from matplotlib import patches

    lines = _lines(persona, summary, ledger)
    figure, axes = plt.subplots(figsize=(7.5, 5))
    axes.set_axis_off()
    axes.set_position((0, 0, 1, 1))
    axes.set_xlim(0, 7.5)
    y, band = 0.35, 0.0
    for number, (text, size, weight, colour) in enumerate(lines):
        axes.text(0.35, y, text, fontsize=size, weight=weight, color=colour, va="top", linespacing=1.25)
        y += (text.count("\n") + 1) * size * 1.33 / 72 + (0.1 if weight == "bold" else 0.04)
        if number == 1:  # below its name
            band, y = max(y, 1.0), max(y, 1.0) + 0.25
    figure.set_figheight(y + 0.25)
    axes.set_ylim(y + 0.25, 0)
    axes.add_patch(plt.Rectangle((0.1, 0.1), 7.3, y + 0.05, fill=False, edgecolor=GREY, linewidth=2))
    axes.add_patch(plt.Rectangle((0.1, 0.1), 7.3, band, color=BANDS[persona.anti], zorder=0))
    axes.add_patch(plt.Circle((6.8, 0.45), 0.17, fill=False, edgecolor="white", linewidth=2))
    axes.add_patch(patches.Arc((6.8, 1.02), 0.6, 0.6, theta1=180, theta2=360, color="white", lw=2))
    return set_words(axes, card_in_words(persona, summary))


def _sections(persona: personas.Persona, summary: pd.Series) -> list[tuple[str, str]]:
    made_of = "; ".join(f"{attribute}: {value}" for attribute, value in persona.attributes.items())
    parts = [("Who:", made_of or "everybody"), ("How many:", people_in_words(summary))]
    if summary["people"] >= personas.SMALLEST_GROUP:
        parts.append(
            (
                "How far apart:",
                f"the middle half of them made {summary['low']:g} to {summary['high']:g} checkouts in 12 months, with "
                f"{summary['middle']:g} in the middle.",
            )
        )
    parts.append(("For:", persona.purpose.strip() or "no purpose is written down yet."))
    parts.append(("Does not represent:", persona.not_represented.strip() or "not said yet."))
    return parts


def _evidence(line, summary: pd.Series) -> str:
    """What a claim rests on; nothing that would tell of a few people."""
    parts = [line.source] if line.source else []
    few = summary["people"] < personas.SMALLEST_GROUP
    if line.kind == personas.MEASURED and pd.notna(line.found):
        parts.append(
            "too few people to say"
            if few
            else f"counted again: {line.found:.0%} of {summary['people']:,.0f}, next to {line.everybody:.0%} of everybody"
            if line.value
            else f"counted again: {line.found:g}, the middle of {summary['people']:,.0f}"
        )
    if line.why:
        parts.append(f"{line.verdict}: {line.why}")
    return "".join(f" · {part}" for part in parts)


def _lines(persona, summary, ledger) -> list[tuple[str, float, str, str]]:
    def folded(text: str, width: int) -> str:
        return textwrap.fill(text.replace("$", r"\$"), width)

    what = "Anti-persona" if persona.anti else "Persona"
    lines = [
        (what, 10, "normal", "white"),
        (folded(persona.name or "without a name", 42), 18, "bold", "white"),
    ]
    lines += [
        (folded(f"{head} {text}", 88), 10, "normal", "black") for head, text in _sections(persona, summary)
    ]
    for line in ledger.itertuples():
        said = folded(f"{MARKS[line.kind]} {line.says}", 88)
        proof = folded(f"{line.kind}{_evidence(line, summary)}", 92)
        lines += [(said, 10, "normal", "black"), (proof, 9, "bold", COLOURS[line.kind])]
    return [*lines, (folded(FOOT, 98), 8.5, "normal", "black")]


def persona_code(persona: personas.Persona) -> str:
    """The persona as Python, to be copied into a cell; parts that were left empty are left out."""

    def written(claim: personas.Claim) -> str:
        parts = [f"{claim.says!r}", f"{claim.kind!r}"]
        parts += [
            f"{part}={getattr(claim, part)!r}"
            for part in ("source", "attribute", "value", "figure")
            if getattr(claim, part) not in ("", None)
        ]
        return f"        Claim({', '.join(parts)}),"

    name = "anti_persona" if persona.anti else "my_persona"
    lines = [f"{name} = Persona(\n    {persona.name!r},", f"    attributes={persona.attributes!r},"]
    lines += [f"    purpose={persona.purpose!r},"] if persona.purpose else []
    if persona.claims:
        lines += ["    claims=[", *map(written, persona.claims), "    ],"]
    lines += [f"    not_represented={persona.not_represented!r},"] if persona.not_represented else []
    lines += ["    anti=True,"] if persona.anti else []
    return "\n".join([*lines, ")"])
