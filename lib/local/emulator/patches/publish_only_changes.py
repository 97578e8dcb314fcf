"""Publishing unchanged code and configuration made a new version; AWS returns the newest."""

import functools
import json

from patches.handlers import put_handler

NOT_CONFIGURATION = {
    "FunctionArn", "Version", "RevisionId", "LastModified", "State", "StateReason", "StateReasonCode",
    "LastUpdateStatus", "LastUpdateStatusReason", "LastUpdateStatusReasonCode",
}


def fingerprint(config):
    return json.dumps({key: value for key, value in config.items() if key not in NOT_CONFIGURATION}, sort_keys=True)


def apply(lam, provisioners, **_):
    create, publish, update_code = lam._create_function, lam._publish_version, lam._update_code
    version_create = provisioners._lambda_version_create

    def same_as_latest(func):
        """The newest version if its code and configuration are the same. MiniStack only compares revisions."""
        newest = max(func["versions"], key=int, default=None)
        record = func["versions"].get(newest)
        if not record or record.get("seedbed_fingerprint") != fingerprint(func["config"]):
            return None
        record["function_revision"] = func["config"].get("RevisionId")
        return record

    @functools.wraps(create)
    def create_and_publish(data):
        answer = create(data)
        func = lam._functions.get(data.get("FunctionName"))
        if answer[0] < 300 and data.get("Publish"):
            func["versions"]["1"]["seedbed_fingerprint"] = fingerprint(func["config"])
        return answer

    @functools.wraps(publish)
    def publish_version(name, data):
        func = lam._functions.get(name)
        if func:
            if data.get("CodeSha256") and data["CodeSha256"] != func["config"].get("CodeSha256"):
                return lam.error_response_json(
                    "InvalidParameterValueException",
                    f"CodeSHA256 ({data['CodeSha256']}) is different from current CodeSHA256 in $LATEST "
                    f"({func['config'].get('CodeSha256')}). Please try again with the CodeSHA256 in $LATEST.", 400)
            refused = lam._check_revision(func["config"], data)
            if refused is not None:
                return refused
            record = same_as_latest(func)
            if record:
                return lam.json_response(record["config"], 201)
        answer = publish(name, data)
        if answer[0] < 300:
            version = json.loads(answer[2])["Version"]
            func["versions"][version]["seedbed_fingerprint"] = fingerprint(func["config"])
        return answer

    @functools.wraps(update_code)
    def update_and_publish(name, data):
        answer = update_code(name, {key: value for key, value in data.items() if key != "Publish"})
        if answer[0] >= 300 or not data.get("Publish"):
            return answer
        published = publish_version(name, {})
        return (200, *published[1:]) if published[0] < 300 else published

    @functools.wraps(version_create)
    def create_version_resource(logical_id, props, stack_name):
        func, _name = provisioners._lambda_version_function(props)
        if func:
            same_as_latest(func)  # notes the revision, so that the original refuses as AWS does
        return version_create(logical_id, props, stack_name)

    lam._create_function = create_and_publish
    lam._publish_version = publish_version
    lam._update_code = update_and_publish
    put_handler(provisioners, "_lambda_version_create", create_version_resource)
