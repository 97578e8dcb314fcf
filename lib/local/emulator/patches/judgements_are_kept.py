"""Keeps what was judged, by which policies and how, so that another judge can be asked about the same.

Only where SEEDBED_JUDGEMENTS names a file: a line of JSON for each that differs from all before in more than its ids.
"""

import functools
import hashlib
import json
import os
import re
import threading

from patches import rights

# Names that are made anew each time: ULIDs, UUIDs and hashes, counters and times.
IDS = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8}(?:-[0-9a-f]{4,}){1,4}|[0-9a-f]{10,}|[A-Z0-9]{12,}|\d+")
# How many policies are remembered as texts.
KEPT_TEXTS = 4096
# Global keys that MiniStack resolves as they are asked for.
GLOBAL = ("aws:PrincipalArn", "aws:PrincipalAccount", "aws:SecureTransport", "aws:ResourceAccount", "aws:RequestedRegion")


def apply(evaluator, **_):
    path = os.environ.get("SEEDBED_JUDGEMENTS")
    if not path:
        return
    known, lock = set(), threading.Lock()
    enforce, evaluate, combine = evaluator.enforce, evaluator.evaluate, evaluator.combine_resource_policy
    frames = threading.local()

    def document(statements):
        """A policy as it was written, but for what a judge does not ask for."""
        def written(each):
            return {name: value for name, value in (
                ("Effect", each.effect), ("Action", each.actions), ("NotAction", each.not_actions),
                ("Resource", each.resources), ("NotResource", each.not_resources), ("Condition", each.conditions),
            ) if value}

        return {"Version": "2012-10-17", "Statement": [written(each) for each in statements]}

    def regardless_of_ids(value):
        return IDS.sub("*", json.dumps(value, sort_keys=True, default=str))

    texts = {}

    def text_of(statements):
        """A policy regardless of ids; by its statements, which `policies_are_parsed_once` gives each judgement anew."""
        key = tuple(map(id, statements))
        found = texts.get(key)
        if not found:
            if len(texts) >= KEPT_TEXTS:
                texts.clear()
            # With the statements, whose ids are theirs as long as they are kept.
            texts[key] = found = (regardless_of_ids(document(statements)), tuple(statements))
        return found[0]

    resource_policy_text = functools.lru_cache(maxsize=KEPT_TEXTS)(lambda text: regardless_of_ids(json.loads(text)))

    def resource_policy(policy):
        return resource_policy_text(policy) if isinstance(policy, str) and policy else regardless_of_ids(policy or None)

    def keep(ctx, policies, limits, found, decision):
        if ctx.action == "sts:AssumeRole":
            return  # the role's trust policy, which decides with this, is judged elsewhere
        policy, owner = found or (None, None)
        call = {
            "principal": ctx.principal_arn, "action": ctx.action, "resource": str(ctx.resource_arn), "owner": owner,
            "allowed": decision == "Allow",
        }
        same = (
            regardless_of_ids(call), [text_of(each) for each in policies],
            [[text_of(each) for each in limit] for limit in limits], resource_policy(policy))
        digest = hashlib.sha256(repr(same).encode()).digest()
        with lock:
            if digest in known:
                return
            known.add(digest)
        keys = {name: evaluator._resolve_condition_key(name, ctx) for name in GLOBAL}
        keys.update({name: value for name, value in {**ctx.principal_keys, **ctx.service_context}.items() if value is not None})
        judgement = {
            **call,
            "context": {name: value if isinstance(value, list) else str(value) for name, value in keys.items()},
            "identity": [document(each) for each in policies],
            "limits": [[document(each) for each in limit] for limit in limits],
            "policy": json.loads(policy) if isinstance(policy, str) and policy else policy or None,
        }
        with lock, open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(judgement, default=str) + "\n")

    @functools.wraps(evaluate)
    def evaluate_and_note(ctx, policies, *limits):
        result = evaluate(ctx, policies, *limits)
        frame = getattr(frames, "frame", None)
        if frame is not None and "ctx" not in frame:
            frame.update(ctx=ctx, policies=policies, limits=limits, decision=result.decision)
        return result

    @functools.wraps(combine)
    def combine_and_note(identity, ctx, policy, owner_account, *args, **kwargs):
        result = combine(identity, ctx, policy, owner_account, *args, **kwargs)
        frame = getattr(frames, "frame", None)
        if frame is not None and frame.get("ctx") is ctx:
            frame.update(found=(policy, owner_account), decision=result.decision)
        return result

    @functools.wraps(enforce)
    def enforce_and_keep(*args, **kwargs):
        frames.frame = frame = {}
        try:
            return enforce(*args, **kwargs)
        finally:
            frames.frame = None
            if "ctx" in frame:
                keep(frame["ctx"], frame["policies"], frame["limits"], frame.get("found"), frame["decision"])

    evaluator.evaluate, evaluator.combine_resource_policy = evaluate_and_note, combine_and_note
    evaluator.enforce = enforce_and_keep
    rights.JUDGED.append(keep)
