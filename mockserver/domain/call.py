"""A call on its way through the gateway to its service, and the refusals it may meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mockserver.contract.documents import ContractError
from mockserver.contract.operation import Operation, SiteView
from mockserver.contract.registry import Contract
from mockserver.domain.principal import Principal
from mockserver.domain.sandbox import Sandbox

Answer = dict[str, Any] | None


class Refusal(Exception):
    """An error answer in the service's form. It changes nothing, unless the documentation says what remains."""

    def __init__(self, status: int, code: str, message: str, reason: str = "", *, remains: bool = False, **body: Any):
        super().__init__(f"{code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.reason = reason
        self.remains = remains
        self.body = body


class SentFields(dict[str, Any]):
    """Values of a call that remember which of them the service has read."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)


@dataclass
class Call:
    """One validated call: who, what, where, when."""

    contract: Contract
    view: SiteView
    sandbox: Sandbox
    principal: Principal
    parameters: SentFields
    body: SentFields
    now: datetime
    language: str = "en"
    notes: list[str] = field(default_factory=list)

    @property
    def operation(self) -> Operation:
        return self.view.operation

    @property
    def site(self) -> str:
        return self.sandbox.site

    @property
    def names_language(self) -> str:
        """Language of names in the answer, zh or en: what X-Language says or, unlike for error messages, its
        documented default; the site's own where an operation has no such header."""
        wanted = str(self.parameters.get("X-Language") or ("zh_cn" if self.site == "cn" else "en_us"))
        return "zh" if wanted.lower() == "zh_cn" else "en"

    def refused(self, code: str, reason: str = "", *, remains: bool = False, **body: Any) -> Refusal:
        """The refusal that the operation's table lists under `code`.

        `reason` is for the journal. `body` has documented extra fields of the error answer. Raises `ContractError`
        where the document does not list the code: nothing undocumented leaves the emulator.
        """
        row = self.view.row(code)
        if row is None:
            raise ContractError(f"{self.operation.id} documents no {code} on site {self.site}")
        message = self.contract.message(code, self.language)
        return Refusal(row.status, code, message, reason or row.when, remains=remains, **body)

    def detail(self, code: str, inside: str = "error_details", **body: Any) -> dict[str, Any]:
        """An entry of the list `inside`: one part of a call that failed while others succeeded."""
        if self.view.row(code, inside=inside) is None:
            raise ContractError(f"{self.operation.id} documents no {code} in {inside} on site {self.site}")
        return {"error_code": code, "error_msg": self.contract.message(code, self.language), **body}
