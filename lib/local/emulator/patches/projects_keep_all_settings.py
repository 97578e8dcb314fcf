"""A CodeBuild project forgot its log group and cache, which the gateway's builds need."""

import functools

from patches.handlers import put_handler


def apply(codebuild, provisioners, **_):
    kept = ("logsConfig", "cache", "queuedTimeoutInMinutes", "concurrentBuildLimit")
    shape, create, update = codebuild._project_shape, codebuild._create_project, codebuild._update_project
    stack_create, stack_update = provisioners._codebuild_project_create, provisioners._codebuild_project_update

    def keeping(original):
        @functools.wraps(original)
        def call(data):
            answer = original(data)
            keep(data.get("name"), data)
            return answer

        return call

    def keep(name, settings):
        project = codebuild._projects.get(name)
        if project is not None:
            project.update({key: settings[key] for key in kept if key in settings})

    def keeping_properties(original, props_at):
        @functools.wraps(original)
        def call(*args):
            answer = original(*args)
            keep(answer[0], provisioners._codebuild_cfn_to_api(args[props_at]))
            return answer

        return call

    def shape_with_all(project):
        return {**shape(project), **{key: project[key] for key in kept if key in project}}

    codebuild._project_shape = shape_with_all
    codebuild._create_project, codebuild._update_project = keeping(create), keeping(update)
    put_handler(provisioners, "_codebuild_project_create", keeping_properties(stack_create, 1))
    put_handler(provisioners, "_codebuild_project_update", keeping_properties(stack_update, 2))
