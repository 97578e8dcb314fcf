"""MiniStack stores an alias's routing weights and never applies them; every shift needs them."""

import contextvars
import functools
import random


def apply(lam, **_):
    reading = contextvars.ContextVar("reading", default=False)
    effective, invoke = lam._effective_func_record_for_qualifier, lam._invoke

    def pick(func, qualifier):
        """The version that serves one invocation of an alias with routing weights, else the qualifier itself."""
        alias = (func or {}).get("aliases", {}).get(qualifier)
        weights = ((alias or {}).get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        chance = random.random()
        for version, weight in weights.items():
            chance -= float(weight)
            if chance < 0:
                return version
        return qualifier

    @functools.wraps(effective)
    def picked_record(func, qualifier):
        return effective(func, qualifier if reading.get() else pick(func, qualifier))

    @functools.wraps(invoke)
    async def picked_invoke(name, event, headers, path_qualifier=None, query_params=None):
        queried = lam._qp_first(query_params or {}, "Qualifier")
        qualifier = path_qualifier or queried or lam._qp_first(headers, "x-amz-qualifier")
        version = pick(lam._functions.get(name), qualifier)
        return await invoke(name, event, headers, path_qualifier if version == qualifier else version, query_params)

    def reader(original):
        @functools.wraps(original)
        def read(*args, **kwargs):
            token = reading.set(True)
            try:
                return original(*args, **kwargs)
            finally:
                reading.reset(token)

        return read

    lam._effective_func_record_for_qualifier = picked_record
    lam._invoke = picked_invoke
    lam._get_function = reader(lam._get_function)
    lam._get_function_config = reader(lam._get_function_config)
