"""Who may call: the kind of the account, an operator's items, a customer's user's actions, all from the document."""

from __future__ import annotations

from mockserver.domain.call import Refusal
from mockserver.gateway.message import Exchange


def authorize(exchange: Exchange) -> None:
    """Refuse a caller that the operation's document does not name, with the code its table gives (CBC.0151, say)."""
    operation, caller = exchange.view.operation, exchange.caller
    if caller.kind not in operation.callers:
        kinds = ", ".join(sorted(operation.callers))
        raise _refusal(exchange, "caller", f"the caller is a {caller.kind}; the operation is for {kinds}")
    if not caller.user.main and (row := exchange.view.row_for("user")) is not None:
        raise Refusal(row.status, row.code, exchange.message(row.code), "the operation is for the main account")
    if caller.user.main or caller.assumed_by is not None:
        exchange.note("permission", f"main account of a {caller.kind}: everything its kind may do")
    elif caller.partner is not None:
        _check_items(exchange, operation.permission_items)
    else:
        _check_actions(exchange, operation.iam_actions)


def _check_items(exchange: Exchange, items: frozenset[str]) -> None:
    """A partner's operator needs any one of the items."""
    user = exchange.caller.user
    held = user.items & items
    if items and not held and not user.every_item:
        raise _refusal(exchange, "permission", f"the operator holds none of {', '.join(sorted(items))}")
    exchange.note(
        "permission", f"operator with {', '.join(sorted(held)) or 'every item'}" if items else "no item needed"
    )


def _check_actions(exchange: Exchange, actions: frozenset[str]) -> None:
    """A customer's IAM user needs all of the actions."""
    missing = actions - exchange.caller.user.actions
    if missing:
        raise _refusal(exchange, "permission", f"the user lacks {', '.join(sorted(missing))}")
    exchange.note("permission", f"user with {', '.join(sorted(actions))}" if actions else "no action needed")


def _refusal(exchange: Exchange, cause: str, reason: str) -> Refusal:
    row = exchange.view.row_for(cause)
    assert row is not None, "the section-wide rows cover callers and permissions"
    return Refusal(row.status, row.code, exchange.message(row.code), reason)
