# SPDX-License-Identifier: MIT
"""Runs the cases of a test that speaks to the lab's servers.

A case is a function.  On a machine with too much to do a peer may be late once: a case that fails is run once more,
alone, and what fails again is a fault.  What a sanitizer says is one at once; and so are many that need a second
attempt, which is no longer a matter of the machine."""

import concurrent.futures
import sys


def too_many(late, count):
    """Whether more than a busy machine explains passed only at the second attempt; says so."""
    most = max(3, count // 20)
    if late > most:
        print(f"FAILED  {late} passed only at the second attempt, at most {most} may")
    return late > most


def total(passed, failed, late):
    return f"{passed} passed, {failed} failed" + (f"; {late} of them at the second attempt" if late else "")


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
    failed = late = 0
    for case, what in first.items():
        if what and again and "Sanitizer" not in what:
            print(f"again   {case.__name__}: {what}", flush=True)
            what = failure(case)
            late += not what
        failed += bool(what)
        print(f"FAILED  {case.__name__}: {what}" if what else f"ok      {case.__name__}", flush=True)
    strange = too_many(late, len(cases))
    print(total(len(cases) - failed, failed, late))
    return 1 if failed or strange else 0


def known(names, all_names):
    """Ends the test where one is named that there is not: a misspelt name must not pass."""
    strange = sorted(set(names) - set(all_names))
    if strange:
        sys.exit(f"no such case: {', '.join(strange)}")


def named(module, names, start="case_"):
    """The functions of a module that are cases, or those of them that are named."""
    cases = {name.removeprefix(start): f for name, f in vars(module).items() if name.startswith(start) and callable(f)}
    known(names, cases)
    return [f for name, f in cases.items() if not names or name in names]
