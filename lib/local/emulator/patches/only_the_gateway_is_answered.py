"""MiniStack answers whoever reaches its port, any web page that a browser on this machine shows among them, with
`Access-Control-Allow-Origin: *`. Only what came through the gateway is answered, which looks at that.
"""

import functools

HEADER = b"x-seedbed-door"


def apply(app, door_key, **_):
    serve = app.app
    key = (door_key or "").encode()

    @functools.wraps(serve)
    async def answer(scope, receive, send):
        if scope["type"] in ("http", "websocket"):
            if not any(name == HEADER and value == key for name, value in scope["headers"]):
                return await refuse(scope["type"], send)
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != HEADER]}
        return await serve(scope, receive, send)

    async def refuse(kind, send):
        if kind == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"only the local cloud's gateway is answered here\n"})

    app.app = answer
