"""What `run`, `files.py` and `memory` share.

The peers' environment, builds, when results are equal, and what a process takes.
"""

import hashlib
import json
import os
import platform
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CACHE = ROOT / "target" / "benchmarks"
PYTHON = CACHE / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"

# By how much results may differ, relative to the largest number of them. Where it is 0, they are equal.
SAME = 0.0
ROUNDED = 1e-12
# The path of lbfgs is the same on both sides; of newton-cholesky, ours goes on to the optimum, scikit-learn's to a
# gradient of 1e-4.
SAME_PATH = 1e-6
SAME_OPTIMUM = 1e-3


def say(text):
    print(f"benchmarks: {text}", file=sys.stderr, flush=True)


def make_environment():
    """The peers' virtual environment, made anew when the requirements have changed."""
    requirements = HERE / "requirements.txt"
    stamp = CACHE / "venv" / "requirements.sha256"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("installing the peers")
    venv.create(CACHE / "venv", with_pip=True, clear=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--requirement", requirements], check=True, stdout=sys.stderr)
    stamp.write_text(wanted)


def build(package):
    """Builds a program of this workspace; its path."""
    say(f"building {package}")
    cargo = os.environ.get("CARGO", "cargo")
    command = [cargo, "build", "--release", "--locked", "-p", package, "--message-format=json"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    return next(message["executable"] for message in messages if message.get("executable"))


def flat(result):
    """The numbers of nested lists."""
    return [number for item in result for number in (flat(item) if isinstance(item, list) else [item])]


def is_same(ours, theirs, tolerance):
    """Whether two results are equal up to rounding."""
    ours, theirs = flat(ours), flat(theirs)
    scale = max(map(abs, ours + theirs))
    return len(ours) == len(theirs) and all(abs(a - b) <= tolerance * scale for a, b in zip(ours, theirs))


def measure(command):
    """Seconds and peak resident bytes of a process, and what it prints.

    Linux counts into the peak what this process held when it started the other, so it has to stay small: no numpy here.
    """
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = process.stdout.read()
    talk = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        raise SystemExit(f"benchmarks: {' '.join(map(str, command))}: {talk}")
    return seconds, usage.ru_maxrss * 1024, output


def cpu():
    """The kind of processor, as the system names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    fields = {name.strip(): value.strip() for name, value in fields.items()}
    return f"{fields.get('model name', platform.machine())}, family {fields.get('cpu family', '?')}"


def milliseconds(seconds):
    return f"{1000 * seconds:.4g} ms" if seconds < 10 else f"{1000 * seconds:.0f} ms"
