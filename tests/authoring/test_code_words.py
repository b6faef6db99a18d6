"""The words of code that the lessons teach: found in their code, explained, and counted."""

import ast
import contextlib
import io
import re

import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.mixture import GaussianMixture

from course_utils import AS_OF, load
from course_utils.authoring import code_words
from course_utils.tables import SCHEMAS

LEARNING = {
    "KMeans": KMeans,
    "GaussianMixture": GaussianMixture,
    "silhouette_score": silhouette_score,
    "adjusted_rand_score": adjusted_rand_score,
}
MODULES = dict.fromkeys(LEARNING, "sklearn") | {
    "pd": "pandas",
    "np": "numpy",
    "sns": "seaborn",
    "expect": "course_utils",
    "charts": "course_utils",
}


def lesson(*cells):
    return new_notebook(
        cells=[(new_markdown_cell if cell.startswith("#") else new_code_cell)(cell) for cell in cells]
    )


class Tables(dict):
    """The names that an example may use; a table is loaded when it is asked for first."""

    def __missing__(self, name):
        if name not in (*SCHEMAS, "questions"):
            raise KeyError(name)
        table = load("consultations" if name == "questions" else name).head(2000)
        self[name] = table.sort_values("date") if name in ("touches", "questions") else table
        return self[name]


@pytest.fixture(scope="module")
def tables():
    return Tables(pd=pd, np=np, sns=sns, AS_OF=AS_OF, **LEARNING)


@pytest.mark.parametrize("word", code_words.catalogue())
def test_an_example_runs_and_has_its_word_in_it(word, tables):
    line = code_words.catalogue()[word].example
    assert word in code_words.words(ast.parse(line), MODULES)
    with contextlib.redirect_stdout(io.StringIO()), pd.option_context("display.max_colwidth", 50):
        exec(compile(line, "<example>", "exec"), {}, tables)


def test_an_explanation_is_a_sentence():
    for word, entry in code_words.catalogue().items():
        assert re.fullmatch(r"[A-Z*`].*\.", entry.says), word


def test_the_page_of_the_kit_is_up_to_date(kit):
    written = (kit / code_words.PAGE).read_text(encoding="utf-8")
    assert written == code_words.page(kit), "run course contents"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('patrons["age_band"].isin(ages)', ['["…"]', ".isin(…)"]),
        ("pd.cut(ages, 3, labels=names).head()", ["pd.cut(…)", "labels=…", ".head(…)"]),
        ("np.random.default_rng(9).permutation(x)", ["np.random.default_rng(…)", ".permutation(…)"]),
        ("library.patrons.T", [".T"]),
        ("charts.gap_chart(x, within=3).plans", []),
        ('expect("x").is_count().equals(3, hint="no")', []),
        ("[len(x) for x in ages]", ["[… for …]", "len(…)"]),
        ('t.assign(is_new=~t["old"])', [".assign(…)", "~", '["…"]']),
        ("score(ages, size=3)", []),
    ],
)
def test_words_are_found_in_code(code, found):
    assert sorted(code_words.words(ast.parse(code), MODULES)) == sorted(found)


def test_a_word_is_new_once_and_side_roads_do_not_count():
    lessons = {
        "01_a": lesson(
            "# A", "x.head()", "## Side road: more", "### Deeper", "x.rank()", "## On", "x.tail()"
        ),
        "02_b": lesson("# B", "x.head()", "x.rank()"),
    }
    assert code_words.newly_met(lessons) == {"01_a": [".head(…)", ".tail(…)"], "02_b": [".rank(…)"]}
    assert [(one.word, one.lesson) for one in code_words.met(lessons)] == [
        (".head(…)", "01_a"),
        (".rank(…)", "01_a"),
        (".tail(…)", "01_a"),
    ]
