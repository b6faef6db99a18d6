"""Who runs the jobs: threads of this process, each with a worker of its own, or the workers of a Dask cluster.

A job goes out as text and a result comes back as text, so that nothing but the network need be shared.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import NamedTuple

from course_utils.errors import CourseError
from course_utils.grading.execution.cluster import CONNECT, knock, reach
from course_utils.grading.execution.job import ExecutionResult, Job
from course_utils.grading.execution.worker import kit_version
from course_utils.grading.limits import Limits
from course_utils.grading.per_student import in_a_sentence, isolated

AHEAD = 3  # jobs sent to each thread of a cluster beyond the one at work


class Ran(NamedTuple):
    """What came of one job: its result, or a sentence that says why there is none."""

    number: int
    result: ExecutionResult | None
    problem: str = ""


def run_locally(
    queue: Iterable[tuple[int, Callable[[], Job]]],
    at_once: int,
    sandbox: str,
    limits: Limits,
    hidden: tuple[str, ...] = (),
) -> Iterator[Ran]:
    """Run numbered jobs on this machine, ``at_once`` at a time; they come back in the order in which they end."""
    from joblib import Parallel, delayed

    from course_utils.grading.execution.warm_workers import close_workers

    # Threads will do: the work is done by the processes of their workers.
    together = Parallel(at_once, backend="threading", return_as="generator_unordered", batch_size=1)
    running = together(delayed(_run)(number, job, sandbox, limits, hidden) for number, job in queue)
    try:
        yield from running
    finally:
        # First the workers: whoever waits in one is let go at once.
        close_workers()
        with contextlib.suppress(Exception):
            running.close()


def run_on_cluster(
    queue: Iterable[tuple[int, Callable[[], Job]]],
    address: str,
    sandbox: str,
    limits: Limits,
    hidden: tuple[str, ...] = (),
    *,
    unprotected: bool = False,
) -> Iterator[Ran]:
    """Run numbered jobs on the workers of a Dask cluster; see ``cluster.reach`` for ``unprotected``.

    Raises
    ------
    CourseError
        If the cluster is not protected and has to be, does not answer, has no workers, or one of them has another
        version of the kit.
    """
    place, security = reach(address, unprotected=unprotected)
    if security is not None:
        knock(place, security)
    from distributed import Client, as_completed

    try:
        client = Client(place, timeout=CONNECT, set_as_default=False, security=security)
    except (OSError, TimeoutError, ValueError, RuntimeError) as problem:
        raise CourseError(
            f"No Dask scheduler answers at {address}: {problem or 'it took too long'}."
        ) from None
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            raise CourseError(
                f"The Dask scheduler at {address} has no workers: start some, then grade again."
            )
        waiting = iter(queue)
        not_sent: list[Ran] = []

        def send(many: int):
            sent: list = []
            while len(sent) < many and (one := next(waiting, None)):
                number, job = one
                said: list[str] = []
                with isolated("", "could not be read", said.append):
                    text = job().to_json()
                if said:
                    not_sent.append(Ran(number, None, said[0]))
                    continue
                how = (kit_version(), sandbox, asdict(limits), hidden)
                sent.append(client.submit(run_there, number, text, *how, pure=False))
            return sent

        running = as_completed(send((1 + AHEAD) * threads), loop=client.loop)
        for future in running:
            number, result, said, refused = _answer(future)
            if refused:
                raise CourseError(refused)
            running.update(send(1))
            yield Ran(number, ExecutionResult.from_json(result) if result else None, said)
        yield from not_sent
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=5)


def run_there(
    number: int, job: str, kit: str, sandbox: str, limits: dict, hidden: tuple[str, ...] = ()
) -> tuple[int, str | None, str, str]:
    """What a worker of a cluster does: number, result, problem of this job, and why this worker may not be used."""
    if kit != kit_version():
        return (
            number,
            None,
            "",
            f"{_me()} has another version of the kit: bring both to the same, then grade again.",
        )
    try:
        ran = _run(number, lambda: Job.from_json(job), sandbox, Limits(**limits), tuple(hidden))
    except CourseError as problem:
        return number, None, "", f"{_me()} cannot grade. {problem}"
    return number, ran.result.to_json() if ran.result else None, ran.problem, ""


def _answer(future) -> tuple[int, str | None, str, str]:
    try:
        return future.result()
    except (Exception, asyncio.CancelledError) as problem:
        what = f"{type(problem).__name__}: {problem}".splitlines()[0][:200]
        return (
            -1,
            None,
            "",
            f"The cluster could not run a notebook ({what}): look at its workers, then grade again.",
        )


def _me() -> str:
    from distributed import get_worker

    return f"The worker {get_worker().address}"


def _run(number: int, job: Callable[[], Job], sandbox: str, limits: Limits, hidden: tuple[str, ...]) -> Ran:
    """One job, in this thread's worker. What concerns every job is raised; what concerns this one is told."""
    from course_utils.grading.execution.warm_workers import close_worker, worker_for

    said: list[str] = []
    with isolated("", "could not be read", said.append):
        made = job()
        with in_a_sentence(made.student, "could not be run"):
            return Ran(number, worker_for(sandbox, limits, hidden).run_job(made))
    close_worker(sandbox, limits, hidden)
    return Ran(number, None, said[0])
