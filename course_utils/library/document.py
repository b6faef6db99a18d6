"""Describe the frozen tables: ``datapackage.json`` for machines, the data dictionary for people."""

import hashlib
import json

from course_utils.tables import AS_OF, FIRST_DAY, SCHEMAS, Column, Table, rules

FRICTIONLESS_TYPES = {"category": "string"}

CARD = """\
# The data of Port Ellery

*Made by `course data` from the schemas in `course_utils/tables.py`. Do not edit this page or the tables by hand.*

## Data card

**What it is.** A synthetic public library: one invented town of about 18,000 people, its main library, two
branches and a bookmobile, and everything that a library's systems would record from {first:%B %-d, %Y} to
{last:%B %-d, %Y}. Nothing depends on today's date: {last:%Y-%m-%d} is the *as-of date* of the whole course.

**What it is not.** It is not a real town, not a real library, and not an anonymized copy of one. No row
stands for a living person. There are no names, no addresses, no birth dates, no race and no religion, and
nothing says which title anybody borrowed.

**How it was made.** A model draws households, the people in them, and a way of using the library that
nobody can see; the cards, the events and the counts follow from those, so that the columns of a row belong
together. The levels are fitted to published figures for US public libraries; every figure stands, with its
year and source, in `course_utils/library/calibration.toml`, where the choices that are ours are marked as
such. The model starts from one seed ({seed}), so that the same files can be made again, byte for byte.

**What must not be concluded.** Anything about real people, real neighborhoods or real libraries. A pattern
found here was put here, or came by chance; it shows what a method can find, not how the world is. The
levels are those of published figures, the patterns are not evidence.

**Tracts.** The 24 areas in `tracts` are *census block groups*: the smallest areas for which the US census
publishes detailed figures, here about 750 people each. They are smaller than a census tract. We call
them tracts for short. Their codes begin with 99, a state that does not exist.

**License.** CC BY 4.0.

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


def datapackage(contents: dict[str, bytes]) -> str:
    """The text of ``datapackage.json``, for the bytes of each file by table name."""
    package = {
        "name": "port-ellery",
        "title": "Port Ellery: a synthetic public library",
        "version": "1.0.0",
        "profile": "tabular-data-package",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "CC BY 4.0",
            }
        ],
        "resources": [_resource(SCHEMAS[name], content) for name, content in contents.items()],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _resource(table: Table, content: bytes) -> dict:
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
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
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


def dictionary(rows: dict[str, int], seed: int) -> str:
    """The data card and the data dictionary, as Markdown. ``rows`` gives the number of rows by table."""
    # %-d is not known everywhere, so days are written out.
    text = CARD.replace("%B %-d, %Y", "%B %d, %Y").format(first=FIRST_DAY, last=AS_OF, seed=seed)
    text = text.replace("September 01,", "September 1,")
    overview = ["| Table | Rows | What |", "|---|---:|---|"]
    overview += [f"| [{name}](#{name}) | {count:,} | {SCHEMAS[name].title} |" for name, count in rows.items()]
    parts = [text, "\n".join(overview)]
    for name in rows:
        table = SCHEMAS[name]
        lines = [f"### {name}", "", f"`{table.file}`. {table.description}", ""]
        lines += ["| Column | Type | Unit | Meaning | Rules |", "|---|---|---|---|---|"]
        lines += [
            f"| `{column.name}` | {column.type} | {column.unit} | {column.description} | {'; '.join(rules(column))} |"
            for column in table.columns
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"
