"""Templates were read from S3 with nobody's rights. CloudFormation reads them with those of whoever called, also where the
operation has a role (github.com/serverless/serverless/issues/2775, github.com/F5Networks/f5-aws-cloudformation/issues/68).

The path of a URL is decoded too: a key with an `@` is written `%40` there, and was looked for under that name.
"""

import functools
from urllib.parse import parse_qs, unquote, urlparse

from patches.rights import refused


def apply(cloudformation, evaluator, responses, **_):
    helpers = cloudformation.helpers
    original, parse = helpers._resolve_document, helpers.urlparse

    @functools.wraps(original)
    def resolve(params, body_key, url_key, label):
        body, url = helpers._p(params, body_key), helpers._p(params, url_key)
        if url and not body:
            parsed = urlparse(url)
            presigned = "X-Amz-Signature" in parse_qs(parsed.query)
            resource = f"arn:aws:s3:::{unquote(parsed.path).lstrip('/')}"
            if not presigned and refused(evaluator, responses, evaluator.caller_arn(), "s3:GetObject", resource):
                more = "For more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
                return None, helpers._error("ValidationError", f"S3 error: Access Denied\n{more}")
        return original(params, body_key, url_key, label)

    def parse_decoded(url, *rest):
        parsed = parse(url, *rest)
        return parsed._replace(path=unquote(parsed.path))

    helpers._resolve_document, helpers.urlparse = resolve, parse_decoded
