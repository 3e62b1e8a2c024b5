"""Process pool over photos, one network a worker; one that dies costs at most one photo."""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from queue import LifoQueue
from typing import Any, Final, TypeVar

from reddots.batch.inputs import PhotoInput
from reddots.batch.prediction import Prediction
from reddots.batch.spot_finding import SpotFinding, SpotTask
from reddots.errors import RedDotsError
from reddots.triage.answers import Answers

Task = tuple[PhotoInput, Answers | None]
Result = Prediction | SpotFinding
# Started by name and not by multiprocessing, which would run the caller's own script once more;
# -P, because a folder of photos may hold a file that is called like a module.
START = (
    "import sys; sys.path.append(sys.argv[2]); "
    "from reddots.batch.worker_process import serve; serve(sys.argv[1])"
)
Found = TypeVar("Found", bound=Result)
_AHEAD: Final = 8  # photos in flight for each worker: enough to keep it busy, few enough for memory
_TRIES: Final = 2
_BROKEN: Final = (OSError, EOFError, pickle.UnpicklingError)  # how a dead process is noticed
_ENDING: Final = 2.0  # seconds after which a worker that was asked to end is killed
_DIED: Final = "The photo “{name}” made the reader stop, twice. It may be damaged on purpose."
_NO_START: Final = (
    "No process can be started to analyse photos. Close other programs, or use fewer workers."
)
# Each worker is one thread: more would only wait for each other.
_ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)


def predict_all(
    tasks: Iterable[Task], *, workers: int, checkpoint: Path | None = None
) -> Generator[Prediction, None, None]:
    """Yield a prediction for each task, in order; memory does not grow with their number.

    A photo whose worker dies is tried once more and then recorded as an error.

    Raises:
        CheckpointError: a worker cannot open the network.
        RedDotsError: no worker can be started.
    """
    with closing(_all(tasks, workers, checkpoint)) as results:
        for found in results:
            yield _require(found, Prediction)


def find_all(tasks: Iterable[SpotTask], *, workers: int) -> Generator[SpotFinding, None, None]:
    """Do as ``predict_all`` for spots.

    Raises:
        CheckpointError: a worker cannot open a network.
        RedDotsError: no worker can be started.
    """
    with closing(_all(tasks, workers, None)) as results:
        for found in results:
            yield _require(found, SpotFinding)


def _require(found: object, kind: type[Found]) -> Found:
    if not isinstance(found, kind):
        raise TypeError(f"no {kind.__name__} but {found!r}")
    return found


def _all(
    tasks: Iterable[Task | SpotTask], workers: int, checkpoint: Path | None
) -> Generator[Result, None, None]:
    source = iter(tasks)
    window: deque[Future[Result]] = deque()
    crew = _Crew(workers, checkpoint)
    try:
        while True:
            while len(window) < workers * _AHEAD and (task := next(source, None)) is not None:
                window.append(crew.submit(task))
            if not window:
                return
            yield window.popleft().result()
    finally:
        crew.dismiss()


class Worker:
    """One process, started when it is first needed; one thread uses it at a time."""

    def __init__(self, checkpoint: Path | None) -> None:
        """Use ``checkpoint``, or the newest shipped one."""
        self._checkpoint = checkpoint
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = False

    def predict(self, task: Task | SpotTask) -> Result:
        """Have one photo analysed; one with which the process ends twice is an error.

        Raises:
            CheckpointError: the network cannot be opened.
            RedDotsError: no process can be started.
        """
        for _ in range(_TRIES):
            if self._is_over:
                break
            try:
                found = self._ask(self._running(), task)
            except _BROKEN:
                self.end()
                continue
            return _require(found, SpotFinding if isinstance(task, SpotTask) else Prediction)
        if isinstance(task, SpotTask):
            return SpotFinding(task.photo.name, error=_DIED.format(name=task.photo.name))
        name = task[0].name
        return Prediction(name, error=_DIED.format(name=name))

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        for _ in range(_TRIES):
            self.end()
            with suppress(*_BROKEN):
                self._process = _start(self._checkpoint)
                word = pickle.load(_stream(self._process.stdout))  # our own process
                if isinstance(word, RedDotsError):
                    raise word
                return self._process
        self.end()
        raise RedDotsError(_NO_START)

    @staticmethod
    def _ask(process: subprocess.Popen[bytes], task: Task | SpotTask) -> object:
        file = _stream(process.stdin)
        pickle.dump(task, file)
        file.flush()
        return pickle.load(_stream(process.stdout))  # our own process

    def hint(self) -> None:
        """Tell the process, and the thread that waits for it, that no task will come."""
        self._is_over = True
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()

    def end(self) -> None:
        """End the process, if need be by force."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            _stream(process.stdin).close()
        try:
            process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _stream(process.stdout).close()


class _Crew:
    """Threads, each of which waits for a worker of its own."""

    def __init__(self, size: int, checkpoint: Path | None) -> None:
        self._threads = ThreadPoolExecutor(size)
        self._all = [Worker(checkpoint) for _ in range(size)]
        self._idle: LifoQueue[Worker] = LifoQueue()  # few photos, few processes
        for worker in self._all:
            self._idle.put(worker)

    def submit(self, task: Task | SpotTask) -> Future[Result]:
        return self._threads.submit(self._predict, task)

    def _predict(self, task: Task | SpotTask) -> Result:
        worker = self._idle.get()
        try:
            return worker.predict(task)
        finally:
            self._idle.put(worker)

    def dismiss(self) -> None:
        """End all workers, whatever they are doing; what they were doing is lost."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._all:
            worker.hint()
        for worker in self._all:
            worker.end()
        self._threads.shutdown(wait=True)
        for worker in self._all:
            worker.end()  # one that was just starting


def _start(checkpoint: Path | None) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).parents[2])
    return subprocess.Popen(  # our own interpreter and code
        [sys.executable, "-P", "-c", START, str(checkpoint or ""), root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | _ONE_THREAD,
        start_new_session=True,  # Ctrl-C is for the run, which ends its workers
    )


def _stream(pipe: Any) -> Any:
    if pipe is None:
        raise EOFError
    return pipe
