"""Every night: one report over the paid orders of the day."""

import os
from datetime import datetime, timezone

import boto3
from boto3.dynamodb.conditions import Attr
from report_text import sentence

dynamodb = boto3.resource("dynamodb")
orders = dynamodb.Table(os.environ["ORDERS_TABLE"])
reports = dynamodb.Table(os.environ["REPORTS_TABLE"])


def paid_orders(day):
    """All paid orders of a day, page by page."""
    question = {"FilterExpression": Attr("day").eq(day) & Attr("status").eq("paid")}
    while True:
        page = orders.scan(**question)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        question["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def handler(event, context):
    day = event.get("time", datetime.now(timezone.utc).isoformat())[:10]
    amounts = [int(order["amount"]) for order in paid_orders(day)]
    text = sentence(day, len(amounts), sum(amounts))
    reports.put_item(Item={"id": "latest", "day": day, "text": text})
    print(text)
    return {"report": text}
