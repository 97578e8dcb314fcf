"""NotificationARNs were forgotten. A stack keeps those of its last operation that named any, and tells them; an empty
list is the end of them (docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html). Nothing is
published to them here.
"""

import functools
import re

EMPTY = "NotificationARNs"
MEMBER = re.compile(r"NotificationARNs\.member\.\d+$")
STACK = re.compile(r"<StackId>([^<]*)</StackId>")


def given(params):
    """The topics that a call names; None if it does not speak of them."""
    named = sorted(key for key in params if MEMBER.match(key))
    if not named and EMPTY not in params:
        return None
    values = (params[key] for key in named)
    return [value[0] if isinstance(value, list) else value for value in values]


def apply(cloudformation, responses, **_):
    handlers, of_stacks, of_change_sets = cloudformation._ACTION_HANDLERS, {}, {}

    def place(params):
        from ministack.services.cloudformation.helpers import _p

        name = _p(params, "StackName")
        stack = cloudformation.handlers._resolve_stack(name) or {}
        return responses.get_account_id(), responses.get_region(), stack.get("StackName", name)

    def keeping(operation, original):
        @functools.wraps(original)
        def handle(params):
            from ministack.services.cloudformation.helpers import _p

            answer, where, named = original(params), place(params), given(params)
            if answer[0] >= 400:
                return answer
            change_set = (where, _p(params, "ChangeSetName"))
            if operation == "CreateChangeSet":
                of_change_sets[change_set] = named
            else:
                named = of_change_sets.pop(change_set, None) if operation == "ExecuteChangeSet" else named
                if operation == "CreateStack" or named is not None:
                    of_stacks[where] = named or []
            return answer

        return handle

    for operation in ("CreateStack", "UpdateStack", "CreateChangeSet", "ExecuteChangeSet"):
        handlers[operation] = keeping(operation, handlers[operation])

    def telling(original):
        @functools.wraps(original)
        def handle(params):
            status, headers, body = original(params)
            if status >= 400 or not any(of_stacks.values()):
                return status, headers, body
            text = body.decode() if isinstance(body, bytes) else body

            def with_topics(match):
                _, _, _, region, account, name = match.group(1).split(":")
                topics = of_stacks.get((account, region, name.split("/")[1])) or []
                members = "".join(f"<member>{topic}</member>" for topic in topics)
                return f"{match.group(0)}<NotificationARNs>{members}</NotificationARNs>" if topics else match.group(0)

            text = STACK.sub(with_topics, text)
            return status, headers, text.encode() if isinstance(body, bytes) else text

        return handle

    handlers["DescribeStacks"] = telling(handlers["DescribeStacks"])
