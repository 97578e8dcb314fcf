"""Functions took any role. Whoever gives one to a function must be allowed to pass it, in a stack operation its role
(docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
"""

import functools

from patches.handlers import put_handler, refused_by
from patches.rights import denied, who_acts

SERVICE = {"iam:PassedToService": "lambda.amazonaws.com"}


def apply(evaluator, lam, provisioners, responses, **_):
    def problem_of(role):
        if not role or not str(role).startswith("arn:"):
            return None
        return denied(evaluator, responses, who_acts(evaluator), "iam:PassRole", role, SERVICE)

    def refuse(role):
        problem = problem_of(role)
        return responses.error_response_json("AccessDeniedException", problem, 403) if problem else None

    create, update = lam._create_function, lam._update_config

    @functools.wraps(create)
    def create_function(data, *rest):
        return refuse(data.get("Role")) or create(data, *rest)

    @functools.wraps(update)
    def update_config(name, data, *rest):
        return refuse(data.get("Role")) or update(name, data, *rest)

    def of_stack(original, properties_of):
        @functools.wraps(original)
        def handle(*args, **kwargs):
            problem = problem_of(properties_of(*args))
            if problem:
                raise refused_by("Lambda", ("AccessDeniedException", problem, 403), "AccessDenied")
            return original(*args, **kwargs)

        return handle

    lam._create_function, lam._update_config = create_function, update_config
    for name, role_of in (
        ("_lambda_create", lambda logical_id, properties, *rest: properties.get("Role")),
        ("_lambda_update", lambda physical_id, old, new, *rest: new.get("Role") if new.get("Role") != old.get("Role") else None),
    ):
        put_handler(provisioners, name, of_stack(getattr(provisioners, name), role_of))
