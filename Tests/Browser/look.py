#!/usr/bin/env python3
"""Opens pages in headless Chromium and says what is wrong with them.

    Tests/Browser/look.py VIEWS        a file of a JSON list of views; writes a list of what was seen

    {"page": "/tmp/report.html", "width": 390, "scheme": "dark", "media": "screen", "scripts": true,
     "steps": ["document.title"], "tabs": 3, "picture": "/tmp/report.png", "paper": "/tmp/report.pdf"}
    {"faults": ["contrast 2.30: <p> ..."], "values": ["tours"], "focus": ["a outlined"], "sheets": 3}

Only the page must be told. `faults` are errors of the console and what faults.js finds after the steps;
each step is JavaScript, and `values` is what they come to, as text. `focus` is what the Tab key comes to,
and whether that can be seen. `picture` and `paper` are written where they are told; the latter is A4,
and `sheets` says how many of it. Chromium is driven through a pipe, and is given no network.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import pathlib

FAULTS = (pathlib.Path(__file__).parent / "faults.js").read_text()
# The width between the margins of A4 in pixels of CSS, for what is laid out for paper.
PAPER = 688
FOCUS = """(() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  return `${element.localName} ${isSeen ? "outlined" : "unseen"}`;
})()"""


class Browser:
    def __init__(self, program, profile):
        to_it, from_us = os.pipe()
        from_it, to_us = os.pipe()
        arguments = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--remote-debugging-pipe", f"--user-data-dir={profile}", "--no-first-run",
            "--disable-extensions", "--disable-dev-shm-usage", "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND", "about:blank",
        ]

        def pipes():
            # The browser reads descriptor 3 and writes descriptor 4; neither end may be one of them.
            ends = os.dup(to_it), os.dup(to_us)
            high = [os.dup2(end, 100 + place) for place, end in enumerate(ends)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            arguments, preexec_fn=pipes, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_it)
        os.close(to_us)
        self.out = os.fdopen(from_us, "wb", buffering=0)
        self.input = os.fdopen(from_it, "rb")
        self.rest = b""
        self.last = 0
        self.events = []

    def message(self):
        while b"\0" not in self.rest:
            block = os.read(self.input.fileno(), 1 << 16)
            if not block:
                raise SystemExit("chromium ended")
            self.rest += block
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **parameters):
        self.last += 1
        call = {"id": self.last, "method": method, "params": parameters}
        if session:
            call["sessionId"] = session
        self.out.write(json.dumps(call).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.last:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method):
        while True:
            for place, event in enumerate(self.events):
                if event.get("method") == method:
                    del self.events[place]
                    return event
            self.events.append(self.message())

    def end(self):
        self.call("Browser.close")
        self.process.wait(timeout=20)


def complaints(events):
    """What the console was told that is more than a remark."""
    for event in events:
        told = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            detail = told["exceptionDetails"]
            thrown = detail.get("exception", {}).get("description", "")
            yield f"exception: {detail['text']} {thrown}"
        elif event.get("method") == "Runtime.consoleAPICalled":
            if told["type"] in ("error", "warning", "assert"):
                yield "console: " + " ".join(str(a.get("value")) for a in told["args"])
        elif event.get("method") == "Log.entryAdded":
            if told["entry"]["level"] in ("error", "warning"):
                yield f"log: {told['entry']['text']}"


def look(browser, session, view):
    media = view.get("media", "screen")
    width = PAPER if media == "print" else view.get("width", 1280)

    def call(method, **parameters):
        return browser.call(method, session, **parameters)

    call("Emulation.setDeviceMetricsOverride", width=width, height=view.get("height", 900),
         deviceScaleFactor=1, mobile=False)
    call("Emulation.setEmulatedMedia", media=media, features=[
        {"name": "prefers-color-scheme", "value": view.get("scheme", "light")}])
    call("Emulation.setScriptExecutionDisabled", value=not view.get("scripts", True))
    browser.events.clear()
    call("Page.navigate", url=pathlib.Path(view["page"]).absolute().as_uri())
    browser.wait("Page.loadEventFired")

    def value(script):
        found = call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise SystemExit(f"{script}: {found['exceptionDetails']}")
        return found["result"].get("value")

    seen = {"values": [str(value(step)) for step in view.get("steps", [])], "focus": []}
    seen["faults"] = value(FAULTS) + list(complaints(browser.events))
    for _ in range(view.get("tabs", 0)):
        for kind in ("rawKeyDown", "keyUp"):
            call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab",
                 windowsVirtualKeyCode=9)
        seen["focus"].append(value(FOCUS))
    if "picture" in view:
        shot = call("Page.captureScreenshot", captureBeyondViewport=True,
                    clip={"x": 0, "y": view.get("top", 0), "width": width,
                          "height": view.get("height", 900), "scale": 1})
        pathlib.Path(view["picture"]).write_bytes(base64.b64decode(shot["data"]))
    if "paper" in view:
        paper = base64.b64decode(call(
            "Page.printToPDF", preferCSSPageSize=True, paperWidth=8.27, paperHeight=11.69,
            printBackground=False)["data"])
        pathlib.Path(view["paper"]).write_bytes(paper)
        sheets = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", paper)
        seen["sheets"] = len(sheets)
        if any(not (590 < float(wide) < 600) for wide, _ in sheets):
            seen["faults"].append(f"sheets that are not A4: {sheets[:2]}")
    return seen


def main():
    views = json.loads(pathlib.Path(sys.argv[1]).read_text())
    program = os.environ.get("CHROMIUM", "chromium")
    # What the browser still writes while it ends is no concern of anybody's.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            browser.call(f"{domain}.enable", session)
        json.dump([look(browser, session, view) for view in views], sys.stdout)
        browser.end()


if __name__ == "__main__":
    main()
