#!/usr/bin/env python3
"""The peak memory of runs on books of three sizes: `python3 benches/memory.py [FOLDER]`.

Needs Python's standard library, cargo, and 3 GB in FOLDER, by default the user's cache folder; the contracts and
books stay there. Each run is a process; prints its `ru_maxrss` and its processor time.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "peers"))

import inputs  # noqa: E402

SIZES = [1_000, 10_000, 43_480]
INSURED = 100


def built():
    """Builds the program and the generator of contracts."""
    root = pathlib.Path(__file__).resolve().parent.parent
    subprocess.run(["cargo", "build", "--release", "--quiet", "--bins", "--examples"], cwd=root, check=True)
    metadata = subprocess.run(["cargo", "metadata", "--format-version", "1", "--no-deps"], cwd=root, check=True, capture_output=True)
    release = pathlib.Path(json.loads(metadata.stdout)["target_directory"]) / "release"
    return release / "kollektiv", release / "examples" / "samples"


def run(name, words):
    """Runs a command and prints its peak memory."""
    child = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{name} ended with {child.returncode}")
    print(f"| {name} | {usage.ru_maxrss / 1024:.0f} | {usage.ru_utime + usage.ru_stime:.1f} |", flush=True)


def main():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "kollektiv" / "memory"
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else cache
    folder.mkdir(parents=True, exist_ok=True)
    program, samples = built()
    change = folder / "change.toml"
    change.write_text(inputs.PRICE_CHANGE)
    for size in SIZES:
        contracts, book, out = folder / f"contracts-{size}", folder / f"book-{size}", folder / f"result-{size}"
        if not contracts.exists():
            subprocess.run([samples, "book", contracts, str(size), str(INSURED)], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(book, ignore_errors=True)
        print(f"\n{size:,} contracts\n\n| run | memory, MiB | processor time, s |\n|---|---|---|")
        at = ["--portfolio", book, "--quiet"]
        reprice = [program, "reprice", change, "--out", out, *at]
        run("bind", [program, "bind", f"{contracts}/*/contract.toml", *at])
        run("reprice --dry-run", [*reprice, "--dry-run"])
        run("reprice", reprice)
        run("the same again", reprice)
        run("portfolio verify", [program, "portfolio", "verify", *at])
        run("portfolio export", [program, "portfolio", "export", "--as-of", "2027-06-01", "--to", folder / f"tables-{size}", *at])


if __name__ == "__main__":
    main()
