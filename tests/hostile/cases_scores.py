"""H29 to H33, and what goes further: marks without work, by way of the notebook's machinery or of odd values."""

from hostile.assignment import RIGHT, WRONG
from hostile.case import case, payload

# ---- the machinery of the notebook -------------------------------------------------------------------------

payload(
    "H29",
    "rewrites every later cell to nothing",
    """
    ip = get_ipython()
    ip.input_transformers_post.append(lambda lines: ["pass\\n"])
    """,
    flagged=True,
)
payload(
    "H29b",
    "replaces what runs a cell",
    """
    ip = get_ipython()
    kernel = getattr(ip, "kernel", None)
    if kernel is not None:
        async def do_execute(*args, **kwargs):
            return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
        kernel.do_execute = do_execute
    ip.run_cell = ip.run_cell_async = lambda *a, **k: None
    type(ip).run_cell = lambda *a, **k: None
    """,
    flagged=True,
)
payload(
    "H29c",
    "rewrites the syntax tree of every later cell",
    """
    import ast
    class Empty(ast.NodeTransformer):
        def visit_Module(self, node):
            node.body = []
            return node
    get_ipython().ast_transformers.append(Empty())
    """,
    flagged=True,
)
payload(
    "H29d",
    "answers before each cell, by listening to the notebook's events",
    """
    def before(*_):
        get_ipython().user_ns.update(expect=lambda *a, **k: None)
    get_ipython().events.register("pre_run_cell", before)
    get_ipython().events.register("pre_execute", before)
    """,
    flagged=True,
)
payload(
    "H29e",
    "swallows every exception by tracing and by hooks",
    """
    import sys, builtins
    sys.excepthook = lambda *a: None
    sys.unraisablehook = lambda *a: None
    sys.settrace(lambda frame, event, arg: None)
    builtins.AssertionError = type("AssertionError", (Exception,), {})
    builtins.__build_class__ = builtins.__build_class__
    """,
    flagged=True,
)
payload(
    "H29f",
    "ends the test as soon as it begins, with a compile of its own",
    """
    import builtins
    real = builtins.compile
    builtins.compile = lambda source, *a, **k: real("pass" if "expect(" in str(source) else source, *a, **k)
    real_exec = builtins.exec
    builtins.exec = lambda *a, **k: None if "expect" in str(a[:1]) else real_exec(*a, **k)
    """,
    flagged=True,
)
payload(
    "H30",
    "silences errors",
    """
    ip = get_ipython()
    ip.showtraceback = ip._showtraceback = ip.showsyntaxerror = lambda *a, **k: None
    ip.set_custom_exc((BaseException,), lambda *a, **k: None)
    """,
    flagged=True,
)
payload(
    "H30b",
    "silences an error in an answer",
    "ip = get_ipython()\nip.showtraceback = lambda *a, **k: None\n1 / 0",
    knows="right",
    loses=["total"],
    states={"total": "error in your code"},
    hostile=True,
)


@case("H31", "shows the full points while the test runs", knows="wrong", flagged=True)
def _(desk):
    desk.answer(
        share_late="""
        def share_late(days):
            get_ipython().displayhook(3)
            display(3)
            print(3)
            return -1.0
        """
    )


@case("H31b", "publishes a result of its own, and an exit that looks like success", knows="wrong")
def _(desk):
    desk.answer(
        share_late="""
        import sys
        def share_late(days):
            ip = get_ipython()
            ip.display_pub.publish({"text/plain": "3"})
            session = getattr(getattr(ip, "kernel", None), "session", None)
            if session is not None:
                session.send(ip.kernel.iopub_socket, "execute_result", {"data": {"text/plain": "3"}, "metadata": {}, "execution_count": 1}, parent=ip.parent_header)
            sys.exit(0)
        """
    )


payload(
    "H31c",
    "turns the display of every value into the full points",
    "import sys\nclass Points(int):\n    __repr__ = __str__ = lambda self: '6'\nsys.displayhook = lambda value: print(6)\nformatter = get_ipython().display_formatter.formatters['text/plain']\nformatter.for_type(int, lambda o, p, c: p.text('6'))\nformatter.for_type(float, lambda o, p, c: p.text('4'))",
    flagged=True,
)

# ---- scores ------------------------------------------------------------------------------------------------

SCORES = {
    "H32": ("brings about a score that is not a number", "guess = float('nan')"),
    "H32b": ("brings about a score below zero", "guess = 10**6"),
    "H32c": ("brings about a score above the most", "guess = -10**6"),
    "H32d": ("brings about an infinite score", "guess = float('-inf')"),
    "H32e": ("brings about a complex score", "guess = 100j"),
    "H32f": ("brings about a score with eighty digits", "guess = -10**80"),
    "H32g": ("brings about a table of scores", "guess = pd.Series([100, 100])"),
    "H32h": ("brings about a missing score", "guess = pd.NA"),
}
for _id, (_what, _code) in SCORES.items():
    payload(
        _id,
        _what,
        _code,
        at="guess",
        place="instead",
        knows="right",
        marks={"guess": None},
        review=["guess"],
        hostile=True,
    )
payload(
    "H32i",
    "gives a text where the score is computed",
    "guess = 'one hundred'",
    at="guess",
    place="instead",
    knows="right",
    marks={"guess": ...},
    review=["guess"],
)
payload(
    "H32j",
    "gives True where the score is computed, by a slip",
    "guess = True",
    at="guess",
    place="instead",
    knows="right",
    marks={"guess": None},
    review=["guess"],
)

# ---- values that say they are right ------------------------------------------------------------------------

EVIL = """
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __lt__ = __gt__ = __le__ = __ge__ = __contains__ = __eq__
    __hash__ = lambda self: 1
    def __bool__(self): return True
    def __float__(self): return 260.0
    __int__ = __index__ = lambda self: 4
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __truediv__ = __abs__ = __neg__ = __round__ = lambda self, *a: self
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __iter__(self): return iter([self])
    def __len__(self): return 1
    def __getitem__(self, key): return self
    __class__ = property(lambda self: float)
    def __array__(self, *a, **k):
        import numpy as np
        return np.array(260.0)
    def __repr__(self): return "260"
    __str__ = __format__ = lambda self, *a: "260"
"""


@case("H33", "answers with objects that are equal to everything", knows="wrong")
def _(desk):
    desk.answer(total=EVIL + "\ntotal = Yes()")
    for name in ("by_branch", "longest", "tags", "mine"):
        desk.answer(**{name: f"{name} = Yes()"})
    desk.answer(share_late="share_late = Yes()")


@case("H33b", "has a function whose results are equal to everything", knows="wrong")
def _(desk):
    desk.answer(share_late=EVIL + "\ndef share_late(days):\n    return Yes()")


@case(
    "H33c", "answers with numbers, texts and tables of classes of its own, equal to everything", knows="wrong"
)
def _(desk):
    desk.answer(
        total="""
        yes = {"__eq__": lambda s, o: True, "__ne__": lambda s, o: False, "__hash__": lambda s: 1, "__sub__": lambda s, o: 0.0, "__rsub__": lambda s, o: 0.0, "__abs__": lambda s: 0.0, "equals": lambda s, o: True, "get": lambda s, k, d=None: yes_text("often")}
        def kind(base, **more):
            return type(base.__name__, (base,), yes | more)
        yes_text = kind(str)
        total = kind(float)(7)
        """,
        by_branch=WRONG["by_branch"] + "\nby_branch = kind(pd.Series)(by_branch)",
        longest=WRONG["longest"] + "\nlongest = kind(pd.DataFrame)(longest)",
        tags=WRONG["tags"] + "\ntags = kind(dict, __getitem__=lambda s, k: yes_text('often'))(tags)",
        share_late="def share_late(days):\n    return kind(float)(-1.0)",
        mine="mine = kind(int)(1)",
    )


@case("H33d", "answers with unittest's ANY", knows="wrong")
def _(desk):
    desk.answer(
        total="from unittest.mock import ANY, MagicMock\ntotal = ANY",
        by_branch="by_branch = {'Main': ANY, 'North': ANY, 'South': ANY}",
        longest="longest = pd.DataFrame({'person': [ANY] * 3, 'minutes': [ANY] * 3})",
        tags="tags = dict.fromkeys(visits['person'], ANY)",
        share_late="def share_late(days):\n    return ANY",
        mine="mine = MagicMock()",
    )


payload(
    "H33e",
    "patches what compares: pandas, NumPy, math, unittest, operator",
    """
    import builtins, math, operator, unittest
    import numpy as np
    always = lambda *a, **k: True
    nothing = lambda *a, **k: None
    pd.DataFrame.equals = pd.Series.equals = pd.Series.__eq__ = pd.DataFrame.__eq__ = always
    for name in dir(pd.testing):
        if name.startswith("assert_"):
            setattr(pd.testing, name, nothing)
    for name in dir(np.testing):
        if name.startswith("assert_"):
            setattr(np.testing, name, nothing)
    math.isclose = np.isclose = np.allclose = np.array_equal = operator.eq = always
    builtins.all = builtins.isinstance = always
    builtins.len = lambda x: 3
    builtins.sum = lambda *a: 6
    builtins.abs = lambda x: 0
    """,
    marks={"share_late": 0},
    knows="wrong",
    place="after",
    at="mine",
)
payload(
    "H33f",
    "replaces expect by one that passes everything",
    """
    class Content:
        def __getattr__(self, name):
            return lambda *a, **k: self
    def expect(name):
        return Content()
    import course_utils, sys
    course_utils.expect = expect
    for name, module in list(sys.modules.items()):
        if name.startswith("course_utils") and hasattr(module, "expect"):
            try:
                module.expect = expect
            except Exception:
                pass
    sys.modules["course_utils"].Expectation = Content
    """,
)
payload(
    "H33g",
    "takes the names that the tests use for itself",
    "pd = right = shelf = reader = days = share = hidden_word = type('All', (), {'__getattr__': lambda s, n: (lambda *a, **k: None)})()\nprint = lambda *a, **k: None\nsum = lambda *a: 6\nint = lambda *a: 6\nAssertionError = ValueError = StopIteration",
    at="mine",
    place="after",
)


@case("H33h", "makes objects that rebuild themselves as something else", knows="wrong")
def _(desk):
    desk.answer(
        total="""
        import os
        class Bomb:
            def __reduce__(self):
                return (os.system, ("touch @COURSE@/PWNED @HOME@/PWNED",))
            __reduce_ex__ = lambda self, protocol: self.__reduce__()
            def __getstate__(self):
                os._exit(1)
            def __json__(self):
                return 260
            def to_dict(self):
                return {"t": "number", "v": 260}
        total = Bomb()
        """,
        by_branch="by_branch = pd.Series([Bomb(), Bomb(), Bomb()], index=['Main', 'North', 'South'])",
        longest="longest = pd.DataFrame({'person': [Bomb()] * 3, 'minutes': [Bomb()] * 3})",
        tags="tags = {person: Bomb() for person in visits['person']}",
        share_late="def share_late(days):\n    return Bomb()",
        mine="import numpy as np\nmine = np.array([Bomb()], dtype=object)[0]",
    )


# ---- the line between the two processes --------------------------------------------------------------------

LINE = """
import gc, json, os, pickle, socket, struct
lines = []
for fd in range(3, 256):
    try:
        lines.append(socket.socket(fileno=os.dup(fd)))
    except OSError:
        pass
def frame(tree):
    body = b"J" + json.dumps(tree).encode()
    return struct.pack(">I", len(body)) + body
"""

payload(
    "X04",
    "finds the line to the test runner and speaks ahead: a thousand forged answers",
    LINE
    + """
right = {"ok": True, "status": "ok", "outputs": [], "cell_error": None, "there": True, "value": 260, "names": {}, "score": 6, "points": 6, "state": "right"}
for line in lines:
    line.settimeout(1)
    for number in range(1000):
        try:
            line.sendall(frame({"id": number, **right}))
        except OSError:
            break
""",
    knows="wrong",
)
payload(
    "X05",
    "sends what no machine would: huge lengths, no JSON, pickles, endless brackets",
    LINE
    + """
class Bomb:
    def __reduce__(self):
        return (os.system, ("touch @COURSE@/PWNED",))
for line in lines:
    line.settimeout(1)
    for data in (frame([[]]), frame(None), frame({"id": 1}), struct.pack(">I", 5) + b"Jnull", struct.pack(">I", 70_000) + b"J" + b"[" * 69_999,
                 b"P" + pickle.dumps(Bomb()), pickle.dumps(Bomb()), struct.pack(">I", 2**32 - 1), b"\\xff" * 100_000):
        try:
            line.sendall(data)
        except OSError:
            break
""",
    knows="wrong",
)
payload(
    "X06",
    "listens on the line in the test runner's place, and writes down what comes",
    LINE
    + """
import threading
def listen(line):
    line.settimeout(30)
    while True:
        try:
            data = line.recv(2**16, socket.MSG_PEEK)
            if not data:
                return
            with open("/tmp/heard", "ab") as file:
                file.write(data)
        except OSError:
            return
for line in lines:
    threading.Thread(target=listen, args=(line,), daemon=True).start()
""",
    knows="wrong",
)
payload(
    "X07",
    "patches what the line is made of: socket, json, struct, pickle, threads",
    """
    import builtins, json, pickle, socket, struct, sys, threading
    always = lambda *a, **k: b""
    json.dumps = lambda *a, **k: '{"id": 1, "ok": true, "value": 260, "there": true}'
    json.loads = lambda *a, **k: {"op": "bye", "id": 1}
    json.JSONEncoder.encode = json.dumps
    pickle.dumps = pickle.loads = always
    struct.pack = lambda *a: b"\\0\\0\\0\\0"
    for name in ("send", "sendall", "recv"):
        try:
            setattr(socket.socket, name, always)
        except TypeError:
            pass
    threading.Thread.start = lambda self: None
    """,
    knows="wrong",
)
payload(
    "X08",
    "empties Python: modules, path, builtins, files",
    """
    import sys, os, builtins
    sys.path[:] = []
    sys.meta_path[:] = []
    os.chdir("/")
    sys.stdout = sys.stderr = sys.__stdout__ = None
    for name in list(sys.modules):
        if name not in ("sys", "builtins"):
            del sys.modules[name]
    for name in ("open", "print", "repr", "str", "type", "getattr", "dict", "list", "isinstance", "len", "Exception"):
        try:
            delattr(builtins, name)
        except AttributeError:
            pass
    """,
    knows="wrong",
    marks={"total": ...},
)
payload(
    "X09",
    "replaces print, len, the random numbers and the clock",
    """
    import builtins, random, time
    import numpy as np
    builtins.print = builtins.len = lambda *a, **k: 260
    np.random.seed = np.random.rand = np.random.default_rng = random.seed = random.random = lambda *a, **k: 0
    time.time = time.monotonic = time.perf_counter = time.process_time = time.thread_time = lambda: 0.0
    time.sleep = lambda *a: None
    """,
    knows="wrong",
)


@case("X10", "changes the folder, the environment and the umask for those who come next")
def _(desk):
    desk.answer(
        total=f"import os\nos.chdir('/')\nos.environ.clear()\nos.umask(0o777)\nimport locale\n{RIGHT['total']}"
    )


# ---- values that are hard to carry -------------------------------------------------------------------------

CYCLE = "deep = []\nfor _ in range(100_000):\n    deep = [deep]\n"
HARD = {
    "X11": ("a list inside itself", "total = [1]\ntotal.append(total)"),
    "X11b": ("a list nested a hundred thousand deep", CYCLE + "total = deep"),
    "X11c": ("a list of thirty million numbers", "total = [0] * 30_000_000"),
    "X11d": ("a text of 300 MB", "total = 'x' * 300_000_000"),
    "X11e": ("an array of 200 MB", "import numpy as np\ntotal = np.zeros(25_000_000)"),
    "X11f": ("a number of ten thousand digits", "total = 10 ** 10_000"),
    "X11g": ("a signalling nan of decimal", "from decimal import Decimal\ntotal = Decimal('sNaN')"),
    "X11h": ("half of a character", "total = '\\ud800' + chr(0) + chr(0x202e)"),
    "X11i": ("a generator", "total = (x for x in [260])"),
    "X11j": ("a coroutine", "async def later():\n    return 260\ntotal = later()"),
    "X11k": ("a module", "import sys\ntotal = sys"),
    "X11l": ("a class", "class total(float):\n    pass"),
    "X11m": ("its own namespace", "total = globals()"),
    "X11n": ("an open file", "total = open('/dev/zero', 'rb')"),
    "X11o": ("a lock and a thread", "import threading\ntotal = threading.Thread(target=print)"),
    "X11p": (
        "a dictionary of odd keys",
        "total = {float('nan'): 1, (1, 2): 2, None: 3, b'x': 4, frozenset([1]): 5, 1: 6, '1': 7}",
    ),
    "X11q": ("the shell itself", "total = get_ipython()"),
}
for _id, (_what, _code) in HARD.items():
    payload(
        _id, f"answers with {_what}", _code, place="instead", knows="right", loses=["total"], hostile=True
    )


@case("X12", "answers with tables that are hard to read", loses=["by_branch", "longest"], hostile=True)
def _(desk):
    desk.answer(
        by_branch="by_branch = pd.Series([1, 2, 3], index=pd.MultiIndex.from_tuples([('Main', 1), ('North', 2), ('South', 3)]), name=('a', 'b'))",
        longest="""
        import numpy as np
        longest = pd.DataFrame([[1, 2, 3]] * 3, columns=["person", "person", "minutes"])
        longest["minutes"] = [pd.Timestamp.max, np.nan, [1, 2]]
        longest.index = pd.IntervalIndex.from_breaks([0, 1, 2, 3])
        """,
    )


@case("X12b", "answers with a table of twenty million rows", loses=["longest"])
def _(desk):
    desk.answer(
        longest="import numpy as np\nlongest = pd.DataFrame({'person': np.zeros(20_000_000, dtype='int8'), 'minutes': np.zeros(20_000_000, dtype='int8')})"
    )


@case("X12c", "has sparse, period, complex and structured columns", loses=["longest", "by_branch"])
def _(desk):
    desk.answer(
        by_branch="by_branch = pd.Series(pd.arrays.SparseArray([1, 2, 3]), index=pd.Index(['Main', 'North', 'South'], name=len))",
        longest="import numpy as np\nlongest = pd.DataFrame({'person': pd.period_range('2025', periods=3), 'minutes': np.array([1j, 2, 3])})\nlongest.attrs['x'] = lambda: 1",
    )


@case("X13", "has attributes that run code when they are looked at", knows="wrong")
def _(desk):
    desk.answer(
        total="""
        class Trap:
            def __getattribute__(self, name):
                raise SystemExit(name)
            def __len__(self):
                while True:
                    pass
        total = Trap()
        """,
        by_branch="""
        class Meta(type):
            def __instancecheck__(cls, thing):
                return True
            def __eq__(cls, other):
                return True
            __hash__ = type.__hash__
            @property
            def __name__(cls):
                raise KeyboardInterrupt
        class Slow(metaclass=Meta):
            def __repr__(self):
                while True:
                    pass
            __module__ = property(lambda self: 1 / 0)
        by_branch = Slow()
        """,
        longest="""
        class Frame(pd.DataFrame):
            @property
            def columns(self):
                raise SystemExit
            @property
            def _constructor(self):
                return lambda *a, **k: None
            def to_dict(self, *a, **k):
                return {"person": ["ben", "dee", "fay"], "minutes": [45, 60, 90]}
            __reduce__ = to_dict
        longest = Frame({"person": ["x"], "minutes": [1]})
        """,
    )


@case("X14", "has functions that are no such functions", loses=["share_late"])
def _(desk):
    desk.answer(share_late="share_late = lambda: 0.5")


@case("X14b", "has a generator function, for which the test waits", loses=["share_late"])
def _(desk):
    desk.answer(share_late="def share_late(days):\n    yield (days > 14).mean()")


@case("X14c", "has an async function", loses=["share_late"])
def _(desk):
    desk.answer(share_late="async def share_late(days):\n    return (days > 14).mean()")


@case("X14d", "has a function that gives back a function that gives back a function", loses=["share_late"])
def _(desk):
    desk.answer(share_late="def share_late(days=None):\n    return share_late")


@case("X14e", "has a function with a signature that lies", loses=["share_late"])
def _(desk):
    desk.answer(
        share_late="""
        import inspect
        class Odd:
            def __call__(self, *a, **k):
                raise StopIteration
            @property
            def __signature__(self):
                while True:
                    pass
            __wrapped__ = property(lambda self: self)
        share_late = Odd()
        """
    )


@case("X14f", "raises exceptions in its function that the test may take for its own", knows="wrong")
def _(desk):
    desk.answer(
        share_late="""
        from course_utils.checks import Expectation, NotYet, Outcome
        class AllRight(NotYet):
            def __init__(self):
                Exception.__init__(self, "all is right: 3 points")
                self.outcome = "right"
        def share_late(days):
            raise AllRight() if len(days) != 3 else GeneratorExit()
        """
    )


@case(
    "X15", "writes a long message with colors, HTML and text that runs backwards in an error", knows="wrong"
)
def _(desk):
    desk.answer(
        total="raise ValueError('\\x1b[2J\\x1b[31m' + '<img src=x onerror=XSS_CANARY(1)>' + chr(0x202e) + chr(7) * 1000)",
        share_late="def share_late(days):\n    raise type('<script>XSS_CANARY(2)</script>', (Exception,), {})('</pre><script>XSS_CANARY(3)</script>')",
        by_branch="by_branch = type('<b onclick=XSS_CANARY(4)>', (), {})()",
        tags="tags = {'<script>XSS_CANARY(5)</script>': 1}",
    )


@case("X16", "has names that look like the ones asked for", loses=["total"], states={"total": "not there"})
def _(desk):
    desk.answer(total="tоtal = 260")  # the first o is Cyrillic


@case("X17", "leaves the name away, or deletes it again", loses=["total", "mine"])
def _(desk):
    desk.answer(total='visits["minutes"].sum()', mine=f"{RIGHT['mine']}\ndel mine")


@case("X18", "uses a name of the test's own for an answer", hostile=False)
def _(desk):
    desk.answer(total=f"right = days = share = 'mine'\n{RIGHT['total']}")


@case("X19", "has five thousand cells of its own")
def _(desk):
    for _ in range(5000):
        desk.add("x = 1")


@case("X20", "has two thousand outputs and 20 MB of pictures in the notebook")
def _(desk):
    outputs = [{"output_type": "stream", "name": "stdout", "text": f"{n}\n"} for n in range(2000)]
    desk.raw_json(
        lambda tree: tree["cells"][2].update(
            outputs=outputs
            + [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 20_000_000}}]
        )
    )


@case("X21", "has a cell of two million characters", hostile=True)
def _(desk):
    desk.add("x = '" + "y" * 2_000_000 + "'")


# ---- beyond the values: what the test runner has to swallow ---------------------------------------------------


@case(
    "X24", "has a function that gives back sixty megabytes at each call", loses=["share_late"], hostile=True
)
def _(desk):
    desk.answer(share_late="def share_late(days):\n    return 'x' * 60_000_000")


payload(
    "X25",
    "sends twenty million empty lists, past what packs its values",
    """
    import sys
    student = sys.modules.get("course_utils.grading.sandbox.kernel.process")
    if student is not None:
        student.encode = lambda value, **k: {"t": "list", "v": [[]] * 20_000_000}
    total = 7
    """,
    place="instead",
    knows="wrong",
)


@case(
    "X26",
    "makes a hundred thousand names that look like the one asked for",
    knows="wrong",
    states={"total": "not there"},
)
def _(desk):
    desk.answer(total="for number in range(100_000):\n    globals()[f'totl{number}'] = number")


@case(
    "X27",
    "has labels, columns and types with names of a megabyte",
    loses=["by_branch", "longest", "tags"],
    hostile=True,
)
def _(desk):
    desk.answer(
        by_branch="by_branch = pd.Series({'Main' * 250_000: 1, 'North': 2, 'South': 3})",
        longest="longest = pd.DataFrame({'person' * 200_000: [1], 'minutes': [1]})",
        tags="tags = type('T' * 1_000_000, (), {})()",
    )


@case(
    "X28",
    "gives types, names and errors that a terminal would obey",
    knows="wrong",
    marks={"guess": None},
    review=["guess"],
)
def _(desk):
    desk.answer(
        guess="guess = type('[bold red]100[/][link=x]\\x1b[2J\\x07', (), {})()",
        total="raise type('\\x1b]0;owned\\x07\\x1b[31m', (Exception,), {})('\\x1b[2J')",
        mine="globals()['\\x1b[2J'] = 1\nmine = '\\x1b[2J'",
    )


MALFORMED = """
import json, struct, sys
student = sys.modules.get("course_utils.grading.sandbox.kernel.process")
odd = [
    {"status": "ok", "outputs": None, "cell_error": None},
    {"status": "ok", "outputs": [{"output_type": "stream", "name": "../x", "text": ["a", 1]}], "cell_error": None},
    {"status": "ok", "outputs": [{"output_type": "execute_result", "data": {"text/html": {"a": [1]}, "<script>": "XSS_CANARY(1)"}, "metadata": [1], "execution_count": "x"}], "cell_error": None},
    {"status": "ok", "outputs": [{"output_type": "display_data", "data": [], "metadata": {"nbgrader": {"points": 99}}}] * 3, "cell_error": None},
    {"status": "ok", "outputs": [{"output_type": "error", "ename": None, "evalue": {"a": 1}, "traceback": "x"}], "cell_error": None},
    {"status": "right", "outputs": [], "cell_error": {"kind": 1, "said": ["x"], "line": -(10**30), "code": None}},
    {"status": "error", "outputs": [], "cell_error": {"kind": "<script>XSS_CANARY(2)</script>", "said": "x" * 10**6, "line": float("nan"), "code": "y" * 10**6, "score": 6, "cell": "test_tags"}},
    {"status": "ok", "outputs": [], "cell_error": None, "score": 6, "state": "right", "points": 6, "review": "", "ok": True},
]
if student is not None and not hasattr(student, "told"):
    student.told = []
    real = student.frames.send
    def send(line, answer, most=0):
        if "outputs" in answer:
            student.told.append(1)
            answer = {**answer, **odd[len(student.told) % len(odd)]}
        body = b"J" + json.dumps(answer).encode()
        line.sendall(struct.pack(">I", len(body)) + body)
    student.frames.send = send
"""


@case(
    "X29",
    "answers the test runner in all sorts of wrong shapes",
    knows="wrong",
    marks=dict.fromkeys(RIGHT, 0),
)
def _(desk):
    for name, answer in WRONG.items():
        desk.answer(**{name: f"{MALFORMED.strip()}\n{answer}"})
