"""CloudFormation made resources whose properties AWS's services refuse, such as a role with a bracket in a tag.

A resource is made by a call of its service: what the model of that call says of values goes for the property of the same
name. The tags of a stack are those of its resources too.
docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
"""

import functools

from aws_models import names
from aws_models.refusals import message
from aws_models.shapes import violations
from aws_models.texts import from_text
from patches.handlers import replace_in_stacks

# The service and the operation that make a resource, and properties whose members have other names.
MADE_BY = {
    "AWS::CodeBuild::Project": ("codebuild", "CreateProject", {}),
    "AWS::DynamoDB::Table": ("dynamodb", "CreateTable", {}),
    "AWS::ECR::Repository": ("ecr", "CreateRepository", {}),
    "AWS::Events::Rule": ("events", "PutRule", {}),
    "AWS::IAM::ManagedPolicy": ("iam", "CreatePolicy", {"ManagedPolicyName": "PolicyName"}),
    "AWS::IAM::Role": ("iam", "CreateRole", {}),
    "AWS::KMS::Key": ("kms", "CreateKey", {}),
    "AWS::Lambda::Alias": ("lambda", "CreateAlias", {}),
    "AWS::Lambda::Function": ("lambda", "CreateFunction", {}),
    "AWS::Logs::LogGroup": ("logs", "CreateLogGroup", {}),
    "AWS::SNS::Topic": ("sns", "CreateTopic", {"TopicName": "Name"}),
    "AWS::SQS::Queue": ("sqs", "CreateQueue", {}),
    "AWS::SSM::Parameter": ("ssm", "PutParameter", {}),
    "AWS::Scheduler::Schedule": ("scheduler", "CreateSchedule", {}),
    "AWS::SecretsManager::Secret": ("secretsmanager", "CreateSecret", {}),
    "AWS::StepFunctions::StateMachine": ("states", "CreateStateMachine", {"StateMachineName": "name"}),
}
# Of properties, CloudFormation's own schemas say what they are, and which there must be.
OF_VALUES = ("enum", "size", "length", "range", "pattern", "name")


def apply(provisioners, responses, stacks, **_):
    def refusal(kind, properties):
        """What the service says of properties, or None."""
        if kind not in MADE_BY:
            return None
        service, name, renamed = MADE_BY[kind]
        operation = responses._service_model(service).operation_model(name)
        value = as_members(operation.input_shape, properties, renamed)
        broken = violations(operation.input_shape, value)
        found = [one for one in broken if one.kind in OF_VALUES]
        # Such as the tags of a parameter, which are a list in its call.
        unlike = {one.member.partition(".")[0].lower() for one in broken if one.kind == "type"}
        value = {name: each for name, each in value.items() if name.lower() not in unlike}
        found = found or names.violations(operation.service_model.signing_name, operation.name, value)
        if not found:
            return None
        return f"Resource handler returned message: \"{message(found)}\" (HandlerErrorCode: InvalidRequest)"

    def keeping(original, properties_at):
        @functools.wraps(original)
        def call(kind, *args, **kwargs):
            refused = refusal(kind, args[properties_at])
            if refused:
                raise ValueError(refused)
            return original(kind, *args, **kwargs)

        return call

    replace_in_stacks(provisioners, stacks, "_provision_resource", lambda original: keeping(original, 1))
    replace_in_stacks(provisioners, stacks, "_update_resource", lambda original: keeping(original, 2))


def as_members(shape, properties, renamed):
    """Properties under the names of members, as far as there are such; a list of tags is a map where the member is one."""
    members = {name.lower(): name for name in shape.members}
    value = {}
    for name, given in properties.items():
        member = members.get(renamed.get(name, name).lower())
        if member is not None:
            value[member] = as_member(shape.members[member], given)
    return value


def as_member(shape, given):
    if shape.type_name == "structure" and isinstance(given, dict):
        return as_members(shape, given, {})
    if shape.type_name == "list" and isinstance(given, list):
        return [as_member(shape.member, each) for each in given]
    if shape.type_name == "map" and isinstance(given, list):
        tags = {tag["Key"]: tag.get("Value", "") for tag in given if isinstance(tag, dict) and "Key" in tag}
        return as_member(shape, tags)
    if shape.type_name == "map" and isinstance(given, dict):
        return {key: as_member(shape.value, each) for key, each in given.items()}
    # In a template a text may be a number, and a number a text.
    if shape.type_name == "string" and isinstance(given, (bool, int, float)):
        return str(given).lower() if isinstance(given, bool) else str(given)
    return from_text(shape, given) if isinstance(given, str) else given
