#!/usr/bin/python3
"""axe-core finds nothing serious on the page: all of it at 1400 px, and what scripts make in the dark and on a phone."""
import os, subprocess, sys

sys.path.insert(0, os.path.dirname(__file__))
from page_browser import Browser, skip

source = os.environ["INFOPLANE_SOURCE"]
fetched = subprocess.run([source + "/scripts/fetch-axe.sh"], capture_output=True, text=True)
if fetched.returncode != 0:
    skip("no axe-core: " + fetched.stderr.strip())
axe = open(fetched.stdout.split(": ")[0], encoding="utf-8").read()

RUN = """
const done = arguments[0];
axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(
  r => done(r.violations.map(v => [v.impact, v.id, v.nodes.length, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' '
    + n.any.concat(n.all).map(a => a.message).join('; ').slice(0, 200))])), e => done([['critical', String(e), 1, []]]));
"""
browser = Browser()
for width, dark, page, is_whole in ((1400, False, "wide", True), (1400, True, "sweep", False), (390, False, "sweep", False)):
    browser.open(page, width=width, dark=dark)
    browser.js("document.getElementById('report').open = arguments[0]", is_whole)
    browser.cdp("Runtime.evaluate", expression=axe)  # not subject to the policy of the page
    for impact, rule, count, nodes in browser.driver.execute_async_script(RUN):
        line = f"{impact}: {rule}, {count} places, {page}, {width} px, {'dark' if dark else 'light'}: {nodes}"
        print(line)
        browser.check(impact not in ("serious", "critical"), line)
browser.finish()
