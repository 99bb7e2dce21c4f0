#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every link of every page of the web service leads somewhere: the pages are followed from the home page, in both
languages, by a visitor and by an administrator.  Each has a title, one heading h1 and the targets of its fragments.

usage: serve_links.py MTASTS"""

import http.cookiejar
import os
import re
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from service import PASSWORD, Service

MTASTS = os.path.abspath(sys.argv[1])
USER = "anna"
faults = []


class Reader:
    """A browser without script: it keeps cookies and follows redirects."""

    def __init__(self, base, language):
        self.base = base
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.browser.addheaders = [("Accept-Language", language)]

    def open(self, path, form=None):
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.browser.open(self.base + path, data, timeout=60) as answer:
                return answer.status, answer.headers.get_content_type(), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, "", ""
        except OSError:  # it does not listen yet
            return 0, "", ""

    def sign_in(self):
        form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.open("/login")[2]))
        page = self.open("/login", {**form, "name": USER, "password": PASSWORD})[2]
        if "/logout" not in page:
            faults.append("signing in failed")


def look_at(where, page):
    """Its faults, and the addresses that it leads to."""
    if not re.search(r"<title>[^<]*mtasts</title>", page) or page.count("<h1") != 1:
        faults.append(f"{where}: a title and one h1 are expected")
    ids = re.findall(r'\sid="([^"]+)"', page)
    if len(ids) != len(set(ids)):
        faults.append(f"{where}: an id is there twice")
    for link in re.findall(r'<(?:a|link|img|script)\b[^>]*\s(?:href|src)="([^"]*)"', page):
        path, _, fragment = link.replace("&amp;", "&").partition("#")
        if not path and fragment not in ids:
            faults.append(f"{where}: nothing has the id {fragment}")
        if path.startswith("/") and "preferences?" not in path:
            yield path


def follow(reader, who):
    """Each address once, from the home page on."""
    seen, waiting = {"/": "the start"}, ["/"]
    while waiting:
        path = waiting.pop()
        status, kind, content = reader.open(path)
        if status != 200:
            faults.append(f"{path}: {status}, linked from {seen[path]} ({who})")
        if kind != "text/html":
            continue
        for link in look_at(f"{path} ({who})", content):
            if link not in seen:
                seen[link] = path
                waiting.append(link)
    return seen


def main():
    with tempfile.TemporaryDirectory() as folder:
        service = Service(MTASTS, f"{folder}/store.db")
        try:
            service.create_admin(USER)
            visitor = Reader(service.origin, "de")
            seen = follow(visitor, "visitor")
            admin = Reader(service.origin, "en")
            admin.sign_in()
            own = follow(admin, "administrator")
        finally:
            service.stop()
    for pages, least in ((seen, ["/explain", "/about", "/tools/lint", "/tools/report", "/login"]),
                         (own, ["/account", "/admin", "/admin/audit", "/overview"])):
        faults.extend(f"{page}: no page leads there" for page in least if page not in pages)
    print("\n".join(faults) or f"serve-links: {len(seen)} and {len(own)} addresses")
    return bool(faults)


sys.exit(main())
