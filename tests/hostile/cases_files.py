"""H34 to H36, H39: files beside the notebook, links, sizes, scripts for whoever opens the page, the time of handing in."""

import base64
import os
import socket

from hostile.assignment import NAME, RIGHT
from hostile.case import MIDDLE, case
from nbformat.v4 import new_output

TROJAN = """
print("TROJAN runs")
for place in ("@HOME@/PWNED", "@COURSE@/PWNED"):
    try:
        open(place, "w").close()
    except OSError:
        pass
import builtins
class Content:
    def __getattr__(self, name):
        return lambda *a, **k: self
builtins.expect = expect = lambda *a, **k: Content()
def __getattr__(name):
    return Content()
"""


@case("H34", "brings modules named like those that the grader uses", knows="wrong", absent=("TROJAN runs",))
def _(desk):
    for name in (
        "numpy",
        "pandas",
        "course_utils",
        "json",
        "IPython",
        "sitecustomize",
        "usercustomize",
        "nbgrader",
        "os",
        "expect",
    ):
        desk.file(f"{name}.py", TROJAN)
    desk.file("pandas/__init__.py", TROJAN)
    desk.file("evil.pth", "import os; os.system('touch @HOME@/PWNED')")


@case(
    "H34b",
    "brings settings and start-up files for the programs that grade",
    knows="wrong",
    absent=("TROJAN runs",),
)
def _(desk):
    for name in (
        ".ipython/profile_default/startup/00_trojan.py",
        ".ipython/profile_default/ipython_config.py",
        "ipython_config.py",
        "nbgrader_config.py",
        "jupyter_config.py",
        "jupyter_nbconvert_config.py",
        "conftest.py",
        ".jupyter/jupyter_config.py",
    ):
        desk.file(name, TROJAN)
    desk.file("pyproject.toml", "[build-system]\nrequires = []\n")
    desk.file(".env", "PYTHONPATH=.\nPYTHONSTARTUP=trojan.py")
    desk.file("gradebook.db", b"SQLite format 3\0")


@case("H34c", "brings tables and text of its own, and reads them")
def _(desk):
    desk.file("data/mine.csv", "minutes\n200\n60\n")
    desk.file("notes.txt", "sixty")
    desk.answer(
        total="total = pd.read_csv('data/mine.csv')['minutes'].sum() + 0 * len(open('notes.txt').read())"
    )


@case(
    "H34d",
    "keeps a part of the answer in a module beside the notebook",
    marks={"total": ...},
    said={"total": "helper"},
    states={"total": "error in your code"},
)
def _(desk):
    desk.file("helper.py", "def add(column):\n    return column.sum()\n")
    desk.answer(total="import helper\ntotal = helper.add(visits['minutes'])")


@case("H34e", "brings files named like the assignment's and the grader's own", knows="wrong")
def _(desk):
    desk.file(f"{NAME}.json", "{}")
    desk.file("record.json", '{"format": 1, "score": 99}')
    desk.file("results.json", '{"score": 99}')
    desk.file(f"../{NAME}.txt", "one folder up")


# ---- links and things that are no files --------------------------------------------------------------------


@case("H35", "hands in a link to the gradebook as the notebook", knows="wrong", refused="link")
def _(desk):
    desk.raw(None)
    desk.path.symlink_to(desk.course / "assignments" / "gradebook.db")


@case(
    "H35b",
    "hands in links to a key, to the class's source and to the gradebook, and reads them",
    knows="wrong",
)
def _(desk):
    folder = desk.course / "assignments"
    for name, target in {
        "key.txt": desk.home / ".ssh" / "id_rsa",
        "users.csv": "/etc/passwd",
        "source.json": folder / "source" / NAME / f"{NAME}.ipynb",
        "book.csv": folder / "gradebook.db",
        "folder": folder / "source",
        "up": "../..",
        "loop": "loop",
        "nowhere.csv": "/no/such/file",
        "endless.csv": "/dev/zero",
    }.items():
        (desk.folder / name).symlink_to(target)
    desk.answer(
        total="""
        import glob
        for path in glob.glob("**", recursive=True) + ["key.txt", "source.json", "up/source"]:
            try:
                print(path, open(path, errors="replace").read(100_000))
            except OSError as problem:
                print(path, problem)
        total = 7
        """
    )


@case("H35c", "hands in a link to a classmate's notebook", knows="wrong", refused="link")
def _(desk):
    desk.raw(None)
    desk.path.symlink_to(desk.course / "assignments" / "submitted" / MIDDLE / NAME / f"{NAME}.ipynb")


@case("H35d", "hands in a pipe, a socket and a device", knows="wrong")
def _(desk):
    os.mkfifo(desk.folder / "pipe.csv")
    # A socket's path must be short: it is made from within its folder.
    here = os.getcwd()
    os.chdir(desk.folder)
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.bind("line.txt")
    finally:
        os.chdir(here)


@case("H35e", "hands in a pipe as the notebook", knows="wrong", refused="ask m_h35e")
def _(desk):
    desk.raw(None)
    os.mkfifo(desk.path)


@case("H35f", "hands in a folder with the name of the notebook", refused="not a file", hostile=False)
def _(desk):
    desk.raw(None)
    desk.path.mkdir()
    desk.file(f"{desk.path.name}/{NAME}.ipynb", desk.text())


@case("H35g", "hands in 50 MB beside the notebook")
def _(desk):
    for number in range(5):
        desk.file(f"table_{number}.csv", b"1,2,3\n" * 1_750_000)


@case("H35h", "hands in a notebook of 120 MB", refused="MB")
def _(desk):
    # Zeros that are never written: the file is large, and takes no room.
    desk.raw(desk.text())
    with desk.path.open("r+b") as file:
        file.truncate(120 * 2**20)


@case("H35i", "has a notebook of 50 MB, all of it a value in one cell")
def _(desk):
    desk.add("x = '" + "y" * 50_000_000 + "'")


@case("H35j", "hands in files with names that break lines, pages and shells")
def _(desk):
    for name in (
        "a\nb.csv",
        "-rf.csv",
        "$(touch PWNED).csv",
        "<script>XSS_CANARY(9)</script>.txt".replace("/", "\u2215"),
        "\u202egpj.txt",
        "é" * 100 + ".csv",
        " .csv",
        "\udcff.csv",
    ):
        desk.file(name, "1")


@case("H35k", "hands in three thousand files in folders in folders")
def _(desk):
    for number in range(3000):
        desk.file(f"{number % 7}/{number % 11}/{number}.csv", "1")
    desk.file("/".join("d" * 40) + "/deep.csv", "1")


# ---- scripts -----------------------------------------------------------------------------------------------

SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="XSS_CANARY(1)"><script>XSS_CANARY(2)</script></svg>'
ACTIVE = [
    "<script>XSS_CANARY(3)</script>",
    "<img src=x onerror=XSS_CANARY(4)>",
    "<a href='javascript:XSS_CANARY(5)'>click</a>",
    "<a href='jAvA&#x09;script:XSS_CANARY(6)'>click</a>",
    "<iframe srcdoc='<script>parent.XSS_CANARY(7)</script>'></iframe>",
    "<details open ontoggle=XSS_CANARY(8)>x</details>",
    "<form action='javascript:XSS_CANARY(9)'><button>x</button></form>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=XSS_CANARY(10)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=XSS_CANARY(11)>'>",
    "<object data='data:text/html,<script>XSS_CANARY(12)</script>'></object>",
    "<meta http-equiv=refresh content='0;url=javascript:XSS_CANARY(13)'>",
    "<style>@import 'javascript:XSS_CANARY(14)'; body{background:url('javascript:XSS_CANARY(15)')}</style>",
    "<base href='javascript:XSS_CANARY(16)//'>",
    "<svg><animate onbegin=XSS_CANARY(17) attributeName=x dur=1s></svg>",
    "<<script>script>XSS_CANARY(18)<</script>/script>",
    "<div style='x:expression(XSS_CANARY(19))'></div></div></div></body></html><script>XSS_CANARY(20)</script>",
]


@case("H36", "shows scripts as outputs of every kind")
def _(desk):
    desk.answer(
        total=f"""
        from IPython.display import HTML, Javascript, Markdown, Latex, SVG, display
        for text in {ACTIVE!r}:
            display(HTML(text), Markdown(text))
            print(text)
        display(Javascript("XSS_CANARY(30)"), SVG(data={SVG!r}), Latex("$\\\\href{{javascript:XSS_CANARY(31)}}{{x}}$"))
        for kind in ("text/html", "application/javascript", "image/svg+xml", "application/vnd.jupyter.widget-view+json", "text/vnd.mermaid", "text/x-unknown"):
            display({{kind: {SVG!r}}}, raw=True)
        {RIGHT["total"]}
        """,
        by_branch=f"""
        class Show:
            def _repr_html_(self):
                return "<script>XSS_CANARY(40)</script>"
            def _repr_mimebundle_(self, **k):
                return {{"text/html": "<script>XSS_CANARY(41)</script>", "text/plain": "<script>XSS_CANARY(42)</script>"}}
        {RIGHT["by_branch"]}
        Show()
        """,
    )


@case("H36b", "writes scripts into the answer in words, and into text cells and raw cells")
def _(desk):
    desk.cell("in_words").source = "\n\n".join(
        [
            *ACTIVE,
            SVG,
            "[x](javascript:XSS_CANARY(50))",
            "![x](javascript:XSS_CANARY(51))",
            "<javascript:XSS_CANARY(52)>",
            "`<script>XSS_CANARY(53)</script>`",
        ]
    )
    desk.add("\n\n".join([*ACTIVE, SVG]), kind="markdown")
    desk.add("</pre>" + "\n".join(ACTIVE), kind="raw")


@case("H36c", "hides scripts in attachments, metadata and outputs of the file")
def _(desk):
    cell = desk.cell("in_words")
    picture = base64.b64encode(SVG.encode()).decode()
    cell.attachments = {
        "x.svg": {"image/svg+xml": picture},
        "<script>XSS_CANARY(60)</script>": {"text/html": "<script>XSS_CANARY(61)</script>"},
    }
    cell.source = "![](attachment:x.svg)"
    cell.metadata["<script>"] = "</script><script>XSS_CANARY(62)</script>"
    desk.notebook.metadata.title = "</title><script>XSS_CANARY(63)</script>"
    desk.notebook.metadata.widgets = {
        "application/vnd.jupyter.widget-state+json": {
            "state": {
                "x": {
                    "model_name": "HTMLModel",
                    "state": {"value": "</script><script>XSS_CANARY(64)</script>"},
                }
            },
            "version_major": 2,
            "version_minor": 0,
        }
    }
    desk.notebook.metadata.authors = [{"name": "<script>XSS_CANARY(65)</script>"}]
    for name in RIGHT:
        desk.cell(name).outputs = [
            new_output(
                "display_data",
                data={
                    "text/html": "<script>XSS_CANARY(66)</script>",
                    "application/javascript": "XSS_CANARY(67)",
                },
            )
        ]


@case("H36d", "shows a page that looks like feedback with other marks", hostile=True)
def _(desk):
    desk.answer(
        total=f"from IPython.display import HTML, display\ndisplay(HTML('<div style=\"position:fixed;inset:0;background:white;z-index:9999\"><h1>Score: 99</h1></div><link rel=stylesheet href=//example.org/x.css><img src=//example.org/track.png>'))\n{RIGHT['total']}"
    )


# ---- the time ----------------------------------------------------------------------------------------------


@case("H39", "writes a time long before the due date into timestamp.txt", hostile=True)
def _(desk):
    desk.file("timestamp.txt", "2000-01-01 00:00:00.000000 UTC")


@case("H39b", "has a timestamp.txt that is no time")
def _(desk):
    desk.file("timestamp.txt", "yesterday evening, I think")


@case("H39c", "has a timestamp.txt that is a link to a key", hostile=True)
def _(desk):
    (desk.folder / "timestamp.txt").symlink_to(desk.home / ".ssh" / "id_rsa")


@case(
    "X22",
    "goes by a very long name with quotes, spaces and letters of all kinds",
    student='m_x22 o\'Brien, "Zoë" & Søn; (x) ' + "l" * 80,
)
def _(desk):
    pass


@case("X23", "changed times of files to the next century and forbade to read them")
def _(desk):
    path = desk.file("later.csv", "1")
    os.utime(path, (4e9, 4e9))
    os.chmod(path, 0)


# ---- what is small in the file, and large once it is read --------------------------------------------------


@case("X30", "hands in a notebook of a million empty cells", knows="wrong", refused="cells")
def _(desk):
    desk.raw('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + "{}," * 999_999 + "{}]}")


@case("X30b", "hides five million empty lists in the metadata", knows="wrong", refused="pieces")
def _(desk):
    desk.raw(desk.text().replace('"metadata": {', '"metadata": {"x": [' + "[]," * 5_000_000 + "[]],", 1))


@case("X30c", "hands in notebook format 3 with a hundred thousand cells", knows="wrong", refused="cells")
def _(desk):
    cell = '{"cell_type": "code", "input": "", "outputs": [], "language": "python", "metadata": {}}'
    cells = ",".join([cell] * 100_000)
    desk.raw(
        '{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [' + cells + "]}]}"
    )


@case("X31", "attaches a picture of 40 MB to the answer in words", noted="pictures of more than 8 MB")
def _(desk):
    cell = desk.cell("in_words")
    cell.attachments = {"x.png": {"image/png": "A" * 40_000_000}}
    cell.source = "![](attachment:x.png)"


DEEP = (
    "[",
    "> ",
    "*a_",
    "<",
    "`",
    "![](",
    "<b>",
    "- ",
    "|a",
    "<!--",
    "[a](<",
    "$",
    "___a",
    "~",
    "(http://",
    "&",
)


@case("X32", "writes words that keep anyone who renders them busy")
def _(desk):
    desk.cell("in_words").source = "> " * 5_000 + "x"
    for sign in DEEP:
        desk.add(sign * (60_000 // len(sign)), kind="markdown")


@case("X33", "shows pages and colors that keep anyone who cleans them busy")
def _(desk):
    desk.answer(
        total=f"""
        from IPython.display import HTML, SVG, display
        for sign in {("<b>", "<a ", "<!--", "<table><tr>", "<style>", "<math>", "<![CDATA[", "&amp")!r}:
            display(HTML(sign * (100_000 // len(sign))))
        for sign in ("\\x1b[31m", "\\x1b[", "\\x1b[1;1;", "\\r", "\\x08"):
            print(sign * (100_000 // len(sign)))
        {RIGHT["total"]}
        """
    )


@case("X32b", "writes pictures that are never closed, by the thousand")
def _(desk):
    for text in ("![a](attachment:" * 1000, "![a](attachment:" * 20 + ";base64," + "A" * 60_000):
        desk.add(f"{text}<script>", kind="markdown")


@case("X33b", "shows scripts that are never closed, in many cells")
def _(desk):
    for _ in range(10):
        desk.add(
            "from IPython.display import HTML, display\ndisplay(HTML('<script ' * 3000 + ';base64,' + 'A' * 400000))"
        )


@case("X34", "has code that is nested deeper than Python can read", hostile=True)
def _(desk):
    for source in (
        "x = " + "(" * 90_000,
        "x = " + "-" * 90_000 + "1",
        "x" + ".y" * 90_000,
        "x = " + "[" * 90_000 + "]" * 90_000,
        "x = " + "1 + " * 40_000 + "1",
        "x" + "()" * 40_000,
        "lambda: " * 40_000 + "1",
    ):
        desk.add(source)


@case("X34b", "has sixty cells of fifty thousand statements", hostile=True)
def _(desk):
    for _ in range(60):
        desk.add("x;" * 49_000)


@case("X35", "has a timestamp.txt of 30 MB")
def _(desk):
    desk.file("timestamp.txt", b"2026-01-01 00:00:00 UTC" + b" " * 30_000_000)
