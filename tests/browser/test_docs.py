"""The reference page as a person uses it: Debian's Chromium (`make test` installs it), driven without any network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from mockserver.contract.registry import Contract

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
PATIENCE = 20.0
"""Seconds that anything may take."""
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1440,960",
)
ELSEWHERE = ("http", "https", "ws", "wss", "ftp")


@dataclass
class Page:
    """The reference page in a browser."""

    browser: Chrome
    home: str
    asked: set[str] = field(default_factory=set)

    def open(self, path: str = "/docs") -> None:
        """Open the page and wait until it is ready to try operations out."""
        self.browser.get("about:blank")
        self.browser.get(self.home + path)
        self.wait(lambda: self.one("#principal").text and self.one("#told").text == "token filled in")

    def one(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText.trim())"
        return list(self.browser.execute_script(script, selector))

    def wait(self, condition: Callable[[], object]) -> None:
        WebDriverWait(self.browser, PATIENCE, poll_frequency=0.1).until(lambda _: condition())

    def appears(self, selector: str) -> WebElement:
        self.wait(lambda: self.texts(selector))
        return self.one(selector)

    def search(self, phrase: str) -> list[str]:
        """Search, and answer the ids of the operations that the page then shows, best first."""
        box = self.one("#search")
        box.clear()
        box.send_keys(phrase)
        found = self.texts("#index a span")
        self.wait(lambda: set(self.texts(".opblock-summary-operation-id")) == set(found))
        return found

    def open_found(self, operation_id: str, area: str) -> WebElement:
        """Search for an operation and open the first hit."""
        self.search(operation_id)
        self.one("#search").send_keys(Keys.ENTER)
        self.appears(f"#operations-{area}-{operation_id} .opblock-body table")
        return self.one(f"#operations-{area}-{operation_id}")

    def try_out(self, operation: WebElement) -> tuple[str, str]:
        """Send an operation as it stands; status and body of the answer."""
        answer = f"#{operation.get_attribute('id')} .live-responses-table tr.response"
        operation.find_element(By.CSS_SELECTOR, ".try-out__btn").click()
        operation.find_element(By.CSS_SELECTOR, ".execute").click()
        self.appears(answer)
        return self.one(f"{answer} .response-col_status").text, self.one(f"{answer} .response-col_description").text

    def urls(self) -> set[str]:
        """Every address that the browser was to ask on the page's behalf since it was opened for this test."""
        for entry in self.browser.get_log("performance"):  # type: ignore[no-untyped-call]
            event = json.loads(entry["message"])["message"]
            if event["method"] == "Network.requestWillBeSent":
                self.asked.add(event["params"]["request"]["url"])
            elif event["method"] == "Network.webSocketCreated":
                self.asked.add(event["params"]["url"])
        return {url for url in self.asked if urlsplit(url).scheme in ELSEWHERE}

    def complaints(self) -> list[str]:
        """What the browser's console says: errors of scripts, and what the Content-Security-Policy refused."""
        return [entry["message"] for entry in self.browser.get_log("browser")]  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    for program in (CHROMIUM, DRIVER):
        assert Path(program).is_file(), f"{program} is missing: apt-get install chromium chromium-driver"
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = Chrome(options, Service(DRIVER))
    driver.set_page_load_timeout(PATIENCE)
    driver.set_script_timeout(PATIENCE)
    yield driver
    driver.quit()


@pytest.fixture
def page(browser: Chrome, port: int) -> Iterator[Page]:
    """The page; whatever a test does with it, no other origin is asked and nothing fails."""
    page = Page(browser, f"http://127.0.0.1:{port}")
    page.urls()
    page.asked.clear()
    page.complaints()
    yield page
    assert {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in page.urls()} == {page.home}
    assert page.complaints() == []


def test_the_index_leads_to_operations_of_every_area(page: Page, contract: Contract) -> None:
    page.open()
    here = sorted((one.area, one.id) for one in contract if "cn" in one.sites)
    assert sorted(page.texts("#index a span")) == sorted(operation_id for _, operation_id in here)
    first = dict(reversed(here))
    assert [text.split()[0] for text in page.texts("#index h2")] == sorted(first)
    for area, operation_id in sorted(first.items()):
        page.one(f'#index a[href="#/{area}/{operation_id}"]').click()
        assert "Who may call" in page.appears(f"#operations-{area}-{operation_id} .opblock-description").text


def test_the_switch_shows_the_other_site(page: Page, contract: Contract) -> None:
    page.open()
    page.one('#sites [data-site="intl"]').click()
    wanted = {operation.id for operation in contract if "intl" in operation.sites}
    page.wait(lambda: set(page.texts("#index a span")) == wanted)
    assert "International" in page.one(".info .description").text


def test_an_operation_tells_its_errors_and_its_permission_item(page: Page) -> None:
    page.open()
    shown = page.open_found("UpdateCustomerAccountAmount", "accounts")
    assert "BPC_ITEM_SUBCUSTSERV_010103" in shown.text
    rows = [row.text for row in shown.find_elements(By.CSS_SELECTOR, ".opblock-description table tbody tr")]
    assert rows[0].startswith("400 CBC.5003 the payer's balance is too low")
    assert "10 calls per second" in shown.text and "Assumptions" in shown.text


@pytest.mark.parametrize(
    "phrase",
    ["CBC.5003", "BPC_ITEM_SUBCUSTSERV_010103", "adjust-amount", "allocate MONEY", "向客户账户拨款", "transfer_id"],
)
def test_the_search_finds_an_operation_by_whatever_is_known_of_it(page: Page, phrase: str) -> None:
    page.open()
    assert "UpdateCustomerAccountAmount" in page.search(phrase)


def test_the_operation_of_that_name_is_found_first(page: Page) -> None:
    page.open()
    assert page.search("updatecustomeraccountamount")[0] == "UpdateCustomerAccountAmount"
    assert page.search("CBC.99999999") == []


def test_an_address_opens_its_operation(page: Page) -> None:
    page.open("/docs?site=cn#/resources/RenewalResources")
    assert "Who may call" in page.appears("#operations-resources-RenewalResources .opblock-description").text


def test_a_partner_tries_out_listing_its_customers(page: Page) -> None:
    page.open()
    status, answer = page.try_out(page.open_found("ListSubCustomers", "customers"))
    assert status.startswith("200")
    assert "demo-customer" in answer


def test_a_customer_that_tries_it_is_refused(page: Page) -> None:
    page.open()
    Select(page.one("#principal")).select_by_visible_text("customer")
    status, answer = page.try_out(page.open_found("ListSubCustomers", "customers"))
    assert status.startswith("403")
    assert "CBC.0151" in answer
    assert all("403" in complaint for complaint in page.complaints())


def test_the_other_site_is_tried_out_in_a_sandbox_of_its_own(page: Page) -> None:
    page.browser.get(f"{page.home}/docs?site=intl")
    page.wait(lambda: page.one("#told").text == "to try out, choose “new sandbox”")
    Select(page.one("#sandbox")).select_by_visible_text("new sandbox")
    page.wait(lambda: page.one("#told").text == "token filled in")
    status, answer = page.try_out(page.open_found("ListSubCustomers", "customers"))
    assert status.startswith("200") and "demo-customer" in answer
