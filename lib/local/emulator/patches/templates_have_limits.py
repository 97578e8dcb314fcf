"""The quotas of templates could not be set, and too many outputs or parameters were told in another text than AWS's
("Outputs count 78 is greater than max allowed 60", github.com/dougmoscrop/serverless-plugin-split-stacks/issues/43).
"""

import functools

import quotas

SECTIONS = {
    "Resources": "cloudformation-resources", "Parameters": "cloudformation-parameters",
    "Outputs": "cloudformation-outputs",
}


def apply(engine, helpers, responses, **_):
    validate, problem, document = (
        engine._validate_template_limits, helpers._template_body_problem, helpers._resolve_document)
    engine._SECTION_QUOTAS = tuple(
        (section, noun, one, float("inf") if section in SECTIONS else most)
        for section, noun, one, most in engine._SECTION_QUOTAS)

    @functools.wraps(validate)
    def validate_limits(template):
        account = responses.get_account_id()
        for section, name in SECTIONS.items():
            count = len(template.get(section) or {})
            if count > quotas.figure(name, account):
                raise ValueError(quotas.error(name, account, count=count)[1])
        validate(template)

    def with_size(original, constant, name):
        @functools.wraps(original)
        def call(*args):
            setattr(helpers, constant, quotas.figure(name, responses.get_account_id()))
            return original(*args)

        return call

    engine._validate_template_limits = validate_limits
    helpers._template_body_problem = with_size(problem, "TEMPLATE_BODY_MAX_BYTES", "cloudformation-template-in-call")
    helpers._resolve_document = with_size(document, "TEMPLATE_URL_MAX_BYTES", "cloudformation-template")
