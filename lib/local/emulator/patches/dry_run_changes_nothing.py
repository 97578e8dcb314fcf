"""UpdateFunctionCode with DryRun changed the code."""

import base64
import functools


def apply(lam, **_):
    update_code = lam._update_code

    @functools.wraps(update_code)
    def update(name, data):
        func = lam._functions.get(name)
        if not func or not data.get("DryRun"):
            return update_code(name, data)
        refused = lam._check_revision(func["config"], data)
        if refused is None and "ZipFile" in data:
            refused = lam._reject_unreadable_zip(base64.b64decode(data["ZipFile"]))
        return lam.json_response(func["config"]) if refused is None else refused

    lam._update_code = update
