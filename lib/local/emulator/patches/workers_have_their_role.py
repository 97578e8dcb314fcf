"""All functions called AWS as the account; a session of its role shows which one calls."""

import hashlib


def apply(lam, runtime, sts, **_):
    def execution_credentials(config):
        """Temporary credentials of the function's role. As on AWS, the session is named after the function."""
        account, _region = runtime._account_region_from_function_config(config)
        role = config.get("Role", "").rsplit("/", 1)[-1]
        name = config["FunctionName"]
        digest = hashlib.sha256(f"{account}:{config.get('Role')}:{name}".encode()).hexdigest()
        key, secret, token = f"ASIA{digest[:16].upper()}", digest[:40], digest
        sts.register_session(key, {
            "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/{name}",
            "UserId": f"AROA{digest[16:33].upper()}:{name}",
            "SecretAccessKey": secret,
            "SessionToken": token,
        })
        return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}

    runtime.execution_credentials = execution_credentials
    lam.execution_credentials = execution_credentials
