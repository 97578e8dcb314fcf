"""What Lambda tells CloudWatch of every invocation. MiniStack counts only some of them, and only by function name."""

import contextvars
import functools
import threading
import time

from cloud_clock import CLOCK

NAMESPACE = "AWS/Lambda"
# Under load a point per invocation would be many: counts are kept as one statistic set for each tenth of a second.
SLOT_SECONDS = 0.1
MOST_POINTS = 20_000
EVICT_SECONDS = 60


class OfAlias(dict):
    """The configuration of the version that serves an invocation of an alias."""

    alias = None


def apply(lam, cloudwatch, **_):
    asked = contextvars.ContextVar("name and qualifier of the function that Invoke was asked for", default=(None, None))
    effective, invoke = lam._effective_func_record_for_qualifier, lam._invoke
    dispatch, evict = lam._execute_function_dispatch, cloudwatch._evict_old_metrics
    lock = threading.Lock()
    evicted = [time.time()]

    @functools.wraps(effective)
    def effective_record(func, qualifier):
        record, config = effective(func, qualifier)
        if config is None or qualifier not in (func or {}).get("aliases", {}):
            return record, config
        config = OfAlias(config)
        config.alias = qualifier
        return {**record, "config": config}, config

    @functools.wraps(invoke)
    async def invoke_function(name, event, headers, path_qualifier=None, query_params=None):
        queried = lam._qp_first(query_params or {}, "Qualifier")
        qualifier = path_qualifier or queried or lam._qp_first(headers, "x-amz-qualifier")
        asked.set((name, qualifier))
        return await invoke(name, event, headers, path_qualifier, query_params)

    @functools.wraps(dispatch)
    def execute(func, config, *args, **kwargs):
        begun = time.time()
        result = dispatch(func, config, *args, **kwargs)
        values = {
            "Invocations": (1, "Count"),
            "Errors": (1 if result.get("error") else 0, "Count"),
            "Throttles": (0, "Count"),
            "Duration": ((time.time() - begun) * 1000, "Milliseconds"),
        }
        for dimensions in dimensions_of(config):
            for name, (value, unit) in values.items():
                add_point(name, value, unit, dimensions)
        return result

    def dimensions_of(config):
        """Those of https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"""
        name, version = config.get("FunctionName", "unknown"), config.get("Version", "$LATEST")
        asked_name, asked_qualifier = asked.get()
        qualifier = getattr(config, "alias", None) or (asked_qualifier if asked_name == name else None)
        if not qualifier and version != "$LATEST":
            qualifier = version
        resource = f"{name}:{qualifier}" if qualifier else name
        yield {"FunctionName": name}
        yield {"FunctionName": name, "Resource": resource}
        if qualifier and qualifier != version:
            yield {"FunctionName": name, "Resource": resource, "ExecutedVersion": version}

    def add_point(name, value, unit, dimensions):
        now = CLOCK.time()
        with lock:
            points = cloudwatch._metric_bucket((NAMESPACE, name, cloudwatch._dims_key(dimensions)))
            last = points[-1] if points else None
            if unit == "Count" and last and "_stat" in last and now - last["Timestamp"] < SLOT_SECONDS:
                stat = last["_stat"]
                stat["SampleCount"] += 1
                stat["Sum"] += value
                stat["Minimum"], stat["Maximum"] = min(stat["Minimum"], value), max(stat["Maximum"], value)
                return
            point = {"Timestamp": now, "Value": float(value), "Unit": unit, "Dimensions": dimensions}
            if unit == "Count":
                point["_stat"] = {"SampleCount": 1, "Sum": value, "Minimum": value, "Maximum": value}
            points.append(point)
            if len(points) > MOST_POINTS:
                del points[: MOST_POINTS // 2]

    def emit_throttle(function_name, duration_ms, error, throttle):
        """The rest is told by `execute`, through which all invocations go."""
        if throttle:
            add_point("Throttles", 1, "Count", {"FunctionName": function_name})

    def evict_now_and_then():
        if time.time() - evicted[0] > EVICT_SECONDS:
            evicted[0] = time.time()
            with lock:
                evict()

    lam._effective_func_record_for_qualifier = effective_record
    lam._invoke = invoke_function
    lam._execute_function_dispatch = execute
    lam._emit_lambda_metrics = emit_throttle
    cloudwatch._evict_old_metrics = evict_now_and_then
