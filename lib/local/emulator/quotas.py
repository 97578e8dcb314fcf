"""How much accounts may have, and with what AWS refuses more: SEEDBED_QUOTAS, made of the table in lib/local/quotas."""

import json
import os

QUOTAS = json.loads(os.environ["SEEDBED_QUOTAS"])


def figure(name, account):
    """How much an account may have."""
    return QUOTAS["accounts"].get(account, {}).get(name, QUOTAS["figures"][name])


def error(name, account, **about):
    """The error with which AWS refuses more, as code, message and status. `about`: what its text says of the call."""
    told = QUOTAS["errors"][name]
    return told["code"], told["message"].format(figure=figure(name, account), **about), told["status"]
