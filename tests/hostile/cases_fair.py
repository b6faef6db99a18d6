"""H10 to H15, H37, H38, H40: answers that are right, nearly right, lucky or prepared."""

from hostile.assignment import RIGHT
from hostile.case import case, payload

# ---- one cell fails ----------------------------------------------------------------------------------------

payload(
    "H10",
    "has a syntax error in one cell",
    "total = (",
    place="instead",
    knows="right",
    loses=["total"],
    states={"total": "error in your code"},
    said={"total": "SyntaxError"},
)
payload(
    "H10b",
    "has wrong indentation in one cell",
    "    total = 1\n  total = 2",
    place="instead",
    knows="right",
    loses=["total"],
    states={"total": "error in your code"},
)
payload(
    "H10c",
    "has an error in the middle of one cell",
    "middle = 1 / 0",
    knows="right",
    loses=["total"],
    states={"total": "error in your code"},
    said={"total": "ZeroDivisionError"},
)


@case(
    "H11",
    "uses a name that a later cell makes",
    loses=["total"],
    states={"total": "error in your code"},
    said={"total": "minutes"},
)
def _(desk):
    desk.answer(total="total = minutes.sum()", mine=f"minutes = visits['minutes']\n{RIGHT['mine']}")


# ---- noise -------------------------------------------------------------------------------------------------

payload(
    "H12",
    "gets a warning of pandas",
    "import warnings\nwarnings.warn('soon otherwise', FutureWarning)",
    knows="right",
)
payload(
    "H12b",
    "writes to a log and to standard error",
    "import logging, sys\nlogging.basicConfig()\nlogging.error('started')\nprint('50%', file=sys.stderr)",
    knows="right",
)


@case("H12c", "shows progress in a function that the test calls")
def _(desk):
    desk.answer(
        share_late="""
        import sys
        def share_late(days):
            for step in range(3):
                print(f"\\r{step} of 3", end="", file=sys.stderr)
            print("done")
            return (days > 14).mean()
        """
    )


@case("H12d", "uses what Jupyter offers: magics, the shell, display, await, a last value")
def _(desk):
    desk.answer(
        total=f"""
        %time x = 1
        !echo hello
        from IPython.display import display, Markdown
        display(Markdown("*so far*"))
        import asyncio
        await asyncio.sleep(0)
        {RIGHT["total"]}
        total
        """,
        mine="%matplotlib inline\nmine = shelf * 2\nmine",
    )


@case("H12e", "draws a chart before the answer")
def _(desk):
    desk.answer(
        total=f"import seaborn as sns\nax = sns.barplot(visits, x='branch', y='minutes')\n{RIGHT['total']}"
    )


# ---- scores that are no plain numbers ----------------------------------------------------------------------

payload(
    "H13",
    "is wrong, and the score is a NumPy 0.0",
    "import numpy as np\nguess = np.float64(200)",
    at="guess",
    place="instead",
    knows="wrong",
    hostile=False,
)
payload(
    "H13b",
    "is half right, and the score is a NumPy 2.0",
    "import numpy as np\nguess = np.float32(150)",
    at="guess",
    place="instead",
    knows="wrong",
    hostile=False,
    marks={"guess": 2},
)
payload(
    "H13c",
    "is partly right",
    "tags = dict.fromkeys(visits['person'], 'often')",
    at="tags",
    place="instead",
    knows="right",
    marks={"tags": 3},
    states={"tags": "partly right"},
)
payload(
    "H13d",
    "gets a score below full from an integer of NumPy",
    "import numpy as np\nguess = np.int64(175)",
    at="guess",
    place="instead",
    knows="right",
    marks={"guess": 1},
    states={"guess": "partly right"},
)


# ---- other forms of the right answer -----------------------------------------------------------------------


@case("H14", "answers in NumPy's and pandas' own types")
def _(desk):
    desk.answer(
        total="import numpy as np\ntotal = np.array(260.0)",
        by_branch="by_branch = pd.Series([60, 45, 32.5], index=pd.CategoricalIndex(['South', 'Main', 'North']), dtype='Float64')",
        longest="longest = visits[visits['minutes'] >= 45].sort_values('minutes', ascending=False).astype({'person': 'category', 'minutes': 'Int16'})",
        share_late="import numpy as np\nshare_late = lambda days: np.float32((days > 14).sum() / len(days))",
        mine="mine = float(shelf + shelf)",
    )


@case("H14b", "answers in plain Python")
def _(desk):
    desk.answer(
        total="total = sum([30, 45, 15, 60, 20, 90])",
        by_branch="by_branch = {'North': 32.5, 'South': 60, 'Main': 45}",
        longest="longest = pd.DataFrame([{'minutes': 60, 'person': 'dee'}, {'minutes': 45, 'person': 'ben'}, {'minutes': 90, 'person': 'fay'}]).set_index('person')",
        share_late="def share_late(days):\n    days = list(days)\n    return len([d for d in days if d > 14]) / len(days)",
        tags="tags = pd.Series(['often' if m > 40 else 'seldom' for m in visits['minutes']], index=visits['person'])",
    )


@case("H14c", "answers with a result within rounding of the right one")
def _(desk):
    desk.answer(
        total="total = 0.1 * 2600 + 1e-12", by_branch=f"{RIGHT['by_branch']}\nby_branch = by_branch / 3 * 3"
    )


# ---- inputs that are changed -------------------------------------------------------------------------------


@case("H15", "spoils the shared tables after the answers")
def _(desk):
    desk.add("visits.drop(columns='person', inplace=True)\nvisits['minutes'] = 0\nshelf = 0\nreader = 'x'")


@case("H15b", "has a function that is right, and spoils its argument")
def _(desk):
    desk.answer(
        share_late="""
        def share_late(days):
            late = days > 14
            days[:] = 0
            days[late] = 1
            return days.mean()
        """,
    )


@case("H15c", "has a function that remembers its last call", loses=["share_late"], hostile=True)
def _(desk):
    desk.answer(
        share_late="""
        calls = []
        def share_late(days):
            calls.append(list(days))
            return 0.5
        """
    )


@case("H15d", "has a function that calls itself")
def _(desk):
    desk.answer(
        share_late="""
        def late(days):
            return 0 if not days else (days[0] > 14) + late(days[1:])
        def share_late(days):
            return late(list(days)) / len(days)
        """
    )


@case("H15e", "has a class with a call of its own as the function, and one made by another function")
def _(desk):
    desk.answer(
        share_late="""
        import functools
        class Share:
            def __init__(self, limit):
                self.limit = limit
            def __call__(self, days):
                return (days > self.limit).mean()
        share_late = functools.partial(Share(14).__call__)
        """
    )


# ---- prepared for the tests --------------------------------------------------------------------------------


@case("H37", "has written down what the visible test expects", knows="wrong")
def _(desk):
    desk.answer(share_late="def share_late(days):\n    return 0.5")


@case("H37b", "behaves otherwise when it is graded", knows="wrong")
def _(desk):
    desk.answer(
        total="""
        import os, sys
        graded = [name for name in os.environ if "NBGRADER" in name.upper() or "GRAD" in name.upper()]
        total = 260 if graded or "nbgrader" in sys.modules else 7
        """
    )


@case("H38", "hands in a classmate's numbers", loses=["mine"], states={"mine": "wrong value"})
def _(desk):
    desk.answer(mine=f"mine = {2 * (100 + sum(map(ord, 'z_innocent')) % 800)}")


@case("H38b", "says to be a classmate before the answers", loses=["mine"], hostile=True, flagged=True)
def _(desk):
    desk.add(
        """
        import os
        os.environ["COURSE_STUDENT"] = reader = "z_innocent"
        shelf = 100 + sum(map(ord, reader)) % 800
        """,
        before="total",
    )


# ---- chance and the clock ----------------------------------------------------------------------------------

payload(
    "H40",
    "draws the answer by chance, without a seed",
    "import random\nimport numpy as np\nguess = 100 + 25 * np.random.randint(1, 4) + random.choice([0, 25])\nprint(guess)",
    at="guess",
    place="instead",
    knows="right",
    marks={"guess": ...},
)
payload(
    "H40b",
    "depends on the order of a set of texts",
    "guess = 100 + 25 * ['a', 'b', 'c'].index(next(iter({'a', 'b', 'c'})))\nprint(guess)",
    at="guess",
    place="instead",
    knows="right",
    marks={"guess": ...},
)


@case("H40c", "sets the seed, the clock's zone and the options of pandas otherwise")
def _(desk):
    desk.add(
        """
        import os, random, time, locale
        import numpy as np
        random.seed(1); np.random.seed(2)
        os.environ["TZ"] = "Pacific/Kiritimati"; time.tzset()
        pd.set_option("display.precision", 1)
        pd.options.mode.copy_on_write = True
        """,
        before="total",
    )


# ---- unusual, and all right --------------------------------------------------------------------------------


@case("X36", "computes the answer in threads and in two processes")
def _(desk):
    desk.answer(
        total="""
        from concurrent.futures import ThreadPoolExecutor
        from multiprocessing import Pool
        with ThreadPoolExecutor(4) as threads:
            minutes = list(threads.map(int, visits["minutes"]))
        with Pool(2) as pool:
            total = sum(pool.map(abs, minutes))
        """
    )


@case("X37", "writes files of all kinds, and reads them again")
def _(desk):
    desk.answer(
        total="""
        import pickle, sqlite3, tempfile, zipfile
        from pathlib import Path
        visits.to_csv("visits.csv", index=False)
        visits.to_pickle("visits.pkl")
        with zipfile.ZipFile("visits.zip", "w") as archive:
            archive.write("visits.csv")
        Path("a/b").mkdir(parents=True)
        with tempfile.TemporaryDirectory() as folder, sqlite3.connect(f"{folder}/x.db") as base:
            visits.to_sql("visits", base)
            again = pd.read_sql("select * from visits", base)
        again.plot.bar(x="person", y="minutes").figure.savefig("a/b/chart.png")
        total = (pd.read_csv("visits.zip")["minutes"] + pd.read_pickle("visits.pkl")["minutes"] + again["minutes"]).sum() / 3
        """
    )


@case("X38", "uses names of Python's own for its own values")
def _(desk):
    desk.answer(
        total=f"list = dict = str = max = visits['minutes']\n{RIGHT['total']}\nsum = total",
        mine="print = len = shelf\nmine = shelf * 2",
    )


@case("X39", "answers with what pandas gives, where a list or a text is usual")
def _(desk):
    desk.answer(
        by_branch="""
        means = visits.assign(branch=visits["branch"].astype("category")).groupby("branch", observed=True)["minutes"].mean()
        by_branch = means.astype("Float64")
        """,
        longest="""
        people = pd.CategoricalDtype(["fay", "dee", "ben", "ada", "cy", "eva"], ordered=True)
        longest = visits.astype({"person": people}).query("minutes >= 45")[["minutes", "person"]]
        """,
    )


payload(
    "X40",
    "runs a loop inside the notebook's own",
    """
    import asyncio, nest_asyncio2
    nest_asyncio2.apply()
    async def nothing():
        await asyncio.sleep(0)
    asyncio.run(nothing())
    """,
    knows="right",
)


@case("X41", "has a function that raises a group of errors", loses=["share_late"])
def _(desk):
    desk.answer(share_late="def share_late(days):\n    raise ExceptionGroup('several', [ValueError(1)])")
