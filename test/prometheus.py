# SPDX-License-Identifier: MIT
"""A strict reader of the text format of Prometheus (0.0.4), as the textfile collector is one.

parse(text) gives {(name, ((label, value), ...)): number} or raises ValueError with the line."""

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"')
NUMBER = re.compile(r"[+-]?(\d+(\.\d+)?([eE][+-]?\d+)?|Inf)|NaN")


def labels(text):
    found, at = [], 0
    while at < len(text):
        match = LABEL.match(text, at)
        if not match:
            raise ValueError("labels")
        value = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], match[2])
        found.append((match[1], value))
        at = match.end()
        if at < len(text):
            if text[at] != ",":
                raise ValueError("comma")
            at += 1
            if at == len(text):
                raise ValueError("trailing comma")
    if len({name for name, _ in found}) != len(found):
        raise ValueError("a label twice")
    return tuple(sorted(found))


def parse(text):
    if text and not text.endswith("\n"):
        raise ValueError("the last line has no end")
    samples, done, current, typed, helped = {}, set(), None, set(), set()
    for number, line in enumerate(text.split("\n")[:-1], 1):
        try:
            head = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
            if head:
                seen = helped if head[1] == "HELP" else typed
                if head[2] in seen or (head[1] == "HELP" and head[2] in typed):
                    raise ValueError("HELP and TYPE once, in this order, before the samples")
                if head[1] == "TYPE" and head[3] not in ("counter", "gauge", "histogram", "summary", "untyped"):
                    raise ValueError("type")
                seen.add(head[2])
                if head[2] != current:
                    done.add(current)
                    current = head[2]
                if head[2] in done:
                    raise ValueError("a metric in two places")
                continue
            sample = re.fullmatch(rf"({NAME})(?:\{{(.*)\}})? (\S+)", line)
            if not sample or not NUMBER.fullmatch(sample[3]):
                raise ValueError("no sample")
            if sample[1] != current or sample[1] not in typed or sample[1] not in helped:
                raise ValueError("a sample without its HELP and TYPE above it")
            key = (sample[1], labels(sample[2] or ""))
            if key in samples:
                raise ValueError("a sample twice")
            samples[key] = float(sample[3])
        except ValueError as error:
            raise ValueError(f"line {number}: {error}: {line}") from None
    return samples
