#!/usr/bin/env python3
"""Opens pages of an audit in Chromium, takes pictures of them to be looked at, and fails when a page does what it must not.

    python3 bench/audit_pages.py HISTORY/reports/2026-10-30.html DIR

Writes desk.png, dark.png, phone.png (390 pixels wide) and print.pdf into DIR. Fails when the page asks for anything beside itself, violates its
Content-Security-Policy, scrolls sideways on the phone, or has text of less than 10 pixels there. Needs Chromium and nothing else: it is driven through
the pipe of its DevTools protocol.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

DESK, PHONE = 1100, 390
SMALLEST = 10

# What is wider than the screen, and text that is smaller than it may be.
LAYOUT = """(() => {
  const wide = [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    const hidden = e.closest('.hidden, .wrap, thead') || !e.checkVisibility({contentVisibilityAuto: true});
    return !hidden && box.width > 0 && box.right > innerWidth + 1;
  });
  const small = [...document.querySelectorAll('body *')].filter(e =>
    [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < SMALLEST);
  const names = es => [...new Set(es.map(e => e.tagName + '.' + (e.getAttribute('class') || '')))].slice(0, 5);
  return {width: document.documentElement.scrollWidth, inner: innerWidth, wide: names(wide), small: names(small),
          charts: [...document.querySelectorAll('.xs, .ys')].map(e => parseFloat(getComputedStyle(e).fontSize))};
})()""".replace("SMALLEST", str(SMALLEST))


class Browser:
    """Chromium behind its pipe: messages of JSON that end in a NUL."""

    def __init__(self, profile):
        to_browser, self.writing = os.pipe()
        self.reading, from_browser = os.pipe()
        command = 'exec 3<&"$1" 4>&"$2"; shift 2; exec chromium "$@"'
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe"]
        self.process = subprocess.Popen(
            ["bash", "-c", command, "bash", str(to_browser), str(from_browser), *options, f"--user-data-dir={profile}"],
            pass_fds=(to_browser, from_browser),
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.rest, self.number, self.session, self.events = b"", 0, None, []

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def receive(self):
        while b"\0" not in self.rest:
            more = os.read(self.reading, 1 << 20)
            if not more:
                raise RuntimeError("Chromium has ended")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def wait_for(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.receive())

    def evaluate(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"]["value"]

    def close(self):
        self.call("Browser.close")
        self.process.wait()


def visit(browser, page, width, scheme):
    browser.session = None
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Network", "Log", "Audits", "Runtime"):
        browser.call(f"{domain}.enable")
    browser.call(
        "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width == PHONE
    )
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.events.clear()
    browser.call("Page.navigate", url=page.as_uri())
    browser.wait_for("Page.loadEventFired")


def picture(browser, path):
    content = browser.call("Page.captureScreenshot", captureBeyondViewport=True)
    path.write_bytes(base64.b64decode(content["data"]))


def faults_of_loading(browser, page):
    browser.evaluate("new Promise(done => setTimeout(done, 200)) && 1")
    for event in browser.events:
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent" and parameters["request"]["url"] != page.as_uri():
            yield f"it asks for {parameters['request']['url']}"
        if method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            yield parameters["entry"]["text"]
        if method == "Audits.issueAdded" and parameters["issue"]["code"] == "ContentSecurityPolicyIssue":
            yield f"it violates its policy: {json.dumps(parameters['issue']['details'])[:300]}"


def faults_of_layout(browser):
    for state in ("folded", "unfolded"):
        if state == "unfolded":
            browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = true) || 1")
        layout = browser.evaluate(LAYOUT)
        if layout["width"] > PHONE or layout["inner"] != PHONE or layout["wide"]:
            yield f"{state}, it is {layout['width']} pixels wide on a screen of {PHONE}: {layout['wide']}"
        if layout["small"] or min(layout["charts"], default=SMALLEST) < SMALLEST:
            yield f"{state}, it has text of less than {SMALLEST} pixels: {layout['small']}"


def look(browser, page, target):
    faults = []
    for name, width, scheme in (("desk", DESK, "light"), ("dark", DESK, "dark"), ("phone", PHONE, "light")):
        visit(browser, page, width, scheme)
        faults += faults_of_loading(browser, page)
        picture(browser, target / f"{name}.png")
    faults += faults_of_layout(browser)
    pdf = browser.call("Page.printToPDF", printBackground=True)
    (target / "print.pdf").write_bytes(base64.b64decode(pdf["data"]))
    return faults


def main():
    page, target = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(profile)
        try:
            faults = look(browser, page, target)
        finally:
            browser.close()
    for fault in sorted(set(faults)):
        print(f"{page.name}: {fault}", file=sys.stderr)
    print(f"{page.name}: {page.stat().st_size:,} bytes, {len(set(faults))} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
