"""Evaluates CloudWatch's metric alarms. MiniStack does so only when somebody puts metrics, and ignores dimensions."""

import contextvars
import functools
import json
import os
import threading
import time

from cloud_clock import CLOCK

SPEED = float(os.environ.get("SEEDBED_SPEED", "1"))
# Even a compressed period must be long enough for an invocation and a poll.
LEAST_PERIOD_SECONDS = 1.0
# A state that was set by hand stays for a moment, so that those who poll see it.
HELD_SECONDS = 2.0

COMPARISONS = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def period_of(alarm):
    """The period in seconds, compressed: at a speed of 60 a minute takes a second."""
    return max(LEAST_PERIOD_SECONDS, alarm.get("Period", 60) / SPEED)


def judge(values, alarm):
    """The new state of an alarm, or None if the state stays as it is.

    `values` has the statistic of each period, None where nothing was measured. This follows
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html, with one difference: the
    full number of periods must breach, whereas CloudWatch may be satisfied with fewer if the others are missing.
    """
    treatment = alarm.get("TreatMissingData") or "missing"
    breaches = COMPARISONS[alarm["ComparisonOperator"]]
    filling = {"breaching": True, "notBreaching": False}.get(treatment)
    found = [filling if value is None else breaches(value, alarm["Threshold"]) for value in values]
    if all(each is None for each in found):
        return None if treatment == "ignore" else "INSUFFICIENT_DATA"
    needed = alarm.get("DatapointsToAlarm") or len(values)
    return "ALARM" if sum(each is True for each in found) >= needed else "OK"


def apply(cloudwatch, events, responses, **_):
    set_state, dispatch_actions = cloudwatch._set_alarm_state, cloudwatch._dispatch_alarm_actions
    set_by_hand = {}
    # Alarms are judged in a thread of their own, beside the requests that set them.
    lock = threading.Lock()

    def statistics(alarm, now):
        """The statistic of each of the last periods, newest first; None where nothing was measured."""
        dimensions = cloudwatch._dims_from_list(alarm.get("Dimensions") or [])
        key = (alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions))
        points = list(cloudwatch._metrics.get(key) or [])
        period, count = period_of(alarm), alarm.get("EvaluationPeriods", 1)
        periods = [[] for _ in range(count)]
        for point in points:
            which = int((now - point["Timestamp"]) // period)
            if 0 <= which < count and (not alarm.get("Unit") or alarm["Unit"] == point.get("Unit")):
                periods[which].append(point)
        name = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
        return [cloudwatch._stat_value(cloudwatch._calc_stats(each), name, each) if each else None for each in periods]

    def evaluate(alarm):
        if not alarm.get("Namespace") or not alarm.get("MetricName"):
            return
        if alarm.get("ComparisonOperator") not in COMPARISONS:
            return
        now = CLOCK.time()
        values = statistics(alarm, now)
        at = set_by_hand.get(alarm["AlarmArn"])
        if at is not None:
            # A state that was set by hand holds until there is data to judge by.
            if all(value is None for value in values) or now - at < max(HELD_SECONDS, period_of(alarm)):
                return
        old, new = alarm["StateValue"], judge(values, alarm)
        measured = [value for value in values if value is not None]
        reason = "Unchecked: no data"
        if measured:
            reason = f"Threshold Crossed: {measured} {alarm['ComparisonOperator']} {alarm['Threshold']}"
        with lock:
            if set_by_hand.get(alarm["AlarmArn"]) != at:
                return  # somebody has set it while it was judged
            set_by_hand.pop(alarm["AlarmArn"], None)
            if new is None or new == old:
                return
            alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(now))
        cloudwatch._record_history(alarm["AlarmName"], old, new, reason)
        cloudwatch._dispatch_alarm_actions(alarm, old, new, reason)
        cloudwatch._evaluate_parent_alarms(alarm)

    @functools.wraps(set_state)
    def set_alarm_state(params, cbor_data, is_cbor, is_json=False):
        name = cbor_data.get("AlarmName") if is_cbor or is_json else cloudwatch._p(params, "AlarmName")
        arn = (cloudwatch._alarms.get(name) or {}).get("AlarmArn")
        if arn is None:
            return set_state(params, cbor_data, is_cbor, is_json)
        with lock:
            before = set_by_hand.get(arn)
            set_by_hand[arn] = CLOCK.time()  # before it is set: nobody must judge it in between
        answer = set_state(params, cbor_data, is_cbor, is_json)
        if answer[0] >= 300:
            with lock:
                set_by_hand[arn] = before
        return answer

    @functools.wraps(dispatch_actions)
    def dispatch_and_announce(alarm, old_state, new_state, reason):
        dispatch_actions(alarm, old_state, new_state, reason)
        metric = {"namespace": alarm.get("Namespace"), "name": alarm.get("MetricName"),
                  "dimensions": cloudwatch._dims_from_list(alarm.get("Dimensions") or [])}
        statistic = {"metric": metric, "period": alarm.get("Period"), "stat": alarm.get("Statistic")}
        configuration = (
            {"alarmRule": alarm["AlarmRule"]} if "AlarmRule" in alarm
            else {"metrics": [{"id": "m1", "metricStat": statistic}]}
        )
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000+0000", time.gmtime(CLOCK.time()))
        events._put_events({"Entries": [{
            "Source": "aws.cloudwatch",
            "DetailType": "CloudWatch Alarm State Change",
            "Resources": [alarm["AlarmArn"]],
            "Detail": json.dumps({
                "alarmName": alarm["AlarmName"],
                "configuration": configuration,
                "previousState": {"value": old_state},
                "state": {"value": new_state, "reason": reason, "timestamp": now},
            }),
        }]}, allow_aws_source=True)

    def evaluate_all():
        for account, region, name in list(cloudwatch._alarms._data):
            def evaluate_one(account=account, region=region, name=name):
                responses._request_account_id.set(account)
                responses._request_region.set(region)
                alarm = cloudwatch._alarms.get(name)
                if alarm:
                    evaluate(alarm)

            try:
                contextvars.copy_context().run(evaluate_one)
            except Exception as error:  # one alarm must not stop the others
                print(f"alarm {name}: {error!r}", flush=True)

    def keep_evaluating():
        while True:
            # By the machine's clock, whatever the cloud's: at the same time, judging again changes nothing.
            time.sleep(max(0.25, min(5.0, 10 / SPEED)))
            evaluate_all()

    cloudwatch.time = CLOCK
    cloudwatch._evaluate_alarm = evaluate
    cloudwatch._set_alarm_state = set_alarm_state
    cloudwatch._dispatch_alarm_actions = dispatch_and_announce
    threading.Thread(target=keep_evaluating, daemon=True).start()
