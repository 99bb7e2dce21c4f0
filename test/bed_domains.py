# SPDX-License-Identifier: MIT
"""The domains of test/postfix_bed.py, and what each version of Postfix does with mail to them.

A row: the scenario (as in lab/scenarios.toml), and the outcome as lab/mailer.py writes it, a regular expression:
"sent HOST GRADE" or "deferred CODE TEXT".  Where versions differ: a dict of the first version to what holds from it on.
Each was seen with Postfix 3.7.11, 3.10.3, 3.10.13 and 3.11."""

VERIFIED = "sent mx.{domain} Verified"
UNVERIFIED = r"deferred 4.7.5 Server certificate not (?:verified|trusted)"
SINK = {"at": ["sink"]}


def mx(host="mx", preference=10, at="sink", cert="good", tlsa=()):
    return {"host": host, "preference": preference, "at": [at], "cert": cert, "tlsa": list(tlsa)}


def row(outcome, *exchanges, to=None, **more):
    """to: the domain as the mail names it, where it is not the scenario's."""
    return {"outcome": outcome, "to": to, "scenario": {"about": "", "mx": list(exchanges) or [mx()], **more}}


def policy(mode="enforce", **more):
    return {"mode": mode, **more}


NONE = policy("none", mx=[])
TLSA = "3 1 1"
ROWS = {
    # ---- MTA-STS
    "ok": row(VERIFIED),
    "pattern": row(VERIFIED, policy=policy(mx=["*.{domain}"])),
    "capitals": row("sent mx.CAPITALS.Example Verified", to="CAPITALS.Example"),
    "capital-pattern": row(VERIFIED, policy=policy(mx=["MX.{domain}"])),
    "port": row(VERIFIED),
    "wrong-name": row(UNVERIFIED, mx(cert="wrong-name")),
    "self-signed": row(UNVERIFIED, mx(cert="self-signed")),
    "untrusted": row(UNVERIFIED, mx(cert="untrusted")),
    "expired": row(UNVERIFIED, mx(cert="expired")),
    "no-starttls": row("deferred 4.7.4 TLS is required, but was not offered by host mx.no-starttls.example.*",
                       mx(at="sink-plain")),
    "closes": row("deferred 4.7.5 Cannot start TLS: handshake failure", mx(at="close-at-tls")),
    "outside": row({(3, 7): UNVERIFIED, (3, 10, 5): "deferred 4.3.0 .*"}, policy=policy(mx=["other.{domain}"])),
    "two": row("sent mx2.two.example Verified", mx("mx1"), mx("mx2", 20), policy=policy(mx=["mx2.{domain}"])),
    "deeper": row({(3, 7): "sent mx.deep.deeper.example Verified", (3, 10, 5): "deferred 4.3.0 .*"},
                  mx("mx.deep"), policy=policy(mx=["*.{domain}"])),
    "many": row(VERIFIED, policy=policy(mx=["mx.{domain}", *(f"host-number-{i:04}.mail.{{domain}}" for i in range(450))])),
    "second-good": row("sent mx2.second-good.example Verified", mx("mx1", cert="wrong-name"), mx("mx2", 20)),
    "xn--bcher-kva": row("sent mx.xn--bcher-kva.example Verified", to="b\u00fccher.example"),
    # Postfix looks up the policy for each host that it tries, on the same connection: one that was closed meanwhile
    # would defer the mail.
    "slow": row("sent mx2.slow.example Verified", mx("mx1", at="hole"), mx("mx2", 20)),
    "refusing": row("sent mx2.refusing.example Verified", mx("mx1", at="refused"), mx("mx2", 20)),
    # ---- nothing that binds
    "late": row("sent mx.late.example plain", mx(at="sink-plain"), web={"at": ["hole"]}),
    "testing": row("sent mx.testing.example Untrusted", mx(cert="self-signed"), policy=policy("testing")),
    "mode-none": row("sent mx.mode-none.example plain", mx(at="sink-plain"), policy=NONE),
    "nothing": row("sent mx.nothing.example plain", mx(at="sink-plain"), sts=[], web={"at": []}),
    "null-mx": row(r"bounced 5.1.0 Domain {domain} does not accept mail \(nullMX\)", sts=[], mx=[], zone=["@ MX 0 ."]),
    "brackets": row("sent mx.brackets.example Untrusted", mx(cert="self-signed")),
    # ---- DANE
    "dane": row(VERIFIED, mx(cert="self-signed", tlsa=[TLSA]), sts=[], sign=True),
    "dane-and-sts": row(VERIFIED, mx(tlsa=[TLSA]), sign=True),
    "dane-wrong": row(UNVERIFIED, mx(tlsa=[TLSA + " other"]), sts=[], sign=True),
    "dane-unusable": row("sent mx.dane-unusable.example Untrusted", mx(cert="self-signed", tlsa=["9 1 1"]), sts=[], sign=True),
    "dane-none": row("sent mx.dane-none.example Untrusted", mx(cert="self-signed"), sts=[], sign=True),
    # The level dane protects no host without records; a policy beside it does.
    "dane-some": row("sent mx1.dane-some.example Untrusted", mx("mx1", cert="self-signed"), mx("mx2", 20, tlsa=[TLSA]),
                     sts=[], sign=True),
    "dane-some-and-sts": row("sent mx2.dane-some-and-sts.example Verified", mx("mx1", cert="self-signed"),
                             mx("mx2", 20, tlsa=[TLSA]), sign=True),
    "dane-first-wrong": row("sent mx2.dane-first-wrong.example Untrusted", mx("mx1", tlsa=[TLSA + " other"]),
                            mx("mx2", 20, cert="self-signed"), sts=[], sign=True),
    # Signed TLSA records of a host that unsigned MX records name.
    "insecure-mx": row(UNVERIFIED, mx("mx.dane-wrong.example."), sts=[]),
    # Postfix asks for the names as they are typed.
    "rows": row("sent mx.rows.example Verified", zone=["* MX 10 mx.rows.example."]),
}
TRANSPORT = [("ported.example", "smtp:port.example:25"), ("bracketed.example", "smtp:[mx.brackets.example]")]
ADDRESSES = {"port": "ported.example", "brackets": "bracketed.example"}
# Of case_events_of_other_replies.
OTHERS = {
    "failing": {"about": "", "mx": [mx("mx.ok.example.")], "sts": []},
    "encrypting": {"about": "", "mx": [mx(cert="self-signed")], "sts": []},
    "two-records": {"about": "", "mx": [mx(cert="self-signed")], "sts": [],
                    "tlsrpt": ["v=TLSRPTv1; rua=mailto:a@{domain}", "v=TLSRPTv1; rua=mailto:b@{domain}"]},
}
# the lab's own Postfix wants a host to be
SCENARIOS = {"healthy": {"about": ""}} | {name: row["scenario"] for name, row in ROWS.items()} | OTHERS


def address_of(name):
    return ROWS[name]["to"] or ADDRESSES.get(name, f"{name}.example")


def expected(name, version):
    outcome = ROWS[name]["outcome"]
    if isinstance(outcome, dict):
        outcome = outcome[max(since for since in outcome if since <= version)]
    return outcome.replace("{domain}", f"{name}.example")
