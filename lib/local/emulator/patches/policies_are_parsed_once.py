"""Each policy was parsed again for each call that it judges, which took longer than to judge."""

import functools


def apply(evaluator, **_):
    parse = evaluator.parse_policy_document
    parse_text = functools.lru_cache(maxsize=2048)(parse)

    @functools.wraps(parse)
    def parse_policy_document(document):
        return list(parse_text(document)) if isinstance(document, str) else parse(document)

    evaluator.parse_policy_document = parse_policy_document
