#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the tools of the web service show beside live domains: which MX hosts of a domain a policy covers.

Runs in the lab:  lab/enter test/serve_live.py [CASE...]"""

import re
import sys
import urllib.parse

sys.dont_write_bytecode = True
from serve_check import demand, same, service  # noqa: E402

POLICY = "version: STSv1\nmode: enforce\nmx: {}\nmax_age: 604800\n"


def form(one, path, client="127.0.0.1", **fields):
    return one.ask("POST", path, urllib.parse.urlencode(fields), client, origin=f"http://127.0.0.1:{one.port}",
                   sec_fetch_site="same-origin", content_type="application/x-www-form-urlencoded")


def text_of(answer):
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())


def cover(one, domain, pattern, path="/tools/lint/result", **more):
    answer = form(one, path, kind="policy", text=POLICY.format(pattern), domain=domain, **more)
    same(answer.status, 200, f"status: {answer.text[:300]}")
    return text_of(answer)


def covers_the_live_mx(one):
    covered = cover(one, "healthy.example", "mx.healthy.example")
    demand("mx.healthy.example mx.healthy.example" in covered, covered)
    demand("those that its DNS lists now" in covered, covered)
    missed = cover(one, "healthy.example", "mx9.healthy.example", path="/tools/lint")
    demand("mx.healthy.example not covered" in missed, missed)
    demand("mx-not-covered" in missed, missed)
    both = cover(one, "Postmaster@Healthy.Example", "mx.healthy.example", mx="mx.other.example")
    demand("mx.healthy.example mx.healthy.example" in both and "mx.other.example not covered" in both, both)


def says_what_it_cannot_know(one):
    for domain, sentence in (("no-such-domain.example", "does not exist"), ("not a domain", "is not a domain name")):
        page = cover(one, domain, "mx.healthy.example")
        demand(sentence in page, f"{domain}: {page}")
        demand("complies with the standard" in page, f"{domain}: the text itself is not judged: {page}")


def limits_lookups(one):
    pages = [form(one, "/tools/lint/result", "127.0.0.3", kind="policy", text=POLICY.format("a.example"), domain=f"d{i}.example")
             for i in range(12)]
    demand("Too many checks were requested" in text_of(pages[-1]), text_of(pages[-1]))
    same(pages[-1].status, 200, "the text is judged all the same")


CASES = (covers_the_live_mx, says_what_it_cannot_know, limits_lookups)


def main():
    wanted = sys.argv[1:]
    with service() as one:
        for case in CASES:
            if not wanted or case.__name__ in wanted:
                case(one)
    print(f"serve_live: {len(CASES)} cases")


if __name__ == "__main__":
    main()
