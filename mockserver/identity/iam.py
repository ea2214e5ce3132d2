"""The IAM endpoints under `/v3/auth/` (protocol: tokens, how the SDK finds its domain id)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from mockserver.contract.registry import Contract
from mockserver.domain import tokens
from mockserver.domain.entities import Customer, Token, User
from mockserver.domain.ids import digest
from mockserver.domain.principal import Principal
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.universe import Universe
from mockserver.gateway.authenticate import authenticate
from mockserver.gateway.locate import locate
from mockserver.gateway.message import Exchange, GatewayRefusal, Options, Request, Response, json_of
from mockserver.gateway.serialize import gateway_response
from mockserver.gateway.signature import matches

TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 500: "Internal Server Error"}
CATALOG = {"iam": "https://iam.myhuaweicloud.com/v3.0", "bssv1": "https://bss.myhuaweicloud.com/v1.0"}
_log = logging.getLogger("mockserver")


class IamRefusal(Exception):
    """An error in IAM's own form: an integer code, a message, a title."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Identity:
    """Answers the identity endpoints, for every sandbox."""

    def __init__(self, contract: Contract, universe: Universe) -> None:
        self._contract = contract
        self._universe = universe
        self._calls: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("POST", "/v3/auth/tokens"): self._create_token,
            ("GET", "/v3/auth/tokens"): self._validate_token,
            ("GET", "/v3/auth/domains"): self._list_domains,
        }

    def serves(self, method: str, path: str) -> bool:
        return (method, path) in self._calls

    def handle(self, request: Request) -> Response:
        """Answer one identity call. Never raises."""
        try:
            return self._calls[request.method, request.path](request)
        except IamRefusal as refusal:
            return _refused(refusal)
        except GatewayRefusal as refusal:
            request_id = digest(request.received_at, size=16)
            response = gateway_response(refusal, request_id)
            return replace(response, headers=(*response.headers, ("X-Request-Id", request_id)))
        except Exception as error:
            _log.error("%s %s failed inside the emulator", request.method, request.path, exc_info=error)
            return _refused(IamRefusal(500, "An unexpected error occurred"))

    # POST /v3/auth/tokens

    def _create_token(self, request: Request) -> Response:
        auth = _part(_body(request), "auth")
        identity = _part(auth, "identity")
        methods = identity.get("methods")
        if methods == ["password"]:
            sandbox, user = self._by_password(identity)
            project = _scope(auth, sandbox, user.account_id, mandatory=True)
            with sandbox.lock:
                sandbox.tick(request.received_at)
                with sandbox.transaction():
                    token = tokens.issue(sandbox, user, project=project)
        elif methods == ["assume_role"]:
            sandbox, partner_token = self._token(request.header("x-auth-token"), request.received_at)
            if partner_token is None:
                raise IamRefusal(401, "The X-Auth-Token is invalid!")
            with sandbox.lock, sandbox.transaction():
                token = _assume_role(sandbox, partner_token, auth, identity)
        else:
            raise IamRefusal(400, "The request body is invalid")
        body = {"token": _token_body(sandbox, token, catalog=not dict(request.query_pairs()).get("nocatalog"))}
        return Response.json(201, body, "application/json", ("X-Subject-Token", token.text))

    def _by_password(self, identity: dict[str, Any]) -> tuple[Sandbox, User]:
        """The login behind a name and a password. The password tells sandboxes with the same names apart."""
        login = _part(_part(identity, "password"), "user")
        name, domain, password = login.get("name"), _part(login, "domain"), login.get("password")
        if not isinstance(name, str) or not isinstance(password, str) or not isinstance(domain.get("name"), str):
            raise IamRefusal(400, "The request body is invalid")
        found = []
        for sandbox in self._universe:
            account = sandbox.account_named(domain["name"])
            user = sandbox.user_named(account.id, name) if account else None
            if user is not None and user.enabled and matches(user.password, password):
                found.append((sandbox, user))
        if len(found) != 1:
            raise IamRefusal(401, "The username or password is wrong.")
        return found[0]

    # GET /v3/auth/tokens

    def _validate_token(self, request: Request) -> Response:
        own_sandbox, own = self._token(request.header("x-auth-token"), request.received_at)
        if own is None:
            raise IamRefusal(401, "The X-Auth-Token is invalid!")
        sandbox, subject = self._token(request.header("x-subject-token"), request.received_at)
        if subject is None or sandbox is not own_sandbox:
            raise IamRefusal(404, "X-Subject-Token is invalid in the request")
        body = {"token": _token_body(sandbox, subject, catalog=not dict(request.query_pairs()).get("nocatalog"))}
        return Response.json(200, body, "application/json", ("X-Subject-Token", subject.text))

    # GET /v3/auth/domains

    def _list_domains(self, request: Request) -> Response:
        """The domain of an access key: what `GlobalCredentials` asks for when it has no domain id."""
        exchange = Exchange(request, self._contract, self._universe, Options())
        locate(exchange)
        with exchange.world.lock:
            exchange.world.tick(request.received_at)
            authenticate(exchange)
        caller = exchange.caller
        self_link = f"https://iam.myhuaweicloud.com/v3/domains/{caller.account_id}"
        domain = {
            "description": "",
            "enabled": True,
            "id": caller.account_id,
            "links": {"self": self_link},
            "name": caller.account_name,
        }
        return Response.json(
            200, {"domains": [domain], "links": {"self": "https://iam.myhuaweicloud.com/v3/auth/domains"}}
        )

    def _token(self, text: str, wall: datetime) -> tuple[Sandbox, Token | None]:
        """The token of that text while it is good."""
        sandbox = self._universe.of_token(text) or self._universe.default
        with sandbox.lock:
            sandbox.tick(wall)
            token = sandbox.tokens.get(text)
            user = sandbox.users.get(token.user_id) if token else None
        if token is None or token.expires_at <= sandbox.now:
            return sandbox, None
        good = user is not None and user.enabled and user.revision == token.revision
        return sandbox, token if good else None


def _refused(refusal: IamRefusal) -> Response:
    error = {"code": refusal.status, "message": refusal.message, "title": TITLES[refusal.status]}
    return Response.json(refusal.status, {"error": error})


def _body(request: Request) -> dict[str, Any]:
    try:
        body = json_of(request.body)
    except ValueError:
        raise IamRefusal(400, "The request body is invalid") from None
    return body if isinstance(body, dict) else {}


def _part(parent: dict[str, Any], name: str) -> dict[str, Any]:
    part = parent.get(name)
    if not isinstance(part, dict):
        raise IamRefusal(400, "The request body is invalid")
    return part


def _scope(auth: dict[str, Any], sandbox: Sandbox, account_id: str, *, mandatory: bool) -> str | None:
    """The project's name, or None for the account itself. A project wins over a domain."""
    scope = auth.get("scope")
    if scope is None and not mandatory:
        return None
    if not isinstance(scope, dict):
        raise IamRefusal(400, "The request body is invalid")
    wanted = _part(scope, "project" if "project" in scope else "domain")
    name = wanted.get("name") or wanted.get("id")
    if not isinstance(name, str) or not name:
        raise IamRefusal(400, "The request body is invalid")
    if "project" in scope:
        return name
    named = sandbox.account_named(name)
    if account_id not in (wanted.get("id"), named.id if named else None):
        raise IamRefusal(401, "The username or password is wrong.")
    return None


def _assume_role(sandbox: Sandbox, own: Token, auth: dict[str, Any], identity: dict[str, Any]) -> Token:
    """A customer's token for its partner. The agency is named after the partner's platform identifier."""
    role = _part(identity, "assume_role")
    user = sandbox.users[own.user_id]
    caller = sandbox.principal(user)
    if caller.partner is None or not (user.main or user.every_item):
        raise IamRefusal(403, "You have no right to do this action")
    if not isinstance(role.get("agency_name"), str):
        raise IamRefusal(400, "The request body is invalid")
    customer = _delegating(sandbox, role)
    if customer is None or not _delegates_to(sandbox, customer, caller, role["agency_name"]):
        raise IamRefusal(404, f"Could not find agency: {role['agency_name']}.")
    project = _scope(auth, sandbox, customer.id, mandatory=False)
    return tokens.issue(
        sandbox, sandbox.main_user(customer.id), method="assume_role", assumed_by=user.id, project=project
    )


def _delegating(sandbox: Sandbox, role: dict[str, Any]) -> Customer | None:
    named = role.get("domain_id") or role.get("domain_name")
    if not isinstance(named, str):
        raise IamRefusal(400, "The request body is invalid")
    account = sandbox.customers.get(named) or sandbox.account_named(named)
    return account if isinstance(account, Customer) else None


def _delegates_to(sandbox: Sandbox, customer: Customer, caller: Principal, agency: str) -> bool:
    """Whether the customer's association made an agency for the caller: its partner, or that partner's distributor."""
    partner = sandbox.partners.get(customer.partner_id)
    if partner is None or caller.partner is None or agency != customer.xaccount_type:
        return False
    return caller.partner.id in (partner.id, partner.distributor_id)


def _token_body(sandbox: Sandbox, token: Token, *, catalog: bool) -> dict[str, Any]:
    user = sandbox.users[token.user_id]
    domain = {"id": token.account_id, "name": sandbox.principal(user).account_name}
    body: dict[str, Any] = {
        "catalog": [_service(name, url) for name, url in CATALOG.items()] if catalog else [],
        "expires_at": _time(token.expires_at),
        "issued_at": _time(token.issued_at),
        "methods": [token.method],
        "roles": _roles(sandbox, user),
        "user": {"domain": domain, "id": user.id, "name": user.name, "password_expires_at": ""},
    }
    if token.project is None:
        body["domain"] = domain
    else:
        body["project"] = {
            "domain": domain,
            "id": digest(token.account_id, token.project, size=16),
            "name": token.project,
        }
    if token.assumed_by is not None:
        assuming = sandbox.users[token.assumed_by]
        own = {"id": assuming.account_id, "name": sandbox.principal(assuming).account_name}
        body["assumed_by"] = {
            "user": {"domain": own, "id": assuming.id, "name": assuming.name, "password_expires_at": ""}
        }
        agency = sandbox.customers[token.account_id].xaccount_type
        body["user"] |= {"id": digest(token.account_id, agency, size=16), "name": f"{domain['name']}/{agency}"}
    return body


def _service(name: str, url: str) -> dict[str, Any]:
    """A global service of the catalog."""
    endpoint = {"id": digest(url, size=16), "interface": "public", "region": "*", "region_id": "*", "url": url}
    return {"endpoints": [endpoint], "id": digest(name, size=16), "name": name, "type": name}


def _roles(sandbox: Sandbox, user: User) -> list[dict[str, str]]:
    """Role ids are always 0. te_agency is the Agent Operator, which taking on a customer's identity needs."""
    names = ["te_admin", "secu_admin"] if user.main else []
    if sandbox.principal(user).partner and (user.main or user.every_item):
        names.append("te_agency")
    return [{"id": "0", "name": name} for name in names]


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"
