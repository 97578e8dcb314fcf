"""What several patches of CloudFormation and Lambda need."""

import functools


def replace_handlers(provisioners, old, new):
    """Replaces a function in CloudFormation's tables of resource handlers, which refer to it directly."""
    for table in vars(provisioners).values():
        if isinstance(table, dict):
            for handlers in table.values():
                if isinstance(handlers, dict):
                    for action, handler in handlers.items():
                        if handler is old:
                            handlers[action] = new


def put_handler(provisioners, name, handler):
    """Puts a function in the place of CloudFormation's handler of a resource, wherever it is referred to."""
    original = getattr(provisioners, name)
    setattr(provisioners, name, handler)
    replace_handlers(provisioners, original, handler)


def replace_in_stacks(provisioners, stacks, name, wrap):
    """Puts `wrap(original)` in the place of a function of the provisioners, which the engine of stacks imports."""
    wrapped = wrap(getattr(provisioners, name))
    for module in (provisioners, stacks):
        setattr(module, name, wrapped)


def replace_operations(module, old, new):
    """Replaces a function in a service's tables of operations, which refer to it directly."""
    for table in vars(module).values():
        if isinstance(table, dict):
            for name, operation in table.items():
                if operation is old:
                    table[name] = new


def refused_by(service, error, handler_error):
    """What a stack's event says when a service refuses a resource. `error`: code, message and status."""
    _code, message, status = error
    told = f"{message} (Service: {service}, Status Code: {status})"
    return ValueError(f'Resource handler returned message: "{told}" (HandlerErrorCode: {handler_error})')


def refuse_code(lam, provisioners, reason_of, *, creators, error, told):
    """Has Lambda refuse code, whether a call or a stack brings it.

    `reason_of`: Lambda's message about code at a place in S3, or None; `creators`: names of the handlers of resources with
    code; `error`: what a call is answered, as code and status; `told`: what a stack's event says after the message.
    """
    code, status = error

    def refusing(original, code_of):
        @functools.wraps(original)
        def call(*args):
            reason = reason_of(code_of(*args))
            return lam.error_response_json(code, reason, status) if reason else original(*args)

        return call

    def refusing_resource(original):
        @functools.wraps(original)
        def create(logical_id, props, stack_name):
            reason = reason_of(props.get("Code") or props.get("Content") or {})
            if reason:
                raise ValueError(f"Resource handler returned message: \"{reason}{told}")
            return original(logical_id, props, stack_name)

        return create

    lam._update_code = refusing(lam._update_code, lambda name, data: data)
    lam._create_function = refusing(lam._create_function, lambda data: data.get("Code", {}))
    for name in creators:
        put_handler(provisioners, name, refusing_resource(getattr(provisioners, name)))
