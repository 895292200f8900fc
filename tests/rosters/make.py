#!/usr/bin/env python3
"""Makes the files of `good` and `bad` and what is expected of them: `python3 make.py`.

Needs Python 3.11, `pip install openpyxl xlsxwriter xlwt msoffcrypto-tool` and LibreOffice (`soffice`). What is expected
is written here, case by case, and never taken from the program. The files are committed, so that only whoever adds a case
runs this; LibreOffice stamps its files with the time, so that those change with every run.
"""

import sys

from making import attacks, texts, workbooks

if __name__ == "__main__":
    wanted = sys.argv[1:]
    for name, make in [
        ("texts", texts.good), ("texts", texts.bad), ("workbooks", workbooks.good), ("attacks", attacks.make),
    ]:
        if not wanted or name in wanted:
            make()
