#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the tools of the web service show beside live domains: which MX hosts of a domain a policy
covers, and the policy that is generated for it.

Runs in the lab:  lab/enter test/serve_live.py [CASE...]"""

import json
import re
import sys
import urllib.parse

sys.dont_write_bytecode = True
from serve_check import demand, same, service  # noqa: E402

POLICY = "version: STSv1\nmode: enforce\nmx: {}\nmax_age: 604800\n"


def form(one, path, client="127.0.0.1", **fields):
    return one.ask("POST", path, urllib.parse.urlencode(fields), client, origin=f"http://127.0.0.1:{one.port}",
                   sec_fetch_site="same-origin", content_type="application/x-www-form-urlencoded")


def text_of_row(text):
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def text_of(answer):
    return text_of_row(answer.text)


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


def generated(one, domain, **wishes):
    """The address of the result, and the page that is sent while the check runs."""
    answer = form(one, "/tools/generate", domain=domain, **wishes)
    same(answer.status, 303, f"{domain}: {answer.text[:300]}")
    return answer.headers["Location"], one.get(answer.headers["Location"])


def generates_what_the_command_does(one):
    address, live = generated(one, "healthy.example", mode="testing", max_age="604800", rua="tls@healthy.example")
    demand("is being checked" in live.text and live.text.rstrip().endswith("</html>"), live.text[-300:])
    again = one.get(address)
    for page in (live, again):
        demand("mx: mx.healthy.example" in page.text and "mailto:tls@healthy.example" in page.text, text_of(page))
    demand("is being checked" not in again.text, "it is over")
    link = re.search(r'href="([^"]*file=mta-sts.txt[^"]*)"', again.text).group(1).replace("&amp;", "&")
    policy = one.get(link)
    same(policy.text, "version: STSv1\r\nmode: testing\r\nmx: mx.healthy.example\r\nmax_age: 604800\r\n", "the policy")
    same(policy.headers["Content-Disposition"], 'attachment; filename="mta-sts.txt"', "disposition")
    for file in ("zone.txt", "nginx.conf", "worker/worker.js"):
        demand(f"file={urllib.parse.quote(file, safe='')}" in again.text, f"{file} is missing")
    for wrong in ("nothing.txt", "", "../mta-sts.txt"):
        same(one.get(f"{address.split('?')[0]}/file?file={wrong}").status, 404, wrong)
    same(one.get("/tools/generate/" + "0" * 32).status, 404, "no such check")


def asks_before_it_enforces(one):
    address, _ = generated(one, "mx-cert-expired.example", mode="enforce")
    page = one.get(address)
    demand("Include them and use mode enforce anyway" in page.text and "certificate has expired" in text_of(page), text_of(page))
    demand("file=mta-sts.txt" not in page.text, "files are there though it asks")
    demand("file=mta-sts.txt" in one.get(address + "&anyway=1").text, "no files, though they are wanted")
    testing = text_of(one.get(address.replace("enforce", "testing")))
    demand("Fix these mail servers before you switch to mode enforce" in testing and "Download mta-sts.txt" in testing, testing)


def refuses_what_it_cannot_generate(one):
    answer = form(one, "/tools/generate", domain="a b", mode="enforce", max_age="1", rua="x")
    same(answer.status, 422, "no domain")
    demand('value="enforce" selected' in answer.text, answer.text)
    address, page = generated(one, "healthy.example", rua="nobody")
    demand("neither an email address" in page.text and "file=" not in page.text, text_of(page))
    same(one.get(address).status, 422, "wrong address for reports")


def report(*domains):
    """Failures of an expired certificate, at the MX host of each."""
    return json.dumps({
        "organization-name": "Sender Inc.", "contact-info": "tls@sender.example", "report-id": "1@sender.example",
        "date-range": {"start-datetime": "2026-11-01T00:00:00Z", "end-datetime": "2026-11-01T23:59:59Z"},
        "policies": [{
            "policy": {"policy-type": "sts", "policy-domain": domain, "mx-host": [f"mx.{domain}"],
                       "policy-string": ["version: STSv1", "mode: enforce", f"mx: mx.{domain}", "max_age: 604800"]},
            "summary": {"total-successful-session-count": 3, "total-failure-session-count": 12},
            "failure-details": [{"result-type": "certificate-expired", "sending-mta-ip": "192.0.2.1",
                                 "receiving-mx-hostname": f"mx.{domain}", "failed-session-count": 12}]} for domain in domains]})


def read(one, text, client="127.0.0.1", **fields):
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                    for name, value in {**fields, "text": text}.items())
    return one.ask("POST", "/tools/report", parts + "--x--\r\n", client, origin=f"http://127.0.0.1:{one.port}",
                   sec_fetch_site="same-origin", content_type="multipart/form-data; boundary=x")


def retests_what_failed(one):
    page = read(one, report("mx-cert-expired.example", "healthy.example"), "127.0.0.7", retest="1")
    same(page.status, 200, "status")
    demand(page.text.rstrip().endswith("</html>") and "shadowrootmode" in page.text, page.text[-300:])
    rows = {match[1]: text_of_row(match[0]) for match in re.finditer(r"<tr>\s*<th scope=\"row\"[^>]*>([^<]*)</th>.*?</tr>",
                                                                      page.text[page.text.index('slot="now"'):], re.S)}
    same(set(rows), {"mx-cert-expired.example", "healthy.example"}, "domains")
    demand("still failing" in rows["mx-cert-expired.example"], rows)
    demand("still failing" not in rows["healthy.example"], rows)
    demand("Sender Inc." in page.text[:page.text.index('slot="now"')], "no table of senders")
    alone = read(one, report("mx-cert-expired.example"), "127.0.0.7")
    demand('slot="now"' not in alone.text and "shadowrootmode" not in alone.text, "checked, though nobody asked")


def limits_what_it_retests(one):
    for n in range(2):
        page = read(one, report(*(f"r{n}-{i}.healthy.example" for i in range(7))), "127.0.0.8", retest="1")
        demand("2 more domains with failures were not checked" in text_of(page), text_of(page)[-600:])
    page = read(one, report(*(f"r3-{i}.healthy.example" for i in range(7))), "127.0.0.8", retest="1")
    demand("Too many checks were requested" in text_of(page) and "7 more domains" in text_of(page), text_of(page)[-600:])


CASES = (generates_what_the_command_does, retests_what_failed, limits_what_it_retests, asks_before_it_enforces, refuses_what_it_cannot_generate, covers_the_live_mx, says_what_it_cannot_know, limits_lookups)


def main():
    wanted = sys.argv[1:]
    with service() as one:
        for case in CASES:
            if not wanted or case.__name__ in wanted:
                case(one)
    print(f"serve_live: {len(CASES)} cases")


if __name__ == "__main__":
    main()
