"""Verification codes: sent by SMS in China and by e-mail abroad, used once by the call that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mockserver.domain.call import Answer, Call
from mockserver.domain.entities import VerificationCode
from mockserver.domain.sandbox import Sandbox
from mockserver.services.acting import customer_under
from mockserver.services.registry import serves

BANK_CARD, REGISTRATION = 18, 29
"""Scenes: what a code is good for."""

SMS = 1
LIMITS = ((timedelta(hours=1), 15), (timedelta(days=1), 60))
"""How many codes one receiver gets within the last hour and the last day."""

LONGEST_LIFE, LIFE_BEYOND = 60, 5
"""Minutes. A longer life than the longest is accepted, but becomes the other."""

FAILURES_ALLOWED = 3


@serves("SendVerificationMessageCode")
def send_verification_code(call: Call) -> Answer:
    """Send a code of 6 digits, which only the receiver gets to see.

    It lives `timeout` minutes and replaces an older one of the same receiver and scene. Source: api-bpconsole/mc_00024.
    """
    receiver = call.body["mobile_phone"] if call.body["receiver_type"] == SMS else call.body["email"]
    scene = call.body.get("scene", REGISTRATION)
    customer_id = customer_under(call, call.body["customer_id"]).id if scene == BANK_CARD else ""
    _check_limits(call, receiver)
    code = VerificationCode(
        id=call.sandbox.ids.serial("verification_message", call.now),
        receiver=receiver,
        scene=scene,
        code=call.sandbox.ids.digits(6, "verification_code"),
        language=call.body["lang"],
        sent_at=call.now,
        expires_at=call.now + _life(call.body["timeout"]),
        customer_id=customer_id,
    )
    call.sandbox.verification_codes.put(code.id, code)
    return None


def check_code(call: Call, receiver: str, scene: int, code: str, expired: str, wrong: str, too_many: str) -> None:
    """Use up the code last sent to `receiver` for `scene`, or refuse with the operation's own code for the outcome.

    A wrong try is counted although the call is refused: it is the one thing that such a call leaves behind. So check
    the code after everything else and before any change. After more than 3 wrong tries even the right code is refused.
    Source: api-bpconsole/mc_00016.
    """
    sent = _last_sent(call.sandbox, receiver, scene)
    if sent is None or sent.used:
        raise call.refused(wrong, f"no code of scene {scene} waits for this receiver")
    if sent.failures > FAILURES_ALLOWED:
        raise call.refused(too_many)
    if sent.expires_at <= call.now:
        raise call.refused(expired)
    if sent.code != code:
        failed = _change(call.sandbox, replace(sent, failures=sent.failures + 1))
        raise call.refused(too_many if failed.failures > FAILURES_ALLOWED else wrong, remains=True)
    _change(call.sandbox, replace(sent, used=True))


def _life(minutes: int) -> timedelta:
    return timedelta(minutes=minutes if minutes <= LONGEST_LIFE else LIFE_BEYOND)


def _check_limits(call: Call, receiver: str) -> None:
    """Refuse with CBC.99004015 a receiver that has had its codes of the last hour or day."""
    sent = [one.sent_at for one in call.sandbox.verification_codes if one.receiver == receiver]
    for window, most in LIMITS:
        if sum(moment > call.now - window for moment in sent) >= most:
            raise call.refused("CBC.99004015", f"{most} codes went to this receiver within {window}")


def _last_sent(sandbox: Sandbox, receiver: str, scene: int) -> VerificationCode | None:
    sent = [one for one in sandbox.verification_codes if (one.receiver, one.scene) == (receiver, scene)]
    return sent[-1] if sent else None


def _change(sandbox: Sandbox, code: VerificationCode) -> VerificationCode:
    return sandbox.verification_codes.put(code.id, code)
