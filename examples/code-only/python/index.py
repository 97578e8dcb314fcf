"""What a function holds until its first release: whoever makes the function needs some code for it.

Requests are answered 503. Everything else fails, so that messages stay in their queue and events are tried again.
"""


def handler(event, context):
    if not is_request(event):
        raise RuntimeError("nothing has been released to this function yet")
    headers = {"content-type": "text/plain", "retry-after": "60"}
    return {"statusCode": 503, "headers": headers, "body": "not released yet"}


def is_request(event):
    if not isinstance(event, dict):
        return False
    context = event.get("requestContext") or {}
    return "httpMethod" in event or "http" in context or "elb" in context
