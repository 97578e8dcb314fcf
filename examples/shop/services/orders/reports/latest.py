"""GET /reports/latest"""

import json
import os

import boto3

TITLE = "Nightly report"

reports = boto3.resource("dynamodb").Table(os.environ["REPORTS_TABLE"])


def handler(event, context):
    report = reports.get_item(Key={"id": "latest"}).get("Item", {"text": "no report yet"})
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json; charset=utf-8"},
        "body": json.dumps({"title": TITLE, "report": report["text"]}),
    }
