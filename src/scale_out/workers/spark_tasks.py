"""Runs `kollektiv work` on the tasks of a run, each in one task of Spark.

Arguments: the program, the folder of the book and that of the run as the executors see them, and the file of the tasks' names.
"""

import os
import subprocess
import sys

from pyspark import SparkContext, SparkFiles


def main():
    program, book, folder, names = sys.argv[1:]
    with open(names, encoding="utf-8") as file:
        tasks = file.read().split()
    context = SparkContext()
    context.addFile(program)
    name = os.path.basename(program)

    def work(task):
        own = SparkFiles.get(name)
        os.chmod(own, 0o755)
        words = [own, "work", f"{folder}/{task}", "--portfolio", book, "--out", folder, "--threads", "1"]
        ended = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if ended.returncode != 0:
            raise RuntimeError(f"{task}: exit code {ended.returncode}: {ended.stderr.decode(errors='replace')[-400:]}")

    context.parallelize(tasks, len(tasks)).foreach(work)
    context.stop()


main()
