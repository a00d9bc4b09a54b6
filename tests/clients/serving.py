"""What the stories of real clients share: a service of their own, steps that are told, waiting with a deadline.

A story prints one line for each step. A step that does not hold ends it with three lines: the step, what was
expected, what was got. A story whose client is not installed ends with status 77, which CTest shows as skipped.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

SKIPPED = 77  # CTest's SKIP_RETURN_CODE of these stories
DEADLINE_S = 60  # of anything waited for; far more than it takes
REGION = "us-east-1"
KEY_ID, SECRET = "AKIDLOCALTESTS", "a-secret-of-these-tests"


class Failed(Exception):
    """A step did not hold."""


def skip(sentence):
    print(f"SKIPPED: {sentence}", flush=True)
    sys.exit(SKIPPED)


def told(step):
    print(f"  {step}", flush=True)


def must(step, expected, got):
    """The story ends unless both are equal."""
    if expected != got:
        raise Failed(f"step:     {step}\nexpected: {expected!r}\ngot:      {got!r}")


def expect(step, expected, got):
    """The step is told when both are equal; otherwise the story ends."""
    must(step, expected, got)
    told(step)


def until(step, expected, look):
    """Asks look() again and again until it returns what is expected."""
    deadline = time.monotonic() + DEADLINE_S
    while (got := look()) != expected:
        if time.monotonic() > deadline:
            raise Failed(f"step:     {step}, within {DEADLINE_S} s\nexpected: {expected!r}\ngot:      {got!r}")
        time.sleep(0.05)
    told(step)
    return got


def clean_environment(folder, **more):
    """No profile, proxy or endpoint of whoever runs the tests gets into a story; `folder` is its home."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("AWS_", "NODE_")) and not name.lower().endswith("_proxy")}
    return kept | {
        "HOME": folder, "XDG_DATA_HOME": folder, "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION, "AWS_PAGER": "", "QT_QPA_PLATFORM": "offscreen"} | more


class Service:
    """`shardscope serve` on free ports, ready when built. What it logs goes to `log` in its folder."""

    def __init__(self, program, folder, *options):
        self.folder = folder
        self.killed = False
        self.log = os.path.join(folder, "serve.log")
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [program, "serve", "--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0", "--log", "json", *options],
                stdout=subprocess.PIPE, stderr=log, text=True, env=clean_environment(folder))
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"step:     shardscope serve {' '.join(options)}\nexpected: its line when it is ready\n"
                         f"got:      exit status {self.process.wait()}\n{self.logged()}")
        ready = json.loads(line)
        self.plain = next(url for url in ready["ready"] if url.startswith("http://"))
        self.tls = next(url for url in ready["ready"] if url.startswith("https://"))
        self.certificate = ready["certificate"]

    def kill(self):
        """As a crash does: nothing is flushed."""
        self.killed = True
        self.process.kill()
        self.process.wait()

    def end(self):
        """As a person ends it. A story that did not kill its service ends with this, so an unclean end fails it."""
        self.process.send_signal(signal.SIGTERM)
        expect("the service ended cleanly", 0, self.process.wait(timeout=DEADLINE_S))

    def logged(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-20:])


@contextlib.contextmanager
def serving(program, *options, folder=None):
    """A service for the length of a story; a failure shows what it logged last."""
    with contextlib.ExitStack() as stack:
        folder = folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="shardscope-client-"))
        service = Service(program, folder, *options)
        try:
            yield service
            if not service.killed:
                service.end()
        except BaseException:
            print(f"The service logged last:\n{service.logged()}", file=sys.stderr)
            raise
        finally:
            if service.process.poll() is None:
                service.kill()


def credentials_file(folder):
    """A file for --credentials with the one key that the stories use."""
    path = os.path.join(folder, "credentials")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"[tests]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET}\n")
    return path


def run(story):
    """Runs story(program), the program being the command line's one argument; a failure becomes the exit status."""
    try:
        story(sys.argv[1])
    except Failed as failure:
        print(f"FAILED\n{failure}", file=sys.stderr)
        sys.exit(1)
