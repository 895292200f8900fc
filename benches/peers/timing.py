"""Runs programs with their time and memory, and makes what they need: the program, the environment of the peers, the inputs."""

import json
import multiprocessing
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "kollektiv" / "peers"


def apart(work, *what):
    """Runs a function in a separate process, since a child inherits the peak memory of its parent."""
    with multiprocessing.Pool(1) as other:
        return other.apply(work, what)


def run(words, out):
    """Runs a command: its output, its seconds and its peak memory in KiB."""
    shutil.rmtree(out, ignore_errors=True)
    words = [str(out) if word == "OUT" else word for word in words]
    with open(CACHE / "output", "w+", encoding="utf-8") as output:
        begun = time.perf_counter()
        child = subprocess.Popen(words, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if child.returncode != 0:
        sys.exit(f"{' '.join(words)}\nended with {child.returncode}:\n{text}")
    return text, seconds, usage.ru_maxrss


def table(seconds, memory):
    """Prints the runs of `kollektiv` and its peers beside each other; the median seconds of each and the peak memory in MiB."""
    middle = {name: statistics.median(took) for name, took in seconds.items()}
    held = {name: max(runs) / 1024 for name, runs in memory.items()}
    print("| | seconds (median) | from | to | times kollektiv's | memory, MiB | times kollektiv's |")
    print("|---|---|---|---|---|---|---|")
    for name, took in seconds.items():
        print(f"| {name} | {middle[name]:.2f} | {min(took):.2f} | {max(took):.2f} | {middle[name] / middle['kollektiv']:.1f} "
              f"| {held[name]:.0f} | {held[name] / held['kollektiv']:.1f} |", flush=True)
    return middle, held


def environment():
    """The Python environment of the peers."""
    wanted = (HERE / "requirements.txt").read_text()
    folder = CACHE / "venv"
    installed = folder / "installed.txt"
    python = folder / "bin" / "python"
    if not installed.exists() or installed.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", HERE / "requirements.txt"],
                       check=True)
        installed.write_text(wanted)
    return python


def built():
    """Builds the program in the release profile."""
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    metadata = subprocess.run(["cargo", "metadata", "--format-version", "1", "--no-deps"], cwd=ROOT, check=True, capture_output=True)
    return pathlib.Path(json.loads(metadata.stdout)["target_directory"]) / "release" / "kollektiv"


def make_book(folder, contracts, insured):
    """Makes contract files with rosters of this many insured each."""
    subprocess.run(["cargo", "run", "--release", "--quiet", "--example", "samples", "--", "book", folder, str(contracts), str(insured)],
                   cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def machine():
    """The machine of the measurement."""
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    busy = ", ".join(f"{load:.2f}" for load in os.getloadavg())
    return f"{model[1] if model else 'unknown processor'}, {os.cpu_count()} cores, load before: {busy}"
