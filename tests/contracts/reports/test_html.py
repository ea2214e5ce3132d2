"""The page of a run as a person uses it: in Debian's Chromium, from a file, without any network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from contracts.events import RunEnded
from contracts.options import Options
from contracts.plan import make_plan
from contracts.reports import html
from contracts.reports.reporter import Reporter
from contracts.reports.tally import Tally
from contracts.run import run
from contracts.targets.emulator import Emulator
from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.browser.test_docs import CHROMIUM, DRIVER, ELSEWHERE, FLAGS, PATIENCE
from tests.contracts.reports.made import COVERAGE, LARGE, SECRET, finding, refused, sent, tally

ATTACK = '<img src="http://example.com/x"><script>document.title = "broken"</script>'


class Page:
    """A report in a browser."""

    def __init__(self, browser: Chrome) -> None:
        self._browser = browser

    def open(self, file: Path, anchor: str = "") -> None:
        self._browser.get("about:blank")
        self._browser.get(f"{file.as_uri()}{anchor}")

    def one(self, selector: str) -> WebElement:
        return self._browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self._browser.find_elements(By.CSS_SELECTOR, selector)

    def shown(self) -> set[str]:
        """The operations that are shown."""
        return {one.text for one in self.all(".operation .name") if one.is_displayed()}

    def appears(self, condition: Callable[[], object]) -> None:
        WebDriverWait(self._browser, PATIENCE, poll_frequency=0.1).until(lambda _: condition())

    def focused(self) -> WebElement:
        return self._browser.switch_to.active_element

    def press(self, *keys: str) -> None:
        for key in keys:
            self.focused().send_keys(key)

    def asked(self) -> set[str]:
        """Every address that was asked beyond files."""
        events = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        urls = [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]
        return {url for url in urls if url.startswith(ELSEWHERE)}

    def complaints(self) -> list[str]:
        """What the console says: errors of scripts, and what the policy refused."""
        return [entry["message"] for entry in self._log("browser")]

    def _log(self, name: str) -> list[dict[str, str]]:
        entries: list[dict[str, str]] = self._browser.get_log(name)  # type: ignore[no-untyped-call]
        return entries


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = Chrome(options, Service(DRIVER))
    driver.set_page_load_timeout(PATIENCE)
    yield driver
    driver.quit()


@pytest.fixture
def page(browser: Chrome) -> Iterator[Page]:
    """A page; whatever a test does with it, no other origin is asked and nothing fails."""
    page = Page(browser)
    page.asked()
    page.complaints()
    yield page
    assert (page.asked(), page.complaints()) == (set(), [])


def written(counts: Tally, folder: Path) -> Path:
    file = folder / "report.html"
    with file.open("wb") as stream:
        html.write(counts, "mock", "2026-03-02T02:00:00Z", stream)
    return file


@pytest.fixture
def report(contract: Contract, tmp_path: Path) -> Path:
    """The page of the made-up run."""
    return written(tally(contract), tmp_path)


def test_it_opens_with_an_overview(page: Page, report: Path) -> None:
    page.open(report)
    assert page.one("h1").text == "Contract run 3 findings"
    tiles = [one.text.replace("\n", " ") for one in page.all(".tiles li")]
    assert tiles[:2] == ["2 of 3 operations run", "5 calls, 2 accepted"]
    assert page.one(".note").text == "1 of 4 planned parts did not run to their end: the time is over."


def test_a_failure_unfolds_and_tells_how_to_repeat_it(page: Page, report: Path) -> None:
    page.open(report)
    page.one("#ListSubCustomers > summary").click()
    failure = page.one("#ListSubCustomers .finding")
    assert "curl" not in failure.text
    failure.find_element(By.CSS_SELECTOR, "summary").click()
    for part in ('{"limit":101}', '-H "X-Auth-Token: $TOKEN"', "client.list_sub_customers(", '"limit":1000'):
        assert part in failure.text


def test_an_operation_tells_phases_codes_and_inputs(page: Page, report: Path) -> None:
    page.open(report, "#ListSubCustomers")
    text = page.one("#ListSubCustomers .inside").text
    assert "fuzzing solution_provider findings 1 0 1 1 0.50" in text
    assert "1 400 CBC.0100 a parameter is missing or breaks its rules" in text
    assert "never 403 CBC.0151" in text
    assert "CBC.9999 not in the document of the operation" in text
    rules = {one.text.partition("\n")[0]: one.get_attribute("class") for one in page.all("#ListSubCustomers .rule")}
    assert (rules["maximum 100"], rules["maxLength 64"]) == ("rule both", "rule none")


def test_filters_narrow_what_is_shown(page: Page, report: Path) -> None:
    page.open(report)
    everything = {"CreateSubCustomer", "ListPartnerBalances", "ListSubCustomers"}
    assert page.shown() == everything
    outcome, area = Select(page.one("#outcome")), Select(page.one("#area"))
    for choice, names in (
        ("findings", {"ListSubCustomers"}),
        ("clean", {"ListPartnerBalances"}),
        ("not run", {"CreateSubCustomer"}),
        ("codes never answered", everything),
    ):
        outcome.select_by_visible_text(choice)
        assert page.shown() == names
    area.select_by_visible_text("accounts")
    assert page.shown() == {"ListPartnerBalances"} and page.one("#shown").text == "1 operation"


def test_the_search_knows_paths_codes_and_kinds_of_findings(page: Page, report: Path) -> None:
    page.open(report)
    for words, names in (
        ("partner-accounts/balances", {"ListPartnerBalances"}),
        ("undocumented REFUSAL", {"ListSubCustomers"}),
        ("查询客户列表", {"ListSubCustomers"}),
    ):
        page.one("#search").clear()
        page.one("#search").send_keys(words)
        assert page.shown() == names


def test_a_search_without_hits_leads_back(page: Page, report: Path) -> None:
    page.open(report)
    page.one("#search").send_keys("nonsense")
    assert page.shown() == set() and page.one("#shown").text == "0 operations"
    page.one("#all").click()
    assert len(page.shown()) == 3


def test_the_keyboard_is_enough(page: Page, report: Path) -> None:
    page.open(report)
    page.one("body").send_keys("/")
    assert page.focused().get_attribute("id") == "search"
    page.press("ListSub", Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER)
    assert page.one("#ListSubCustomers").get_attribute("open")
    page.press(Keys.TAB, Keys.TAB, Keys.ENTER)
    assert page.one("#ListSubCustomers .finding").get_attribute("open")


def test_an_area_of_the_overview_filters(page: Page, report: Path) -> None:
    page.open(report)
    page.one('[data-show-area="accounts"]').click()
    assert page.shown() == {"ListPartnerBalances"}


def test_an_address_opens_its_operation_though_it_is_filtered_away(page: Page, report: Path) -> None:
    page.open(report)
    page.one("#search").send_keys("balances")
    page.one('a[href="#ListSubCustomers"]').click()
    page.appears(lambda: page.one("#ListSubCustomers").get_attribute("open"))
    assert page.focused().text.startswith("3 findings")


def test_what_an_answer_holds_is_text(page: Page, contract: Contract, tmp_path: Path) -> None:
    counts = tally(contract)
    attack = refused(ATTACK, body={"bill_cycle": ATTACK})
    counts(sent(COVERAGE, attack))
    counts(finding(COVERAGE, f"odd {ATTACK}", attack, LARGE))
    page.open(written(counts, tmp_path), "#ListSubCustomers")
    assert page.one("title").get_attribute("textContent") == "Contract run: mock, 4 findings"
    assert any(ATTACK in one.text for one in page.all(".complaint"))


def test_a_run_that_broke_off_says_so(page: Page, contract: Contract, tmp_path: Path) -> None:
    page.open(written(tally(contract, until=RunEnded), tmp_path))
    assert page.one(".note").text == "1 of 4 planned parts did not run to their end."


def test_it_holds_no_credentials(report: Path) -> None:
    assert SECRET not in report.read_text(encoding="utf-8")


def test_what_was_left_out_is_told_with_the_reason(page: Page, report: Path) -> None:
    page.open(report)
    told = [one.text for one in page.all('[aria-labelledby="left-out"] summary')]
    assert told == ["it changes something for good (1)", "no clock (1)"]


def test_a_real_run_fills_the_page(page: Page, server: Server, tmp_path: Path) -> None:
    target, options = Emulator(server, "cn"), Options(areas=("regions",), phases=("examples", "coverage"))
    file = tmp_path / "report.html"
    with Reporter(server.contract, "cn", target.name, {"html": file}) as reporter:
        for event in run(target, server.contract, options, make_plan(server.contract, options, target, True)):
            reporter(event)
    target.close()
    page.open(file)
    assert page.one("h1").text == "Contract run clean"
    assert page.shown() == {"ListCities", "ListCounties", "ListProvinces"}
    exercised, inputs = (page.all(".tiles b")[number] for number in (2, 3))
    assert int(exercised.text) > 0 and int(inputs.text) > 0
