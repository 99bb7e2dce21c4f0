# SPDX-License-Identifier: MIT
"""Runs the cases of a test that speaks to the lab's servers.

A case is a function.  On a machine with too much to do a peer may be late once: a case that fails is run once more,
alone, and what fails again is a fault.  What a sanitizer says is one at once."""

import concurrent.futures
import sys


def failure(case):
    """What went wrong, or nothing."""
    try:
        case()
    except Exception as error:  # a crash of the case is a failure of the case
        return f"{type(error).__name__}: {error}"
    return ""


def run(cases, beside=1, again=True):
    """Runs them, so many side by side, and prints one line each and the sum; the status to exit with."""
    with concurrent.futures.ThreadPoolExecutor(beside) as pool:
        first = dict(zip(cases, pool.map(failure, cases)))
    failed = 0
    for case, what in first.items():
        if what and again and "Sanitizer" not in what:
            print(f"again   {case.__name__}: {what}", flush=True)
            what = failure(case)
        failed += bool(what)
        print(f"FAILED  {case.__name__}: {what}" if what else f"ok      {case.__name__}", flush=True)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


def named(module, names, start="case_"):
    """The functions of a module that are cases, or those of them that are named."""
    cases = [f for name, f in vars(module).items() if name.startswith(start) and callable(f)]
    return [f for f in cases if not names or f.__name__.removeprefix(start) in names]
