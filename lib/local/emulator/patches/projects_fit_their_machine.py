"""A CodeBuild project took an image of AWS's for another environment, and on Lambda what CodeBuild refuses there: "AWS
CodeBuild curated image … is not supported for projects with environment type … and compute type …"
(github.com/aws/copilot-cli/issues/3110), "Cannot specify queuedTimeoutInMinutes for lambda compute"
(github.com/hashicorp/terraform-provider-aws/issues/34376). `odd-machine.ts` has the same of what StartBuild overrides.
"""

import functools

from patches.handlers import put_handler

TYPES = ("LINUX_CONTAINER", "ARM_CONTAINER", "LINUX_LAMBDA_CONTAINER", "ARM_LAMBDA_CONTAINER")
# Images for Windows and macOS have environments of their own.
CURATED = ("aws/codebuild/amazonlinux", "aws/codebuild/standard", "aws/codebuild/ubuntu")


def reason_of(project):
    """Why CodeBuild refuses a project, as CreateProject describes it, or None."""
    environment = project.get("environment") or {}
    kind, image = environment.get("type", ""), environment.get("image", "")
    if kind not in TYPES:
        return None
    system = "ARM" if "aarch64" in image else "LINUX"
    wanted = f"{system}_LAMBDA_CONTAINER" if "-lambda-" in image else f"{system}_CONTAINER"
    if image.startswith(CURATED) and wanted != kind:
        return (
            f"AWS CodeBuild curated image {image} is not supported for projects with environment type {kind} and "
            f"compute type {environment.get('computeType')}")
    if kind.endswith("_LAMBDA_CONTAINER"):
        cached = (project.get("cache") or {}).get("type", "NO_CACHE") != "NO_CACHE"
        given = [key for key in ("timeoutInMinutes", "queuedTimeoutInMinutes") if project.get(key)]
        for key in [*given, *(["cache"] if cached else [])]:
            return f"Cannot specify {key} for lambda compute"
    return None


def apply(codebuild, provisioners, **_):
    def refusing(original):
        @functools.wraps(original)
        def call(data):
            reason = reason_of(data)
            return codebuild.error_response_json("InvalidInputException", reason, 400) if reason else original(data)

        return call

    def refusing_resource(original, operation, props_at):
        @functools.wraps(original)
        def call(*args):
            reason = reason_of(provisioners._codebuild_cfn_to_api(args[props_at]))
            if reason:
                raise ValueError(
                    f"Failed to call {operation}, reason: {reason} (Service: AWSCodeBuild; Status Code: 400; Error Code: "
                    "InvalidInputException)")
            return original(*args)

        return call

    codebuild._create_project = refusing(codebuild._create_project)
    codebuild._update_project = refusing(codebuild._update_project)
    create, update = provisioners._codebuild_project_create, provisioners._codebuild_project_update
    put_handler(provisioners, "_codebuild_project_create", refusing_resource(create, "CreateProject", 1))
    put_handler(provisioners, "_codebuild_project_update", refusing_resource(update, "UpdateProject", 2))
