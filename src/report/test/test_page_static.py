#!/usr/bin/python3
"""The page at three widths, in light and dark, with scripts and without: nothing scrolls sideways, nothing is requested,
nothing is refused, and names from files stay texts."""
import os, sys

sys.path.insert(0, os.path.dirname(__file__))
from page_browser import Browser

browser = Browser()
for page in ("sweep", "hostile"):
    for scripts in (True, False):
        for width in (1400, 800, 390):
            for dark in (False, True):
                browser.open(page, width=width, dark=dark, scripts=scripts)
                what = f"{page}, {width} px, {'dark' if dark else 'light'}, {'with' if scripts else 'without'} scripts"
                wide = browser.cdp("Page.getLayoutMetrics")["cssContentSize"]["width"]
                browser.check(wide <= width, f"{what}: the page is {wide} px wide")
browser.open("sweep", scripts=False)
dom = browser.cdp("DOM.getDocument", depth=0)["root"]["nodeId"]


def has(selector):
    return browser.cdp("DOM.querySelector", nodeId=dom, selector=selector)["nodeId"] != 0


browser.check(has("#explore[hidden]") and has("#no-explore[hidden]"), "what needs scripts is hidden without them")
browser.check(has("details#report[open] #figure-plane"), "without scripts, the report is open")
browser.open("hostile")
browser.check(browser.js("return document.querySelectorAll('img[src=x], b').length") == 0, "a name became an element")
browser.check(browser.js("return document.title").startswith("</script><img"), "the title is the name of the experiment")
browser.open("sweep")
browser.js("document.body.setAttribute('data-refused', '0'); document.addEventListener('securitypolicyviolation',"
           " () => document.body.setAttribute('data-refused', '1'));"
           "const s = document.createElement('script'); s.textContent = 'document.title = 1'; document.body.append(s);")
browser.wait("document.body.getAttribute('data-refused') === '1'", "a script that is not the page's own was not refused")
browser.driver.get_log("browser")  # has that refusal
browser.finish()
