"""How notebooks look in JupyterLab and as exported pages: contrast, descriptions of pictures, headings, what is cut.

Run it as ``python tests/bench/pages.py [lab] [html] [--in DIR] [--shots DIR]``, with Playwright and Chromium at hand
(neither is a dependency of the project; ``CHROMIUM`` names the program, if it is not ``/usr/bin/chromium``). ``lab``
opens each notebook in JupyterLab, untrusted and not run, in the light and in the dark theme; ``html`` exports them and
opens each page light and dark, 390, 1100 and 1600 pixels wide. Each line tells of one page what was wrong with it.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.field.data_files import notebooks_path
from corpus.publishing.results.contents import export_html

FONTS = Path(__file__).resolve().parents[2] / "data" / "fonts"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDTHS = (390, 1100, 1600)
NOT_OURS = ".jp-InputArea, .jp-OutputPrompt, .jp-Toolbar, .jp-Notebook-footer, .highlight, .skip"
LOOK = Path(__file__).with_name("pages.js").read_text(encoding="utf-8")


def tell(name: str, found: dict[str, Any]) -> None:
    wrong = {what: value for what, value in found.items() if value and what not in ("texts", "images", "h1")}
    if found["h1"] != 1:
        wrong["h1"] = found["h1"]
    told = json.dumps(wrong, ensure_ascii=False) if wrong else "nothing wrong"
    print(f"{name}: {found['texts']} texts, {found['images']} pictures: {told}", flush=True)


def shoot(page: Any, folder: Path | None, name: str, *, scroller: str = "html") -> None:
    """Save the page in pieces as high as the window."""
    if folder is None:
        return
    scroll = f"document.querySelector({scroller!r})"
    whole, window = (page.evaluate(f"{scroll}.{height}") for height in ("scrollHeight", "clientHeight"))
    for number, top in enumerate(range(0, whole, window - 20)):
        page.evaluate(f"{scroll}.scrollTop = {top}")
        page.wait_for_timeout(100)
        page.screenshot(path=str(folder / f"{name}-{number:02}.png"))


@contextmanager
def jupyterlab(notebooks: Path, room: Path) -> Iterator[tuple[str, str]]:
    """Run a server that trusts nothing, and yield its address and its token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    folders = {f"JUPYTER_{name}_DIR": str(room / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--LabApp.user_settings_dir={room}/settings"]
    command += [f"--LabApp.workspaces_dir={room}/workspaces"]
    server = subprocess.Popen(
        command,
        cwd=notebooks,
        env=os.environ | folders | {"JUPYTER_TOKEN": token},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                ask(f"{address}/api/status", token)
                break
            except OSError:
                time.sleep(0.2)
        yield address, token
    finally:
        server.terminate()
        server.wait(timeout=30)


def ask(address: str, token: str, settings: dict[str, Any] | None = None) -> None:
    body = None if settings is None else json.dumps({"raw": json.dumps(settings)}).encode()
    method = "GET" if body is None else "PUT"
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(address, data=body, headers=headers, method=method)
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30).read()


def look_at_lab(browser: Any, notebooks: Path, room: Path, shots: Path | None) -> None:
    copy = room / "notebooks"
    shutil.copytree(notebooks, copy)
    with jupyterlab(copy, room) as (address, token):
        settings = f"{address}/lab/api/settings/@jupyterlab"
        ask(f"{settings}/notebook-extension:tracker", token, {"windowingMode": "none"})
        quiet = {"fetchNews": "false", "checkForUpdates": False}
        ask(f"{settings}/apputils-extension:notification", token, quiet)
        for theme in ("Light", "Dark"):
            chosen = {"theme": f"JupyterLab {theme}", "adaptive-theme": False}
            ask(f"{settings}/apputils-extension:themes", token, chosen)
            for path in sorted(copy.glob("*.ipynb")):
                page = browser.new_page(viewport={"width": 1150, "height": 1450})
                page.goto(f"{address}/doc/tree/{path.name}?token={token}&reset")
                page.wait_for_selector(".jp-Notebook .jp-OutputArea-output", timeout=60_000)
                page.wait_for_timeout(3000)  # outputs come one after the other, and nothing says which is the last
                name = f"lab-{path.stem}-{theme.lower()}"
                tell(name, page.evaluate(LOOK, {"root": ".jp-Notebook", "skip": NOT_OURS}))
                shoot(page, shots, name, scroller=".jp-WindowedPanel-outer")
                page.close()


def look_at_pages(browser: Any, notebooks: Path, room: Path, shots: Path | None) -> None:
    for path in export_html(notebooks, room / "pages"):
        for theme in ("light", "dark"):
            for width in WIDTHS:
                context = browser.new_context(
                    viewport={"width": width, "height": 1450}, color_scheme=theme, java_script_enabled=True
                )
                page = context.new_page()
                asked: list[str] = []
                page.on("request", lambda request, asked=asked: asked.append(request.url))
                page.goto(path.as_uri())
                found = page.evaluate(LOOK, {"root": "body", "skip": NOT_OURS})
                found["asked"] = [url for url in asked if not url.startswith(("file:", "data:"))]
                name = f"page-{path.stem}-{theme}-{width}"
                tell(name, found)
                shoot(page, shots, name)
                context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", help="lab, html; both if not given")
    parser.add_argument("--in", dest="folder", type=Path, default=notebooks_path(), help="where the notebooks are")
    parser.add_argument("--shots", type=Path, help="a folder for pictures of all that was looked at")
    options = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("pages: Playwright is not installed: pip install playwright, then run this again")
    if not Path(CHROMIUM).exists():
        sys.exit(f"pages: {CHROMIUM} is not there: install Chromium, or name its program by CHROMIUM")
    if options.shots is not None:
        options.shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary, sync_playwright() as playwright:
        room = Path(temporary)
        fonts = room / "fonts.conf"
        system = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        fonts.write_text(f"<fontconfig>{system}<dir>{FONTS}</dir></fontconfig>", encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        print(f"Chromium {browser.version}, {sys.platform}, Python {sys.version.split()[0]}")
        looks = {"lab": look_at_lab, "html": look_at_pages}
        for what in options.what or looks:
            looks[what](browser, options.folder, room, options.shots)
        browser.close()


if __name__ == "__main__":
    main()
