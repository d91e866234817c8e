"""The HTML page in a real browser: accessible, usable by keys and without scripts, printable.

Needs Chromium with its driver and selenium; the accessibility check needs axe-core (npm) in the
folder of the virtual environment; the print check needs Poppler. `.ci/run` installs them all.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.report import Report

selenium = pytest.importorskip("selenium", reason="needs selenium")
from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
AXE = Path(sys.prefix) / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs chromium and chromium-driver"
)
SIZES = {"desktop": (1400, 900), "middle": (1000, 800), "phone": (390, 844)}


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage"):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(60)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def pages(
    write, real: list[Report], hostile: Report, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    runs = {"one": real[:1], "many": [*real, hostile]}
    for name, reports in runs.items():
        folder.joinpath(f"{name}.html").write_text(write("html", *reports), encoding="utf-8")
    return {name: folder.joinpath(f"{name}.html").as_uri() for name in runs}


@pytest.fixture
def visit(browser: webdriver.Chrome, pages: dict[str, str]):
    """Open a page at a size, in a colour scheme, with or without scripts."""

    def opened(name: str, size: str = "desktop", scheme: str = "light", scripts: bool = True):
        width, height = SIZES[size]
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get(pages[name])
        return browser

    return opened


def focused(browser: webdriver.Chrome) -> str:
    return browser.switch_to.active_element.get_attribute("id") or ""


def press(browser: webdriver.Chrome, *keys: str) -> None:
    for key in keys:
        browser.switch_to.active_element.send_keys(key)


def seen(browser: webdriver.Chrome, element_id: str) -> bool:
    """Whether the top of an element lies in the window."""
    return browser.execute_script(
        "const box = document.getElementById(arguments[0]).getBoundingClientRect();"
        "return box.top >= -1 && box.top < innerHeight",
        element_id,
    )


@pytest.mark.parametrize("name", ["one", "many"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_blocked_and_nothing_is_wider_than_the_window(
    visit, name: str, size: str
) -> None:
    browser = visit(name, size)
    assert browser.get_log("browser") == []
    width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= SIZES[size][0]


@pytest.mark.skipif(not AXE.exists(), reason=f"needs axe-core: npm install --prefix {sys.prefix}")
@pytest.mark.parametrize("name", ["one", "many"])
@pytest.mark.parametrize(
    ("size", "scheme"), [("desktop", "light"), ("desktop", "dark"), ("phone", "light")]
)
def test_axe_finds_no_barrier(visit, name: str, size: str, scheme: str) -> None:
    browser = visit(name, size, scheme)
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    found = browser.execute_async_script(
        "axe.run().then(r => arguments[0]({passes: r.passes.length, violations:"
        " r.violations.map(v => [v.id, v.nodes.map(n => n.html).slice(0, 3)])}))"
    )
    assert found["violations"] == [] and found["passes"] > 20


def test_an_attack_does_not_run(visit) -> None:
    browser = visit("many")
    assert browser.execute_script("return document.scripts.length") == 1
    assert browser.execute_script("return document.images.length") == 0
    blocked = browser.execute_async_script(
        "addEventListener('securitypolicyviolation', e => arguments[0](e.violatedDirective));"
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        "document.body.append(s); setTimeout(() => arguments[0]('ran'), 3000)"
    )
    assert blocked.startswith("script-src")
    assert browser.execute_script("return window.ran === undefined")


def test_keys_go_through_the_findings(visit, real: list[Report]) -> None:
    browser = visit("one")
    press(browser, "j")
    assert focused(browser) == "d1-f1"
    press(browser, "j", "j", "k")
    assert focused(browser) == "d1-f2" and seen(browser, "d1-f2") and seen(browser, "d1-t2")
    status = browser.find_element(By.CSS_SELECTOR, "[role=status]").text
    assert status == f"第 2 条，共 {len(real[0].findings)} 条"
    assert browser.find_elements(By.CSS_SELECTOR, "mark.current[data-n=d1-f2]")
    press(browser, "k", "k")
    assert focused(browser) == f"d1-f{len(real[0].findings)}"


def test_enter_goes_to_the_words_and_back(visit) -> None:
    browser = visit("one")
    press(browser, *"jjjjjj", Keys.ENTER)
    link = browser.switch_to.active_element
    assert link.tag_name == "a" and "缴存文明经营保证金" in link.text and seen(browser, "d1-t6")
    link.send_keys(Keys.ENTER)
    assert focused(browser) == "d1-f6"


def test_keys_pass_over_what_is_filtered_and_can_be_switched_off(visit) -> None:
    browser = visit("one")
    browser.find_element(By.CSS_SELECTOR, "label[for=show-info]").click()
    press(browser, "j")
    assert focused(browser) == "d1-f2"
    browser.find_element(By.CSS_SELECTOR, "label[for=keys]").click()
    press(browser, "j")
    assert not focused(browser).startswith("d1-f")


@pytest.mark.parametrize("scripts", [True, False])
def test_filters_and_links_need_no_script(visit, scripts: bool) -> None:
    browser = visit("one", scripts=scripts)
    errors = browser.find_elements(By.CSS_SELECTOR, "li.finding.error")
    assert errors and all(error.is_displayed() for error in errors)
    mark = browser.find_element(By.CSS_SELECTOR, "mark.error")
    shade = mark.value_of_css_property("background-color")
    box = browser.find_element(By.ID, "show-error")
    browser.find_element(By.CSS_SELECTOR, "label[for=show-error]").click()
    assert not box.is_selected() and not any(error.is_displayed() for error in errors)
    assert browser.find_element(By.CSS_SELECTOR, "li.finding.warning").is_displayed()
    assert mark.value_of_css_property("background-color") != shade
    box.send_keys(Keys.SPACE)
    assert box.is_selected() and errors[0].is_displayed()
    browser.find_element(By.CSS_SELECTOR, ".place a[href='#d1-t18']").click()
    assert browser.current_url.endswith("#d1-t18") and seen(browser, "d1-t18")
    assert browser.find_element(By.CSS_SELECTOR, ".keys").is_displayed() is scripts


def test_a_phone_shows_findings_before_the_text(visit) -> None:
    browser = visit("one", "phone")
    tops = [
        browser.find_element(By.CSS_SELECTOR, f"section.{name}").rect["y"]
        for name in ("findings", "text")
    ]
    assert tops[0] < tops[1]
    columns = visit("one", "desktop").find_elements(By.CSS_SELECTOR, ".columns > *")
    assert len({round(column.rect["y"]) for column in columns}) == 1


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler-utils")
def test_print_has_the_text_and_then_the_findings(
    visit, tmp_path: Path, real: list[Report]
) -> None:
    browser = visit("one")
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    file = tmp_path / "a.pdf"
    file.write_bytes(base64.b64decode(printed["data"]))
    ran = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    text = "".join(ran.stdout.decode("utf-8").split())
    assert "☑" not in text and "条款结构" not in text
    assert text.index("本办法由县文旅局起草") < text.index("附则没有写解释机关")
    for finding in real[0].findings:
        assert finding.rule in text
    assert text.count("问题线索由审核人员判断") == 1
