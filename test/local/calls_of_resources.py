"""Prints what CloudFormation is judged by for each type of resource, and what the type's schema in the registry says of it.

Argument: the file of the calls. The schemas are those of cfn-lint.
"""

import importlib.util
import json
import sys
from pathlib import Path

import cfnlint

spec = importlib.util.spec_from_file_location("calls", sys.argv[1])
calls = importlib.util.module_from_spec(spec)
spec.loader.exec_module(calls)
schemas = Path(cfnlint.__file__).parent / "data" / "schemas"
known = json.loads((schemas / "providers" / "us-east-1.json").read_text())


def schema_of(kind):
    return json.loads((schemas / "resources" / f"{known[kind]}.json").read_text())


def listed(kind, verb):
    return schema_of(kind).get("handlers", {}).get(verb, {}).get("permissions")


found = []
for kind, text in calls.CALLS.items():
    arn, *verbs = (part.strip() for part in text.split(" | "))
    service = calls.service_of(arn, kind)
    needed = {verb: actions.replace("-", "").split() for verb, actions in zip(("create", "update", "delete"), verbs)}
    for actions in calls.MORE.get(kind, {}).values():
        for verb, action in zip(("create", "update", "update", "delete"), actions.split()):
            needed[verb] += [action] if action != "-" else []
    named = [(verb, f"{service}:{action}") for verb, actions in needed.items() for action in actions]
    each = [(verb, action, arn + calls.ENDS.get(action, "")) for verb, action in named]
    for (of, _name), (what, change, remove) in calls.OF_EACH.items():
        if of == kind:
            of_each = what if what in ("sns", "sqs") else "iam"
            about = f"{what}:~:x" if what in ("sns", "sqs") else "iam::{account}:" + what + "/x"
            each += [("create", f"{of_each}:{change}", about), ("delete", f"{of_each}:{remove}", about)]
    properties = set(schema_of(kind).get("properties", {}))
    unknown = set(calls.MORE.get(kind, {})) - properties if properties else set()
    for verb, action, about in each:
        allowed = listed(kind, verb)
        found.append({
            "type": kind, "verb": verb, "action": action, "arn": about, "onAll": action in calls.ON_ALL,
            "listed": None if allowed is None else action.lower() in {one.lower() for one in allowed},
            "unknownProperties": sorted(unknown),
        })
create_only = {
    kind: [name for name in names if f"/properties/{name}" not in schema_of(kind)["createOnlyProperties"]]
    for kind, names in calls.CREATE_ONLY.items()
}
print(json.dumps({"needed": found, "notCreateOnly": {kind: names for kind, names in create_only.items() if names}}))
