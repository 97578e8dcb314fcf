"""Variables in the resources of a policy were taken as they are written.

AWS puts the values of the call in their place; one that the call has no value for matches nothing
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
"""

import dataclasses
import functools
import re

VARIABLE = re.compile(r"\$\{([^}]+)\}")


def apply(evaluator, **_):
    first_match = evaluator._first_match

    def filled(resource, ctx):
        def value(found):
            known = evaluator._resolve_condition_key(found[1], ctx)
            return known if isinstance(known, str) else found[0]

        return VARIABLE.sub(value, resource)

    def of_call(statement, ctx):
        if not any("${" in resource for resource in (*statement.resources, *statement.not_resources)):
            return statement
        return dataclasses.replace(
            statement,
            resources=[filled(resource, ctx) for resource in statement.resources],
            not_resources=[filled(resource, ctx) for resource in statement.not_resources],
        )

    @functools.wraps(first_match)
    def match_of_call(ctx, statements, effect):
        return first_match(ctx, [of_call(each, ctx) for each in statements], effect)

    evaluator._first_match = match_of_call
