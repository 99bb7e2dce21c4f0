#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The files of monitoring/ fit the program: options, metrics and labels that they use exist.

usage: monitoring.py MTASTS             without other programs, but for promtool where it is installed
       monitoring.py MTASTS --daemons   Icinga, Nagios and promtool read all of it  (make check-monitoring)"""

import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent
FILES = TOP / "monitoring"
RULES = FILES / "prometheus/mtasts.rules.yml"
DASHBOARD = FILES / "grafana/mtasts.json"
FACTS = TOP / "fuzz/corpus/facts/healthy.json"
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import prometheus  # noqa: E402

MTASTS = os.path.abspath(sys.argv[1])
DAEMONS = "--daemons" in sys.argv


def run(*words, stdin=None, **more):
    return subprocess.run(words, input=stdin, capture_output=True, text=True, timeout=120, **more)


def written(folder):
    """All metrics there are: a domain with findings, reports and a policy, one-hot too."""
    facts = json.loads(FACTS.read_text().splitlines()[0])
    now = datetime.datetime.now(datetime.timezone.utc)
    day = now.date() - datetime.timedelta(days=1)
    report = {"organization-name": "Sender", "contact-info": "a@sender.example", "report-id": "1",
              "date-range": {"start-datetime": f"{day}T00:00:00Z", "end-datetime": f"{day}T23:59:59Z"},
              "policies": [{"policy": {"policy-type": "sts", "policy-domain": facts["domain"]},
                            "summary": {"total-successful-session-count": 40, "total-failure-session-count": 3}}]}
    (folder / "report.json").write_text(json.dumps(report))
    store = ("--store", str(folder / "store.db"))
    done = run(MTASTS, "ingest", "--quiet", *store, str(folder / "report.json"))
    assert done.returncode == 0, done
    file = folder / "mtasts.prom"
    # Observed after the report came in.
    facts["observed_at"] = (now + datetime.timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    run(MTASTS, "watch", "--quiet", "--one-hot", "--prometheus", str(file), "--from", "-", *store, stdin=json.dumps(facts))
    return file.read_text()


def names_of(expression):
    """{metric: labels that are used with it}; what stands behind by () and on () may be of any of them."""
    found = {}
    expression = re.sub(r'"[^"]*"', '""', expression)
    for name, labels in re.findall(r"\b(mtasts_\w+)(?:\{([^}]*)\})?", expression):
        found.setdefault(name, set()).update(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", labels))
    for group in re.findall(r"\b(?:by|on|label_values)\s*\(([^()]*)\)", expression):
        for labels in found.values():
            labels.update(word for word in re.findall(r"\w+", group) if not word.startswith("mtasts_"))
    return found


def rule_blocks():
    return re.split(r"^      - alert: ", RULES.read_text(), flags=re.M)[1:]


def expression_of(rule):
    lines = rule.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("        expr:"))
    text = lines[start].removeprefix("        expr:").strip()
    if text != "|":
        return text
    return "\n".join(line for line in lines[start + 1:] if line.startswith(" " * 10)).strip()


def dashboard_expressions(node):
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("expr", "query") and isinstance(value, str) and "mtasts" in value:
                yield value
            else:
                yield from dashboard_expressions(value)
    elif isinstance(node, list):
        for one in node:
            yield from dashboard_expressions(one)


class Monitoring(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.text = written(pathlib.Path(cls.folder.name))
        cls.labels = {}
        for name, labels in prometheus.parse(cls.text):
            cls.labels.setdefault(name, set()).update(label for label, _ in labels)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def exist(self, expression):
        used = names_of(expression)
        self.assertTrue(used, expression)
        for name, labels in used.items():
            self.assertIn(name, self.labels, expression)
            self.assertLessEqual(labels, self.labels[name], expression)
        return set().union(*(self.labels[name] for name in used))

    def test_alerts_use_what_there_is(self):
        self.assertGreater(len(rule_blocks()), 5)
        for rule in rule_blocks():
            labels = self.exist(expression_of(rule))
            self.assertLessEqual(set(re.findall(r"\$labels\.(\w+)", rule)), labels, rule)
            self.assertIn("severity:", rule)
            self.assertIn("summary:", rule)

    def test_each_alert_is_tested(self):
        tested = (FILES / "prometheus/mtasts.test.yml").read_text()
        for rule in rule_blocks():
            name = rule.split("\n")[0]
            self.assertRegex(tested, rf"alertname: {name}\n        exp_alerts")
            self.assertRegex(tested, rf"alertname: {name}\}}")

    def test_the_dashboard_uses_what_there_is(self):
        board = json.loads(DASHBOARD.read_text())
        for panel in board["panels"]:
            self.assertTrue(panel["targets"], panel["title"])
        expressions = list(dashboard_expressions(board))
        self.assertGreater(len(expressions), len(board["panels"]))
        for expression in expressions:
            self.exist(expression)
        for legend in re.findall(r"\{\{(\w+)\}\}", DASHBOARD.read_text()):
            self.assertIn(legend, set().union(*self.labels.values()))
        shown = set().union(*(names_of(expression) for expression in expressions))
        self.assertLessEqual({"mtasts_verdict", "mtasts_finding", "mtasts_delivery", "mtasts_tlsrpt_sessions"}, shown)

    def test_panels_do_not_overlap(self):
        taken = set()
        for panel in json.loads(DASHBOARD.read_text())["panels"]:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(taken & cells, panel["title"])
            self.assertLessEqual(at["x"] + at["w"], 24)
            taken |= cells

    def test_plugin_options_exist(self):
        shown = run(MTASTS, "check", "--help", "--lang", "en").stdout
        heads = re.findall(r"^  (-\S.*)$", shown, re.M)
        takes = {option: " " in head.replace(", ", ",") for head in heads
                 for option in re.findall(r"(?:^|(?<=[ ,]))--?[\w-]+", head)}
        icinga = (FILES / "icinga2/mtasts.conf").read_text()
        used = {option: "value" in block for option, block in re.findall(r'^    "(-[\w-]+)" = \{(.*?)^    \}', icinga, re.M | re.S)}
        self.assertGreater(len(used), 10)
        for option, value in used.items():
            self.assertIn(option, takes)
            self.assertEqual(takes[option], value, option)
        nagios = (FILES / "nagios/mtasts.cfg").read_text()
        lines = re.findall(r"^    command_line +(.*)$", nagios, re.M)
        self.assertEqual(len(lines), 3)
        for line in lines:
            for option in re.findall(r"(?<= )--?[a-z][\w-]*", line, re.I):
                self.assertIn(option, takes)

    def test_icinga_variables_exist(self):
        """Icinga ignores a variable that no command uses, as after a typo."""
        icinga, host = ((FILES / "icinga2" / name).read_text() for name in ("mtasts.conf", "example-host.conf"))
        defined = {"mtasts_domains", *re.findall(r'(?:value|set_if) = "\$(mtasts_\w+)\$"', icinga)}
        self.assertIn("host.vars.mtasts_domains)", icinga)
        used = re.findall(r"\b(mtasts_\w+)(?:\[[^\]]*\])? =", icinga + host)
        self.assertGreaterEqual(set(used), {"mtasts_domains", "mtasts_domain", "mtasts_timeout", "mtasts_warning"})
        self.assertLessEqual(set(used), defined)

    def test_nagios_services_use_their_commands(self):
        commands = dict(re.findall(r"command_name +(\S+)\n +command_line +(.*)", (FILES / "nagios/mtasts.cfg").read_text()))
        calls = re.findall(r"check_command +(\S+)", (FILES / "nagios/example-services.cfg").read_text())
        self.assertEqual({call.split("!")[0] for call in calls}, set(commands))
        for call in calls:
            name, *words = call.split("!")
            self.assertEqual(set(re.findall(r"\$ARG(\d)\$", commands[name])), {str(i + 1) for i in range(len(words))})

    @unittest.skipUnless(shutil.which("promtool") or DAEMONS, "promtool is not installed")
    def test_promtool(self):
        for words, stdin in ((("check", "metrics"), self.text), (("check", "rules", RULES), None),
                             (("test", "rules", FILES / "prometheus/mtasts.test.yml"), None)):
            done = run("promtool", *map(str, words), stdin=stdin)
            self.assertEqual(done.returncode, 0, done)
            self.assertFalse(done.stderr, done)


ICINGA = """
include <itl>
const PluginDir = "/usr/lib/nagios/plugins"
const NodeName = "lab"
include "{files}/mtasts.conf"
include "{files}/example-host.conf"
"""

NAGIOS = """
cfg_file={folder}/base.cfg
cfg_file={files}/mtasts.cfg
cfg_file={files}/example-services.cfg
resource_file={folder}/resource.cfg
object_cache_file={folder}/objects.cache
precached_object_file={folder}/objects.precache
status_file={folder}/status.dat
log_file={folder}/nagios.log
command_file={folder}/nagios.cmd
lock_file={folder}/nagios.lock
temp_file={folder}/nagios.tmp
temp_path={folder}
check_result_path={folder}
state_retention_file={folder}/retention.dat
log_archive_path={folder}
"""

BASE = """
define timeperiod {
    timeperiod_name 24x7
    alias           always
    sunday          00:00-24:00
    monday          00:00-24:00
    tuesday         00:00-24:00
    wednesday       00:00-24:00
    thursday        00:00-24:00
    friday          00:00-24:00
    saturday        00:00-24:00
}
define command {
    command_name    nothing
    command_line    /bin/true
}
define contact {
    contact_name                    admin
    host_notification_period        24x7
    service_notification_period     24x7
    host_notification_options       d
    service_notification_options    c
    host_notification_commands      nothing
    service_notification_commands   nothing
}
define contactgroup {
    contactgroup_name   admins
    alias               admins
    members             admin
}
define host {
    host_name           localhost
    address             127.0.0.1
    check_command       nothing
    max_check_attempts  3
    check_period        24x7
    notification_period 24x7
    notification_interval 60
    contact_groups      admins
}
"""


@unittest.skipUnless(DAEMONS, "make check-monitoring")
class Daemons(unittest.TestCase):
    def test_icinga(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            path = pathlib.Path(folder) / "icinga2.conf"
            path.write_text(ICINGA.format(files=FILES / "icinga2"))
            done = run("icinga2", "daemon", "-C", "-c", str(path), "-D", f"DataDir={folder}", "-D", f"CacheDir={folder}",
                       "-D", f"LogDir={folder}", "-D", f"InitRunDir={folder}", "-D", "RunAsUser=root", "-D", "RunAsGroup=root")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertRegex(done.stdout, r"Instantiated 2 Services")
            self.assertNotRegex(done.stdout, r"warning/config|did not match|critical/")

    def test_nagios(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            at = pathlib.Path(folder)
            (at / "nagios.cfg").write_text(NAGIOS.format(folder=folder, files=FILES / "nagios"))
            (at / "resource.cfg").write_text("$USER1$=/usr/lib/nagios/plugins\n")
            (at / "base.cfg").write_text(BASE)
            done = run("nagios4", "-v", str(at / "nagios.cfg"))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertRegex(done.stdout, r"Checked 3 services")
            self.assertRegex(done.stdout, r"Total Errors: +0")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
