"""What MiniStack does otherwise than AWS, and what the local cloud needs of it: a file for each, whose docstring is the
reason. Each is a function of MiniStack's modules, refers to nothing else of ours but `handlers.py`, `rights.py`,
`calls_of_resources.py`, `gateway_speaks_for_callers.py`, `cloud_clock.py`, `quotas.py`, `pace.py` and `aws_models`, and has a test in test/local: so each could
become a change of MiniStack's own. They use its private names: the launcher refuses any other version than the pinned one.
"""

from importlib import import_module

# In this order: some replace what others have replaced before.
NAMES = (
    "listen_behind_the_gateway",
    "only_the_gateway_is_answered",
    "policies_are_parsed_once",
    "policies_have_variables",
    "judgements_are_kept",
    "calls_arrive_by_tls",
    "actions_of_calls",
    "resources_of_calls",
    "condition_keys_of_calls",
    "refusals_name_the_resource",
    "gateway_speaks_for_callers",
    "roots_sign_too",
    "callers_are_known_by_their_key",
    "calls_keep_to_the_models",
    "weighted_aliases",
    "publish_metrics",
    "evaluate_alarms",
    "publish_only_changes",
    "dry_run_changes_nothing",
    "missing_code_is_an_error",
    "code_is_read_across_accounts",
    "stack_operations_have_a_role",
    "code_is_read_with_rights",
    "workers_have_their_role",
    "native_code_is_of_the_architecture",
    "accounts_have_concurrency",
    "invocations_outlive_updates",
    "functions_take_time",
    "stack_operations_take_time",
    "aliases_need_active_versions",
    "errors_keep_their_name",
    "killed_workers_are_named",
    "races_of_the_emulator_are_no_errors",
    "executions_start_at_once",
    "states_wait_to_be_called_back",
    "roles_are_passed",
    "services_assume_roles",
    "state_machines_keep_their_logging",
    "state_machines_are_made_with_rights",
    "state_machines_act_with_their_role",
    "throttles_keep_their_name",
    "services_need_leave_to_invoke",
    "web_sockets_are_deployed",
    "authorizers_need_leave",
    "http_apis_ask_for_iam",
    "schedules_and_pipes_act_with_their_role",
    "user_pools_and_logs_need_leave",
    "event_sources_are_read_with_rights",
    "templates_are_read_with_rights",
    "keys_need_rights",
    "failed_maps_begin_nothing_more",
    "unresolved_properties_fail_their_resource",
    "versions_check_their_code",
    "qualifiers_agree",
    "exports_in_use_stay",
    "stacks_tell_whom_they_notify",
    "gateway_emits_aws_events",
    "answers_leave_out_what_is_empty",
    "events_of_tasks_are_whole",
    "sequence_numbers_are_numbers",
    "resources_keep_to_the_models",
    "roles_of_stacks_have_boundaries",
    "stacks_make_what_their_role_may",
    "references_are_read_with_rights",
    "new_roles_wait_to_be_assumed",
    "create_only_properties_replace",
    "rules_invoke_until_it_works",
    "projects_keep_all_settings",
    "projects_fit_their_machine",
    "templates_have_limits",
    "parameters_have_limits",
    "policies_have_limits",
    "functions_have_limits",
    "code_storage_has_a_limit",
    "executions_have_limits",
)

PATCHES = [import_module(f"{__name__}.{name}") for name in NAMES]


def apply_all(**modules):
    """Applies all patches. `modules`: MiniStack's, by the names that the patches take."""
    for patch in PATCHES:
        patch.apply(**modules)
