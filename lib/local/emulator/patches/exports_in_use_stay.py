"""An export that another stack imports could be changed and removed by an update; one that was removed stayed listed.

On AWS the update fails and rolls back. A deletion is accepted and not begun: the stack keeps its status, whose reason
tells why (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html; as seen in
github.com/aws/aws-cdk/issues/604, github.com/rlister/stax/issues/40 and github.com/linz/geostore/issues/630).
"""

import functools


def apply(cloudformation, stacks, **_):
    handlers, resolve = cloudformation._ACTION_HANDLERS, stacks._resolve_stack_outputs
    importing = ("CREATE_IN_PROGRESS", "DELETE_COMPLETE", "ROLLBACK_COMPLETE")

    def importers(export, exporter):
        return sorted(
            name for name, stack in cloudformation._stacks.items()
            if name != exporter and stack.get("StackStatus") not in importing
            and export in cloudformation.handlers._imported_export_names(stack, name))

    def in_use(export, exporter, change):
        found = importers(export, exporter)
        return f"Export {export} cannot be {change} as it is in use by {' and '.join(found)}" if found else None

    def exports_of(stack):
        return {out["ExportName"]: out.get("OutputValue") for out in stack.get("Outputs", []) if out.get("ExportName")}

    @functools.wraps(resolve)
    def resolve_outputs(*args):
        *_others, stack_name, stack_id = args
        outputs, exports = resolve(*args)
        for name, value in exports_of(cloudformation._stacks.get(stack_name) or {}).items():
            if name not in exports:
                problem = in_use(name, stack_name, "deleted")
            else:
                problem = exports[name]["Value"] != value and in_use(name, stack_name, "updated")
            if problem:
                raise ValueError(problem)
        return outputs, exports

    def forget_removed():
        """Keeps an export as long as an output of its stack has it."""
        by_id = {stack.get("StackId"): stack for stack in cloudformation._stacks.values()}
        for name, export in list(cloudformation._exports.items()):
            if name not in exports_of(by_id.get(export["StackId"]) or {}):
                cloudformation._exports.pop(name, None)

    def without_removed(original):
        @functools.wraps(original)
        def handle(params):
            forget_removed()
            return original(params)

        return handle

    delete = handlers["DeleteStack"]

    @functools.wraps(delete)
    def delete_stack(params):
        from ministack.services.cloudformation.helpers import _p, _xml

        stack = cloudformation.handlers._resolve_stack(_p(params, "StackName")) or {}
        name, status = stack.get("StackName"), stack.get("StackStatus")
        problems = [in_use(export, name, "deleted") for export in exports_of(stack)]
        reason = next((problem for problem in problems if problem), None)
        if not reason or status == "DELETE_COMPLETE":
            return delete(params)
        stack["StackStatusReason"] = reason
        stacks._add_event(
            stack["StackId"], name, name, "AWS::CloudFormation::Stack", status, reason, stack["StackId"])
        return _xml(200, "DeleteStackResponse", "")

    stacks._resolve_stack_outputs = resolve_outputs
    handlers["DeleteStack"] = delete_stack
    for operation in ("ListExports", "ListImports", "CreateStack", "UpdateStack", "CreateChangeSet", "ExecuteChangeSet"):
        handlers[operation] = without_removed(handlers[operation])
