"""What the tests of the page share: pages that test_page_made.sh has written, and Chromium by selenium.

    browser = Browser()
    browser.open("sweep", "#v1&e=10", width=390, dark=True)
    browser.js("return document.title")
    browser.finish()

A browser that is missing skips the test (77); with CI=true it is a failure. Whatever the page asks the network for, and
whatever the console complains about, is a failure at the end.
"""
import json, os, sys, urllib.parse

FOLDER = os.path.join(os.environ["INFOPLANE_BUILD"], "page-test")


def skip(why):
    print(f"skipped: {why}")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)


try:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys  # for the tests
except ImportError:
    skip("python3-selenium is not installed")


class Browser:
    def __init__(self):
        self.failures = []
        driver = next((p for p in ("/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver") if os.path.exists(p)), None)
        if not driver or not os.path.exists("/usr/bin/chromium"):
            skip("chromium and chromium-driver are not installed")
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                     "--no-first-run", "--disable-extensions", "--disable-background-networking"):
            options.add_argument(word)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(driver), options=options)
        self.driver.set_script_timeout(20)

    def cdp(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def open(self, page, state="", width=1400, height=900, dark=False, scripts=True, still=False, scale=1):
        """Loads a page anew, of a width in CSS pixels, in light or dark, with scripts or without."""
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=width < 500)
        self.cdp("Emulation.setEmulatedMedia", media="", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}])
        self.cdp("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.driver.get("about:blank")
        self.driver.get("file://" + urllib.parse.quote(os.path.join(FOLDER, page + ".html")) + state)
        if scripts:
            self.wait("document.readyState === 'complete' && (!document.getElementById('explore').hidden || "
                      "!document.getElementById('no-explore').hidden)", "the page is not set up")

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition, why, seconds=10):
        """Waits until a condition of JavaScript holds."""
        found = self.driver.execute_async_script(
            "const done = arguments[1], end = performance.now() + 1000 * arguments[0];"
            "(function look() { let is = false; try { is = !!(" + condition + "); } catch (e) { is = false; }"
            " if (is || performance.now() > end) done(is); else setTimeout(look, 30); })();", seconds)
        self.check(found, why + " (" + condition + ")")

    def keys(self, *keys):
        """Presses keys where the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def hover(self, x, y):
        """Moves the mouse to a point of the window."""
        self.cdp("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.cdp("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def drag(self, x, y, to_x, to_y, steps=6):
        self.cdp("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)
        for i in range(1, steps + 1):
            self.cdp("Input.dispatchMouseEvent", type="mouseMoved", x=x + (to_x - x) * i / steps,
                     y=y + (to_y - y) * i / steps, button="left", buttons=1)
        self.cdp("Input.dispatchMouseEvent", type="mouseReleased", x=to_x, y=to_y, button="left", clickCount=1)

    def picture(self, path):
        self.driver.save_screenshot(path)

    def check(self, condition, why):
        if not condition:
            self.failures.append(why)
            print("FAILED:", why)

    def run_tests(self, names):
        """The functions test_... among `names`, in their order; then the end of the test."""
        for test in [value for name, value in names.items() if name.startswith("test_")]:
            try:
                test()
            except Exception as error:  # the others still run
                self.check(False, f"{test.__name__}: {type(error).__name__}: {error}")
        self.finish()

    def finish(self):
        """Requests and complaints, then the end of the test."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] != "Network.requestWillBeSent":
                continue
            url = message["params"]["request"]["url"]
            self.check(url.split(":")[0] in ("file", "data", "blob", "about", "chrome"), "the page asked for " + url[:200])
        for entry in self.driver.get_log("browser"):
            if entry["level"] in ("SEVERE", "WARNING"):
                self.check(False, "the console says: " + entry["message"][:400])
        self.driver.quit()
        sys.exit(1 if self.failures else 0)
