"""Describe the frozen tables: ``datapackage.json`` for machines, the data dictionary for people."""

import json
import re
import shlex
import unicodedata
from dataclasses import dataclass

from course_utils.library.calibration import settings
from course_utils.library.model import LARGEST
from course_utils.tables import AS_OF, FIRST_DAY, SCHEMAS, Column, Table, rules
from course_utils.tables.catalog import TOPICS

ORDINARY = {"locale": "en_US", "name": "Port Ellery"}
DISTRICTS = """\
**Districts.** A town of this size is made and numbered district by district: patrons and events stand in the order of
their district, not of the day. What does not grow with a town is there once, and fits the first district: {once}.
"""
COSMETICS = """
**Another town.** The locale changes the names of people, and nothing else: branches, languages and streets are those of
Port Ellery. Teams, comments and interviews are as many in a small town as in a large one, and below about 2,000 patrons
many groups are too small to be compared.
"""
FRICTIONLESS_TYPES = {"category": "string"}

CARD = """\
# The data of {name}

*Made by `{command}` from the schemas in `course_utils/tables/`. Do not edit this page or the tables by hand.*

## Data card

**What it is.** A synthetic public library: one invented town of about {residents:,} people, {buildings}, and
everything that a library's systems would record from {first:%B %d, %Y} to
{last:%B %d, %Y}. Nothing depends on today's date: {last:%Y-%m-%d} is the *as-of date* of the whole course.

**What it is not.** It is not a real town, not a real library, and not an anonymized copy of one. No row
stands for a living person. There is no race, no religion and no health, and no title on a sensitive subject.
Names, addresses and birth dates are in one place only, the *raw export*, which is there so that students can see
what a vendor would receive. They were put together at random: the streets do not exist, the postal codes are not in
use, the e-mail addresses end in the domains that are reserved for examples. Its notes are a dozen made-up
sentences, given out at random, apart from those that say that somebody has died. The raw export also says which title
somebody borrowed; no other table does. It has no number in common with the other tables, and yet its dates and
branches link nearly every record to them: that is a lesson of week 2, and the reason why such a file must not be
handed on.

**How it was made.** A model draws households, the people in them, and a way of using the library that
nobody can see; the cards, the events and the counts follow from those, so that the columns of a row belong
together. The levels are fitted to published figures for US public libraries; every figure is given, with its
year and source, in `course_utils/library/calibration.toml`, where the choices that are ours are marked as
such. [The comparison](../docs/calibration.md) is printed for several libraries. The model starts from one seed
({seed}), so that the same tables can be made again, byte for byte.

**What is known of it that no library knows.** Why people left, what each campaign really did, who did not answer
the survey and why. This is the [answer envelope](../docs/truth.md); it is not among the tables, and a lesson opens it after the
analysis:
`{truth}.truth.patrons` is one of its tables, and `.truth.describe("patrons")` says what its columns mean. Some effects
are planted, and some that one might expect are not there: a pattern does not always exist.
[What a textbook analysis finds](../docs/recovery.md) of it was tried on a hundred libraries.

**What must not be concluded.** Anything about real people, real neighborhoods or real libraries. A pattern
found here was put here, or came by chance; it shows what a method can find, not how the world is. The
levels are those of published figures, the patterns are not evidence. Nobody should train a model on these people
and use it on others.

**Who could be harmed.** Anyone who takes a rule that works here to a real town without looking: those whom the rule
does not see. Real records need what these do not: consent, a purpose, and somebody who answers for them.

**Tracts.** The 24 areas in `tracts` are *census block groups*: the smallest areas for which the US census
publishes detailed figures{sizes}. They are smaller than a census tract. We call
them tracts for short. Their codes begin with 99, a state that does not exist.
{districts}
{cosmetics}
**License.** CC BY 4.0.
{picture}
## How to read it

```python
from course_utils import load
patrons = load("patrons")
```

`load` gives dates as dates and categories as categories, and says so when a file was changed. The files
are plain CSV (UTF-8, comma, dates as YYYY-MM-DD, True and False, an empty field is a missing value); those that
end in `.gz` are compressed with gzip, and `pandas.read_csv` opens them as they are.
`datapackage.json` describes the same tables for machines, with a checksum for each file
([Frictionless Data Package](https://datapackage.org)).

## Tables
"""


PICTURE = """
![{sentence}](../docs/pictures/{picture})

*{sentence}* More pictures are in [Port Ellery in ten pictures](../docs/port_ellery.md).
"""
CONCENTRATION = (
    "A fifth of the people who use the library make about seven in ten of the checkouts: most come now and then, a few"
    " come all the time."
)


@dataclass(frozen=True)
class Written:
    """What is known of a file once it is written: rows of the table, bytes, checksum."""

    rows: int
    size: int
    sha256: str


def datapackage(written: dict[str, Written], town: dict) -> str:
    """The text of ``datapackage.json``. ``written`` is by table; ``town`` has the arguments of ``build.Town``."""
    plain = unicodedata.normalize("NFKD", town["name"].lower()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    package = {
        "name": slug or "town",
        "title": f"{town['name']}: a synthetic public library",
        "version": "1.0.0",
        "profile": "tabular-data-package",
        "town": town,
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "CC BY 4.0",
            }
        ],
        "resources": [_resource(SCHEMAS[name], one) for name, one in written.items()],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _resource(table: Table, written: Written) -> dict:
    keys = [
        {
            "fields": column.name,
            "reference": dict(zip(("resource", "fields"), column.foreign_key.split("."), strict=True)),
        }
        for column in table.columns
        if column.foreign_key
    ]
    resource = {
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "path": table.file,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.size,
        "hash": f"sha256:{written.sha256}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "missingValues": [""],
            **({"foreignKeys": keys} if keys else {}),
        },
    }
    if table.gzip:
        resource["compression"] = "gz"
    return resource


def _field(column: Column) -> dict:
    field = {"name": column.name, "type": FRICTIONLESS_TYPES.get(column.type, column.type)}
    if column.type == "date":
        field["format"] = "%Y-%m-%d"
    if column.type == "boolean":
        field["trueValues"], field["falseValues"] = ["True"], ["False"]
    field["description"] = column.description
    if column.unit:
        field["unit"] = column.unit
    constraints = {
        "required": column.required or None,
        "unique": column.unique or None,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "enum": list(column.categories) or None,
    }
    if column.ordered:
        field["categoriesOrdered"] = True
    if constraints := {name: value for name, value in constraints.items() if value is not None}:
        field["constraints"] = constraints
    return field


def dictionary(written: dict[str, Written], town: dict) -> str:
    """The data card and the data dictionary, as Markdown. ``written`` and ``town`` as in :func:`datapackage`."""
    design = settings()["design"]
    ours = town == {"seed": design["seed"], "patrons": design["patrons"], **ORDINARY}
    residents = design["residents"] * town["patrons"] / design["patrons"]
    command = (
        "course data"
        if ours
        else " ".join(
            [
                f"course library --out DIR --patrons {town['patrons']} --seed {town['seed']}",
                *(f"--{key} {shlex.quote(town[key])}" for key in ORDINARY if town[key] != ORDINARY[key]),
            ]
        )
    )
    text = CARD.format(
        name=town["name"],
        command=command,
        residents=int(round(residents, -3 if residents >= 10_000 else -2)),
        buildings="its main library, two branches and a bookmobile",
        first=FIRST_DAY,
        last=AS_OF,
        seed=town["seed"],
        truth="Library.port_ellery()" if ours else _library_call(town),
        sizes=", here about 750 people each" if ours else "",
        cosmetics="" if ours else COSMETICS,
        districts=_districts() if town["patrons"] > LARGEST else "",
        picture=PICTURE.format(sentence=CONCENTRATION, picture="concentration.png") if ours else "",
    )
    if not ours:
        text = re.sub(r"\[([^\]]+)\]\(\.\./[^)]+\)", r"\1", text)
    text = text.replace("September 01,", "September 1,")
    parts = [text, "\n".join(_overview(written))]
    for name in written:
        table = SCHEMAS[name]
        lines = [f"### {name}", "", f"`{table.file}`. {table.description}", ""]
        lines += ["| Column | Type | Unit | Meaning | Rules |", "|---|---|---|---|---|"]
        lines += [
            f"| `{column.name}` | {column.type} | {column.unit} | {column.description} | {'; '.join(rules(column))} |"
            for column in table.columns
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _library_call(town: dict) -> str:
    """How to make the library in Python; of a large town, its first district."""
    named = [f"{key}={town[key]!r}" for key in ORDINARY if town[key] != ORDINARY[key]]
    if town["patrons"] > LARGEST:
        return f"course_utils.library.build.Town({', '.join([str(town['seed']), str(town['patrons']), *named])}).district(0)"
    return f"Library({', '.join([str(town['seed']), 'patrons=' + str(town['patrons']), *named])})"


def _districts() -> str:
    once = ", ".join(f"`{table.name}`" for table in SCHEMAS.values() if table.once)
    return f"\n{DISTRICTS.format(once=once)}"


def _overview(written: dict[str, Written]) -> list[str]:
    lines = []
    for heading, topic in TOPICS.items():
        lines += ["", f"**{heading}**", "", "| Table | Rows | What |", "|---|---:|---|"]
        lines += [
            f"| [{table.name}](#{table.name}) | {written[table.name].rows:,} | {table.title} |"
            for table in topic.TABLES
        ]
    return lines
