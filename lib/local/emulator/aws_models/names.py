"""What AWS checks beyond its models: names, sizes and characters of which only its guides speak."""

from aws_models.patterns import matches
from aws_models.shapes import SHOWN, Violation

# docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
NOT_IN_NAMES_OF_STATES = r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff]*"
NAMED_IN_STATES = ("StartExecution", "StartSyncExecution", "CreateStateMachine", "CreateActivity")
# docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
PARAMETER = r"/?[a-zA-Z0-9_.-]+(/[a-zA-Z0-9_.-]+)*"
LONGEST_PARAMETER = 1011
LEVELS = 15
# docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
LONGEST_KEY = 1024
# docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html and configuration-envvars.html
LONGEST_FUNCTION_NAME = 64
RESERVED = {
    "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
}
# docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html; some models have this pattern, Step Functions' has not.
OF_TAGS = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"
TAGGED = ("states",)


def violations(service, operation, value):
    """What of an operation's parameters AWS refuses though its model lets it pass. `service`: its signing name."""
    found = []
    if service == "states":
        in_states(operation, value, found)
    elif service == "s3":
        in_s3(value, found)
    elif service == "lambda":
        in_lambda(operation, value, found)
    elif service == "ssm" and operation == "PutParameter":
        in_ssm(value, found)
    if service in TAGGED:
        of_tags(value.get("tags"), found)
    return found


def in_states(operation, value, found):
    name = value.get("name")
    if operation in NAMED_IN_STATES and name is not None and not matches(NOT_IN_NAMES_OF_STATES, name):
        found.append(Violation("name", "name", f"Invalid Name: '{name[:SHOWN]}'", "InvalidName"))


def in_s3(value, found):
    if len(value.get("Key", "").encode()) > LONGEST_KEY:
        found.append(Violation("name", "key", "Your key is too long", "KeyTooLongError"))


def in_ssm(value, found):
    name = value.get("Name")
    if name is None:
        return  # CloudFormation names it
    if not matches(PARAMETER, name):
        told = (
            "Parameter name: if formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can "
            "be formed as a mix of letters, numbers and the following 3 symbols .-_")
        found.append(Violation("name", "name", told))
    elif "/" in name and not name.startswith("/"):
        found.append(Violation("name", "name", "Parameter name must be a fully qualified name."))
    elif len(name) > LONGEST_PARAMETER:
        found.append(Violation("name", "name", f"Parameter name: at most {LONGEST_PARAMETER} characters"))
    elif name.count("/") > LEVELS:
        told = f"Parameter name: at most {LEVELS} levels"
        found.append(Violation("name", "name", told, "HierarchyLevelLimitExceededException"))


def in_lambda(operation, value, found):
    name = value.get("FunctionName", "").rpartition(":")[2]
    if operation == "CreateFunction" and len(name) > LONGEST_FUNCTION_NAME:
        told = (
            f"1 validation error detected: Value '{name[:SHOWN]}' at 'functionName' failed to satisfy constraint: Member "
            f"must have length less than or equal to {LONGEST_FUNCTION_NAME}")
        found.append(Violation("name", "functionName", told, "InvalidParameterValueException"))
    variables = (value.get("Environment") or {}).get("Variables") or {}
    reserved = sorted(RESERVED & variables.keys())
    if reserved:
        told = (
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided contains reserved keys that are currently not supported for modification. Reserved keys used in "
            f"this request: {', '.join(reserved)}")
        found.append(Violation("name", "environment", told, "InvalidParameterValueException"))


def of_tags(tags, found):
    for position, tag in enumerate(tags or [], 1):
        for part in ("key", "value"):
            if not matches(OF_TAGS, str(tag.get(part, ""))):
                where = f"tags.{position}.member.{part}"
                told = (
                    f"Value '{str(tag[part])[:SHOWN]}' at '{where}' failed to satisfy constraint: Member must satisfy regular "
                    f"expression pattern: {OF_TAGS}")
                found.append(Violation("pattern", where, told))
