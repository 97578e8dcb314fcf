"""A state machine of a stack kept its logging configuration as CloudFormation spells it.

DescribeStateMachine then answered with fields that it does not have
(docs.aws.amazon.com/step-functions/latest/apireference/API_LoggingConfiguration.html).
"""

import functools

from patches.handlers import put_handler


def as_the_api_spells_it(value):
    if isinstance(value, list):
        return [as_the_api_spells_it(inner) for inner in value]
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: as_the_api_spells_it(inner) for key, inner in value.items()}
    return value


def apply(provisioners, **_):
    def spelled(properties):
        logging = properties.get("LoggingConfiguration")
        return properties if logging is None else {**properties, "LoggingConfiguration": as_the_api_spells_it(logging)}

    def spelling(original):
        @functools.wraps(original)
        def handle(*args, **more):
            return original(*(spelled(each) if isinstance(each, dict) else each for each in args), **more)

        return handle

    for name in ("_sfn_state_machine_create", "_sfn_state_machine_update"):
        put_handler(provisioners, name, spelling(getattr(provisioners, name)))
