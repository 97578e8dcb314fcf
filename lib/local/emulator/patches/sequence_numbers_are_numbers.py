"""Kinesis's sequence numbers began with zeros, which numbers do not:
docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html.
"""

import functools


def apply(kinesis, **_):
    next_number = kinesis._next_sequence_number

    @functools.wraps(next_number)
    def next_sequence_number():
        return f"49{next_number()}"  # as AWS's do; they still order as texts

    kinesis._next_sequence_number = next_sequence_number
