# SPDX-License-Identifier: MIT
"""What mtasts would-deliver says of the bed's domains, beside what Postfix did and logged."""

import json
import re
import subprocess

import bed_domains
import policyd

LINE = re.compile(r"postfix/(?:smtp|error)\[\d+\]: \w+: to=<[^>]*>,.* relay=([^,]*),.*?(?: tls=([^,]*),)? dsn=([^,]*), "
                  r"status=(\w+) \((.*)\)$")
OURS = re.compile(r"postfix/smtp: to=<user@[^>]*>, relay=([^,]*),(?: tls=([^,]*),)? dsn=([^,]*), status=(\w+) \((.*)\)$")


def name_of(version):
    """As which it is to be foretold."""
    if version < (3, 10):
        return "postfix-3.7"
    if version < (3, 10, 5):
        return "postfix-3.10.3"
    return "postfix-3.10" if version < (3, 11) else "postfix-3.11"


def foretold(domains, name):
    done = subprocess.run([policyd.MTASTS, "would-deliver", "--no-config", "--json", "--as", name, *domains],
                          capture_output=True, text=True)
    return {line["domain"]: line for line in map(json.loads, done.stdout.splitlines())}


def outcome(delivery):
    if delivery.status != "sent":
        return delivery.status
    return "delivered" if delivery.grade == "Verified" else "unprotected"


def logged(said, recipient):
    """What is in the line of the log that tells of the recipient at last."""
    line = [line for line in said.splitlines() if f" to=<{recipient}>" in line and "status=" in line][0]
    return shape(LINE.search(line))


def shape(found):
    relay, tls, dsn, status, text = found.groups()
    return relay, tls, dsn, status, "" if status == "sent" else text


def differences(name, version, deliveries, said):
    """Lines for what came out otherwise than foretold."""
    own = name_of(version)
    domains = {f"{key}.example": f"{key}@{key}.example" for key in bed_domains.ROWS
               if bed_domains.address_of(key) == f"{key}.example"}
    ours, wrong = foretold(domains, own), []
    for domain, recipient in domains.items():
        one = ours[domain]
        seen = outcome(deliveries[recipient]), logged(said, recipient)
        expected = one["outcome"], shape(OURS.fullmatch(one["attempts"][-1]["log"] or ""))
        if seen != expected:
            wrong.append(f"{name}: {domain}: foretold {expected}\n    seen {seen}")
    return wrong
