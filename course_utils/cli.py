"""The command ``course``: one function for each verb, each of which imports what it needs when it is called."""

import argparse
import errno
import functools
import re
import sys

from course_utils import kit
from course_utils.errors import CourseError


def lab(options: argparse.Namespace) -> int:
    from course_utils import lab

    return lab.start(options.jupyter, instructor=options.instructor)


def sync(options: argparse.Namespace) -> int:
    from course_utils.authoring import sync
    from course_utils.kit import kit_folder

    kit = kit_folder()
    chosen = sync.chosen_pairs(kit, options.files) if options.files else sync.pairs(kit)
    if options.check:
        findings = sync.check(kit, chosen)
        for finding in findings:
            print(finding.sentence, file=sys.stderr)
        if not findings:
            print("Texts and notebooks say the same.")
        return 1 if findings else 0
    for line in sync.sync(kit, chosen, options.source) or ["Texts and notebooks say the same already."]:
        print(line)
    return 0


def env(options: argparse.Namespace) -> int:
    from course_utils.authoring import environment
    from course_utils.kit import kit_folder

    return environment.check(kit_folder()) if options.check else environment.write(kit_folder())


def lock(options: argparse.Namespace) -> int:
    from course_utils.authoring import environment
    from course_utils.kit import kit_folder

    return environment.lock(kit_folder(), upgrade=options.upgrade)


def lint(options: argparse.Namespace) -> int:
    from course_utils.authoring import lint
    from course_utils.kit import kit_folder

    findings = lint.in_files(kit_folder(), options.files) if options.files else lint.lint(kit_folder())
    for finding in findings:
        print(finding, file=sys.stderr)
    print("Nothing to mend." if not findings else f"{len(findings)} to mend.")
    return 1 if findings else 0


def contents(options: argparse.Namespace) -> int:
    from course_utils.authoring import code_words, weeks
    from course_utils.authoring.lint import glossary
    from course_utils.kit import kit_folder, write_whole

    kit = kit_folder()
    due = {
        kit / "docs" / "glossary.md": glossary(kit),
        kit / code_words.PAGE: code_words.page(kit),
        **weeks.pages(kit),
    }
    behind = [
        path for path, text in due.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in behind:
        if options.check:
            print(f"{path.relative_to(kit)} is behind the lessons: run course contents.", file=sys.stderr)
        else:
            write_whole(path, due[path])
            print(f"{path.relative_to(kit)} is up to date.")
    return 1 if behind and options.check else 0


def new_week(options: argparse.Namespace) -> int:
    from course_utils.authoring.new_week import new_week
    from course_utils.kit import kit_folder

    made = new_week(kit_folder(), options.number, options.name, options.method)
    for path in made:
        print(path)
    print("Next: CONTRIBUTING.md, “A new week”, says what goes into each; make check looks at all of it.")
    return 0


def proofs(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import Progress

    from course_utils.grading import proving

    console = Console()
    bad = 0
    for assignment in options.assignments or proving.assignments():
        with Progress(console=console) as progress:
            show = functools.partial(progress.update, progress.add_task(assignment, total=None))
            verdicts = proving.prove(assignment, lambda done, of, show=show: show(completed=done, total=of))
        console.print(proving.matrix(assignment, verdicts))
        broken = [verdict for verdict in verdicts if not verdict.holds]
        bad += len(broken)
        console.print(f"{len(verdicts) - len(broken)} of {len(verdicts)} proofs hold.")
    return 1 if bad else 0


def data(options: argparse.Namespace) -> int:
    from rich.progress import Progress

    from course_utils.library import build

    if options.check:
        for line in build.check(options.folder):
            print(line)
        print("Every table is whole.")
        return 0
    with Progress() as progress:
        task = progress.add_task("building Port Ellery", total=None)
        folder = build.freeze(
            options.folder, lambda done, of, _: progress.update(task, completed=done, total=of)
        )
    print(f"The tables of Port Ellery are in {folder}.")
    return 0


def library(options: argparse.Namespace) -> int:
    from rich.markup import escape
    from rich.progress import Progress

    from course_utils.library import build

    town = build.Town(options.seed, options.patrons, options.locale, options.name)
    folder = build.new_folder(options.out)
    with Progress() as progress:
        task = progress.add_task(f"building {escape(town.name)}", total=None)
        build.write(folder, town, lambda done, of, _: progress.update(task, completed=done, total=of))
    print(f"{town.name} is in {folder}: README.md there says what is what.")
    print(f'To use it: load("patrons", {str(folder)!r}).')
    return 0


def answers(options: argparse.Namespace) -> int:
    from pathlib import Path

    from course_utils.grading import answer_key

    page = answer_key.answer_key(answer_key.full_name(options.assignment), options.student)
    if note := answer_key.not_in_class(options.student.strip()):
        print(note, file=sys.stderr)
    if options.out:
        answer_key.write(Path(options.out), page)
        print(f"The answers are in {options.out}.")
    else:
        print(page, end="")
    return 0


def demo(options: argparse.Namespace) -> int:
    from course_utils.grading import demo, proving

    return demo.run(options.out, proving.proofs(demo.ASSIGNMENT))


def grade(options: argparse.Namespace) -> int:
    if options.name and not options.all and not options.student and not options.cluster:
        from course_utils.grading.execution import prewarm

        prewarm.warm_up(options.name, options.jobs, options.sandbox, fresh=options.fresh)
    from course_utils.grading import console

    return console.grade_all(
        [options.name] if options.name else [],
        everything=options.all,
        students=options.student,
        jobs=options.jobs,
        cluster=options.cluster,
        unprotected=options.unprotected_cluster,
        sandbox=options.sandbox,
        fresh=options.fresh,
    )


def regrade(options: argparse.Namespace) -> int:
    from course_utils.grading import console

    return console.regrade_one(
        options.name,
        yes=options.yes,
        jobs=options.jobs,
        cluster=options.cluster,
        unprotected=options.unprotected_cluster,
        sandbox=options.sandbox,
        fresh=options.fresh,
    )


def report(options: argparse.Namespace) -> int:
    from course_utils.grading.course import Course
    from course_utils.grading.report.page import write_report

    print(write_report(Course.here(), options.assignment, options.out, names=options.names))
    return 0


def class_(options: argparse.Namespace) -> int:
    from pathlib import Path

    from course_utils.grading import example_class

    if options.remove and options.file:
        raise CourseError("Say --remove first, by itself; then give your class list.")
    if options.remove:
        example_class.remove_example_class()
        print("The example class is gone. Yours begins with: course class YOUR_CLASS.csv")
    elif options.file:
        entered = example_class.enter_class(Path(options.file))
        print(f"{entered.new} students are new on the class list, {entered.known} were on it before.")
        print(*entered.notes, sep="\n", end="\n" * bool(entered.notes))
    else:
        made = example_class.ensure_example_class(again=True)
        print("The example class is ready." if made else "There is a class already; nothing was changed.")
    return 0


def export(options: argparse.Namespace) -> int:
    from course_utils.grading import export
    from course_utils.grading.course import Course

    if options.semicolons and options.to != "csv":
        raise CourseError(
            "--semicolons goes with --to csv: a learning system says itself how its file is written."
        )
    chosen = {name: value for name in export.OPTIONS if (value := getattr(options, name))}
    exporter = export.SYSTEMS[options.to](to=options.out or "", assignment=options.names, **chosen)
    course = Course.here()
    with course.gradebook as gradebook:
        written = exporter.write(gradebook, course.coursedir)
    for note in written.notes:
        print(note, file=sys.stderr)
    print(f"{written.students} students are in {written.path}.")
    return 0


def collect(options: argparse.Namespace) -> int:
    from rich.console import Console

    from course_utils.grading.course import Course
    from course_utils.grading.gradebook import lateness
    from course_utils.grading.submissions import collecting

    course = Course.here()
    zone = lateness.zone_of(options.timezone) if options.timezone else None
    done = collecting.collect(
        course.coursedir,
        options.name,
        options.system,
        options.source,
        update=options.update,
        zone=zone or lateness.read_policy(course.coursedir.root).zone,
        roster=options.roster,
        groups=options.groups,
    )
    for line in done.notes:
        print(line)
    for line in lateness.time_unknown(done.unknown, Console().width) if done.unknown else ():
        print(line)
    for line in done.problems:
        print(line, file=sys.stderr)
    print(
        f"{len(done.new)} collected, {len(done.updated)} updated, {len(done.kept)} as before, "
        f"{len(done.problems)} to settle."
    )
    return 1 if done.problems else 0


def late(options: argparse.Namespace) -> int:
    import textwrap

    from rich.console import Console

    from course_utils.grading.course import Course
    from course_utils.grading.gradebook import lateness

    course = Course.here()
    policy = lateness.read_policy(course.coursedir.root)
    with course.gradebook as gradebook:
        if options.due:
            lateness.set_due_date(gradebook, options.name, lateness.parse_when(options.due, policy.zone))
        changed = lateness.record(gradebook, options.name, policy) if options.record else []
        found = lateness.hand_ins(gradebook, course.coursedir, options.name, policy)
        wrong = lateness.extensions_of_nobody(gradebook, course.coursedir, policy)
        due = lateness.due_date(gradebook, options.name)
    for student, before, after in changed:
        print(f"{student}: {after:g} points are taken off, and were {before:g}.")
    width = Console().width
    print(f"{options.name} is due {lateness.local_text(due, policy.zone) if due else 'at no time'}.")
    for sentence in filter(None, (policy.in_words(), wrong)):
        print(*textwrap.wrap(sentence, width, break_long_words=False, break_on_hyphens=False), sep="\n")
    print("", *lateness.overview(found, policy, width), sep="\n")
    return 0


def doctor(options: argparse.Namespace) -> int:
    from course_utils.grading import access, other_settings
    from course_utils.grading.sandbox import launcher

    places, is_real = access.look()
    places += other_settings.look()
    findings = [*places, *launcher.doctor()]
    for finding in findings:
        print(("good: " if finding.good else "missing: ") + finding.sentence)
    # Nobody is harmed by an example class that others can read.
    is_safe = not is_real or all(finding.good for finding in places)
    return 0 if findings[-1].good and is_safe else 1


def _number(text: str) -> "int | str":
    """A whole number, also written 1,000,000 or 1_000_000; other text is left for the library to refuse."""
    try:
        return int(text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", text) else text)
    except ValueError:
        return text


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="course", description="Work with the course: each verb has its own --help."
    )
    verbs = top.add_subparsers(title="verbs", metavar="VERB", required=True)

    def verb(function, summary: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(
            function.__name__.rstrip("_").replace("_", "-"), help=summary, description=summary
        )
        added.set_defaults(run=function)
        return added

    added = verb(lab, "Open JupyterLab on 00_start_here; options that are not ours go to JupyterLab.")
    added.add_argument(
        "--instructor", action="store_true", help="with Formgrader, Create Assignment and the lessons' texts"
    )
    added.set_defaults(jupyter=[])

    added = verb(sync, "Bring the texts of the lessons and their notebooks to say the same.")
    added.add_argument(
        "files", nargs="*", metavar="FILE", help="a text or a notebook; all of them without it"
    )
    way = added.add_mutually_exclusive_group()
    way.add_argument("--check", action="store_true", help="write nothing; name each file that is behind")
    for source, other in (("text", "notebook"), ("notebook", "text")):
        way.add_argument(
            f"--from-{source}",
            dest="source",
            action="store_const",
            const=source,
            help=f"the {source} is right: overwrite the {other}",
        )

    added = verb(env, "Make environment.yml, for conda and Binder, from requirements.lock.")
    added.add_argument("--check", action="store_true", help="write nothing; say whether it is behind")

    added = verb(lock, "Pin what the kit depends on, in the three locks and environment.yml.")
    added.add_argument("--upgrade", action="store_true", help="take the newest of everything")

    added = verb(data, "Write the tables of Port Ellery anew, with their dictionary and checksums.")
    added.add_argument("--check", action="store_true", help="write nothing; say whether every table is whole")
    added.add_argument("--folder", help="where the tables stand; data/ without it")

    added = verb(library, "Write another synthetic library, of any size, with its data dictionary.")
    added.add_argument("--out", metavar="DIR", required=True, help="a new or empty folder")
    added.add_argument(
        "--patrons",
        type=_number,
        metavar="N",
        default=7840,
        help="people with a card, about; 7840 without it",
    )
    added.add_argument(
        "--seed",
        type=_number,
        metavar="S",
        default=1,
        help="the same seed gives the same library; 1 without it",
    )
    added.add_argument(
        "--locale", default="en_US", help="of the names of people, such as fr_FR; en_US without it"
    )
    added.add_argument("--name", default="Port Ellery", help="of the town; Port Ellery without it")

    added = verb(lint, "Read the lessons and assignments for what a student would stumble over.")
    added.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="look only for turns of phrase to avoid, and only in these files",
    )

    added = verb(new_week, "Make the files of a new week: a skeleton that passes every check.")
    added.add_argument("number", metavar="NN", help="the week, such as 05")
    added.add_argument(
        "name", metavar="NAME", help="of its lesson and assignment, such as are_our_segments_real"
    )
    added.add_argument(
        "--method", metavar="METHOD", help="of its folder in course_utils/methods; NAME without it"
    )

    added = verb(
        contents, "Make the glossary, the code words and the tables of the weeks from what the lessons say."
    )
    added.add_argument("--check", action="store_true", help="write nothing; say whether it is behind")

    added = verb(proofs, "Grade answers of which the mark is known, and print what they got.")
    added.add_argument("assignments", nargs="*", metavar="NAME", help="an assignment; all of them without it")

    added = verb(
        answers, "Print an assignment's right answers for one student's library, and how to mark the rest."
    )
    added.add_argument("assignment", metavar="NAME", help="the number of its week, such as 04, or its name")
    added.add_argument("--student", metavar="ID", required=True, help="as on the class list, such as hazel")
    added.add_argument("--out", metavar="FILE", help="where to, as .md or .html; on the terminal without it")

    added = verb(
        demo, "Show how a week ends: a throw-away class of twelve hands in, is graded, and gets feedback."
    )
    added.add_argument(
        "--out", metavar="DIR", help="an empty or new folder for the class; a temporary one without it"
    )

    added = verb(
        report,
        "Write Monday's page on a graded assignment: what went well, what did not, and who is missing.",
    )
    added.add_argument("assignment", metavar="NAME", help="such as 01_who_is_our_customer")
    added.add_argument("--out", metavar="FILE", help="where to; assignments/report_NAME.html without it")
    added.add_argument("--names", action="store_true", help="with the students' names; anonymous without it")

    def how_to_run(added: argparse.ArgumentParser) -> None:
        added.add_argument(
            "--jobs",
            type=int,
            metavar="N",
            help="notebooks at a time; as many as there are processors without it",
        )
        added.add_argument(
            "--cluster", metavar="dask://HOST:PORT", help="run on the workers of a Dask cluster instead"
        )
        added.add_argument(
            "--unprotected-cluster",
            action="store_true",
            help="a cluster without certificates: only on this machine, and only where nobody else has an account",
        )
        added.add_argument(
            "--sandbox",
            choices=("auto", "warm", "cold", "none"),
            help="how students' code is confined; none is for work that you trust",
        )
        added.add_argument("--fresh", action="store_true", help="run everything again, whatever ran before")

    added = verb(
        grade, "Grade what was collected, many notebooks at a time; what is graded already is left alone."
    )
    added.add_argument("name", nargs="?", metavar="NAME", help="an assignment")
    added.add_argument("--all", action="store_true", help="every assignment for which work was collected")
    added.add_argument(
        "--student", action="append", metavar="ID", help="this student only; may be said several times"
    )
    how_to_run(added)

    added = verb(regrade, "Grade everybody's work by a mended test; says what would change, and asks first.")
    added.add_argument("name", metavar="NAME", help="an assignment")
    added.add_argument("--yes", action="store_true", help="record it without asking")
    how_to_run(added)

    verb(
        doctor,
        "Say who else can read or change your class, how submissions can be graded here, and what to do.",
    )

    added = verb(class_, "Enter a class from a file, or make the example class if there is no class yet.")
    added.add_argument(
        "file", metavar="FILE", nargs="?", help="your class list: CSV with id,last_name,first_name,email"
    )
    added.add_argument(
        "--remove", action="store_true", help="take the example class away, to begin with your own"
    )

    systems = ("canvas", "moodle", "blackboard", "brightspace")
    added = verb(collect, "Take in what was handed in through a learning system.")
    added.add_argument("name", metavar="NAME", help="the assignment")
    added.add_argument("--from", dest="system", required=True, choices=systems, help="the learning system")
    added.add_argument(
        "source", metavar="FILE", help="its archive of all submissions, or a folder with its files"
    )
    added.add_argument(
        "--update", action="store_true", help="replace what was collected before by what is newer"
    )
    added.add_argument(
        "--timezone", metavar="ZONE", help="on whose clock it tells the time; that of late.toml without it"
    )
    added.add_argument("--roster", metavar="CSV", help="how it names your students, by the column id")
    added.add_argument("--groups", metavar="CSV", help="who hands in together, by the columns group and id")

    added = verb(export, "Write the grades as a learning system takes them; refused while anything is open.")
    added.add_argument("names", nargs="*", metavar="NAME", help="an assignment; all of them without it")
    added.add_argument(
        "--to", required=True, choices=(*systems, "csv"), help="the learning system, or a spreadsheet"
    )
    added.add_argument("--out", metavar="FILE", help="where to; grades_NAME_SYSTEM.csv without it")
    added.add_argument(
        "--template", metavar="CSV", help="the system's own export, whose columns and ids are kept"
    )
    added.add_argument(
        "--column", metavar="HEADER", help="the assignment's column there, if it has another name"
    )
    added.add_argument("--roster", metavar="CSV", help="how it names your students, by the column id")
    added.add_argument(
        "--semicolons",
        action="store_true",
        help="with --to csv, for a spreadsheet that writes 1,5 and not 1.5",
    )
    added.add_argument("--anyway", action="store_true", help="leave empty what is open, and export the rest")
    added.add_argument(
        "--missing-as-zero", action="store_true", help="work that was not handed in has 0 points"
    )

    added = verb(late, "Show who handed in late, by how much, and what that costs.")
    added.add_argument("name", metavar="NAME", help="the assignment")
    added.add_argument(
        "--due", metavar="WHEN", help='set when it is due, such as "2026-09-14 23:59 America/New_York"'
    )
    added.add_argument(
        "--record", action="store_true", help="work out again what graded work loses, and record it"
    )
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one verb. Returns the exit code: 0 if done, 1 if a check found something, 2 with a sentence if it could not."""
    # A name that the terminal cannot show must not end a command that did its work.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    top = parser()
    options, others = top.parse_known_args(arguments)
    if others:
        if not hasattr(options, "jupyter"):
            top.error(f"unrecognized arguments: {' '.join(others)}")
        options.jupyter = others
    try:
        kit.stand_in_it()
        return options.run(options)
    except CourseError as problem:
        print(problem, file=sys.stderr)
    except KeyboardInterrupt:
        kept = (
            " What is done is kept: the same command goes on from there."
            if options.run in (grade, regrade)
            else ""
        )
        print(f"Stopped.{kept}", file=sys.stderr)
        return 130
    except Exception as problem:
        about = _about_the_disk if isinstance(problem, OSError) else _about_the_gradebook
        if (sentence := about(problem)) is None:
            raise
        print(sentence, file=sys.stderr)
    return 2


def _about_the_disk(problem: OSError) -> str | None:
    """A sentence for what happens to anybody's disk, whichever verb was writing; None for everything else."""
    place = f" to {problem.filename}" if problem.filename else ""
    if "No usable temporary directory" in str(problem):  # that is all Python says where every disk is full
        return "The disk is full, also where temporary files go: make room and run the command again."
    return {
        errno.ENOSPC: f"The disk is full, so nothing more was written{place}: make room and run the command again.",
        errno.EDQUOT: f"Your share of the disk is used up, so nothing more was written{place}: make room and try again.",
        errno.EROFS: f"This folder cannot be written{place}: copy the kit to a folder of your own and run the command there.",
        errno.EACCES: f"The system does not let you open {problem.filename or 'a file'}: ask whose it is, or copy the kit "
        "to a folder of your own and run the command there.",
    }.get(problem.errno)


def _about_the_gradebook(problem: Exception) -> str | None:
    """A sentence for a gradebook that cannot be opened, read or written, whichever verb wanted it; None for all else."""
    if "sqlalchemy" not in sys.modules:
        return None
    from course_utils.grading.database import in_a_sentence
    from course_utils.grading.plain_log import in_plain_words

    if (sentence := in_a_sentence(problem)) is not None:
        return sentence
    if type(problem).__module__.partition(".")[0] not in ("sqlalchemy", "sqlite3", "nbgrader"):
        return None
    sentence, is_known = in_plain_words(str(problem), "The gradebook cannot be used")
    return sentence if is_known else None


if __name__ == "__main__":
    sys.exit(main())
