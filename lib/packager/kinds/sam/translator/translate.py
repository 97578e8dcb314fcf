"""Translates a template of SAM as CloudFormation does, with AWS's own translator.

Standard input: {"template": {...}, "parameters": {...}, "region": "..."}. Standard output: {"template": {...}} or
{"problems": [{"id": logical id or null, "message": "..."}]}.
"""

import json
import logging
import sys

from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.arn_generator import ArnGenerator
from samtranslator.translator.translator import Translator
from samtranslator.utils.py27hash_fix import to_py27_compatible_template, undo_mark_unicode_str_in_template


def translate(template, parameters, region):
    partition = ArnGenerator.get_partition_name(region)
    # Logical ids of API deployments are hashes that depend on this, and CloudFormation has it so.
    to_py27_compatible_template(template, parameters)
    values = {**parameters, "AWS::Region": region, "AWS::Partition": partition}
    translator = Translator(get_bundled_managed_policy_map(partition), Parser())
    return undo_mark_unicode_str_in_template(translator.translate(template, parameter_values=values))


def problem(cause):
    return {"id": getattr(cause, "_logical_id", None), "message": getattr(cause, "message", str(cause))}


def main():
    # It warns of settings of its own that nobody here can change.
    logging.disable(logging.ERROR)
    given = json.load(sys.stdin)
    try:
        result = {"template": translate(given["template"], given["parameters"], given["region"])}
    except InvalidDocumentException as error:
        result = {"problems": [problem(cause) for cause in error.causes]}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
