"""Code could be stored without end. Each version of a function and of a layer counts:
docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import functools
import json

import quotas
from patches.handlers import put_handler, refused_by

QUOTA = "lambda-code-storage"


def apply(lam, provisioners, responses, **_):
    settings = lam._get_account_settings

    def used():
        """Bytes of all code of the account in the region."""
        records = [record for func in lam._functions.values() for record in (func, *func["versions"].values())]
        layers = [version for layer in lam._layers.values() for version in layer["versions"]]
        return sum(record["config"].get("CodeSize") or 0 for record in records) + sum(
            version["Content"]["CodeSize"] for version in layers if not version.get("_deleted"))

    def incoming(code):
        if code.get("ZipFile"):
            return len(code["ZipFile"]) * 3 // 4  # it is in Base64
        if code.get("S3Bucket") and code.get("S3Key"):
            zip_bytes = lam._fetch_code_from_s3(code["S3Bucket"], code["S3Key"], version_id=code.get("S3ObjectVersion"))
            return len(zip_bytes or b"")
        return 0

    def refusal(size):
        account = responses.get_account_id()
        return quotas.error(QUOTA, account) if used() + size > quotas.figure(QUOTA, account) else None

    def refusing(name, size_of):
        original = getattr(lam, name)

        @functools.wraps(original)
        def call(*args):
            error = refusal(size_of(*args))
            return lam.error_response_json(*error) if error else original(*args)

        setattr(lam, name, call)

    def refusing_resource(name, size_of):
        original = getattr(provisioners, name)

        @functools.wraps(original)
        def create(logical_id, props, stack_name):
            error = refusal(size_of(props))
            if error:
                raise refused_by("Lambda", error, "ServiceLimitExceeded")
            return original(logical_id, props, stack_name)

        put_handler(provisioners, name, create)

    def size_of_latest(name, _data):
        return ((lam._functions.get(name) or {}).get("config") or {}).get("CodeSize") or 0

    def growth(name, data):
        """How much larger the code becomes; what is published of it is counted by the publishing."""
        return incoming(data) - size_of_latest(name, data)

    @functools.wraps(settings)
    def account_settings():
        status, headers, body = settings()
        described = json.loads(body)
        described["AccountLimit"]["TotalCodeSize"] = quotas.figure(QUOTA, responses.get_account_id())
        described["AccountUsage"]["TotalCodeSize"] = used()
        return status, headers, json.dumps(described).encode()

    refusing("_create_function", lambda data: incoming(data.get("Code") or {}))
    refusing("_update_code", growth)
    refusing("_publish_version", size_of_latest)
    refusing("_publish_layer_version", lambda _name, data: incoming(data.get("Content") or {}))
    refusing_resource("_lambda_create", lambda props: incoming(props.get("Code") or {}))
    refusing_resource("_lambda_layer_create", lambda props: incoming(props.get("Content") or {}))
    lam._get_account_settings = account_settings
