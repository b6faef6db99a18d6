"""What came of each notebook that was ever run, kept by its content: what did not change is not run again.

An entry is a file of its own, whole or not there at all, so several processes may read and write at once. It bears
a digest of its entry's name and of the result in it: a file that was cut, changed, or copied to the name of another
entry is not used.
"""

import contextlib
import gzip
import hashlib
import json
import os
import time
import zlib
from dataclasses import asdict
from pathlib import Path

from course_utils.grading.execution.job import ExecutionResult, Job
from course_utils.grading.limits import MB, Limits
from course_utils.grading.privacy import make_folder, opener

LONGEST = 400  # days that an entry is kept after its last use: a course and its appeals
LARGEST = 2048 * MB  # of all entries together
UNFINISHED = 3600  # seconds after which a half-written file is nobody's


def entry_of(job: Job, kit: str, limits: Limits, sandbox: str = "auto") -> str:
    """The name of a job's entry: changes with whatever may change its marks.

    What ran without a sandbox is kept apart from what ran in one.
    """
    parts = [job.key, kit, asdict(limits), sandbox == "none"]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


# It stands where gzip has the name of the file that was packed (RFC 1952, 2.3): behind ten bytes, as it is.
DIGEST = slice(10, 10 + 64)


def _digest(entry: str, text: bytes) -> str:
    return hashlib.sha256(entry.encode() + b"\n" + text).hexdigest()


class ResultCache:
    """The results in a folder, which need not exist. ``shared`` ones are for a group of graders."""

    def __init__(self, folder: Path, shared: bool = False):
        self.folder, self.shared = Path(folder), shared

    def get(self, entry: str) -> ExecutionResult | None:
        """The result of an entry; None where there is none, or none that can be read."""
        path = self._path(entry)
        try:
            data = path.read_bytes()
            text = gzip.decompress(data)
            if data[DIGEST] != _digest(entry, text).encode():
                return None
            result = ExecutionResult.from_json(text.decode("utf-8"))
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zlib.error):
            return None
        # Its time is that of its last use.
        with contextlib.suppress(OSError):
            os.utime(path)
        return result

    def put(self, entry: str, result: ExecutionResult) -> None:
        """Keep a result, in place of an earlier one."""
        path = self._path(entry)
        for folder in (self.folder, path.parent):
            make_folder(folder, self.shared)
        unfinished = path.with_name(f"{entry}.{os.getpid()}.{time.monotonic_ns()}.part")
        try:
            text = result.to_json().encode("utf-8")
            # The time of writing would make two equal records two different files.
            with (
                open(unfinished, "wb", opener=opener(self.shared)) as file,
                gzip.GzipFile(_digest(entry, text), "wb", 1, file, mtime=0) as packed,
            ):
                packed.write(text)
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)

    def tidy(self, longest: float = LONGEST, largest: int = LARGEST) -> int:
        """Remove what was not used for ``longest`` days, then the oldest until the rest has ``largest`` bytes.

        Returns
        -------
        How many files were removed.
        """
        now, removed, found = time.time(), 0, []
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):
                about = path.stat()
                old = UNFINISHED if path.suffix == ".part" else longest * 86_400
                if now - about.st_mtime > old:
                    path.unlink()
                    removed += 1
                else:
                    found.append((about.st_mtime, about.st_size, path))
        size = sum(size for _, size, _ in found)
        for _, length, path in sorted(found):
            if size <= largest:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                size -= length
                removed += 1
        return removed

    def _path(self, entry: str) -> Path:
        return self.folder / entry[:2] / f"{entry}.json.gz"
