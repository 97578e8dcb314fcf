"""Functions of container images had no CodeSha256, or "cfn-deployed". On Lambda it is the image's digest, in hexadecimal
(github.com/oss-serverless/osls, `resolveImageUriAndSha`: the framework gives it to versions as theirs). They were told
with an empty runtime and handler, and with the image among their configuration, which Lambda has beside it
(docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html).

Whether there is such an image in a registry nobody asks here. One that a tag names has the hash of its name.
"""

import functools
import hashlib
import re

from patches.handlers import put_handler


def digest_of(image):
    found = re.search(r"@sha256:([0-9a-f]{64})$", image)
    return found.group(1) if found else hashlib.sha256(image.encode()).hexdigest()


def told(value):
    """A copy of an answer in which configurations of images have no more than on Lambda."""
    if isinstance(value, list):
        return [told(each) for each in value]
    if not isinstance(value, dict):
        return value
    is_image = value.get("PackageType") == "Image"
    left_out = {"ImageUri", *(name for name in ("Runtime", "Handler") if not value.get(name))} if is_image else ()
    return {name: told(each) for name, each in value.items() if name not in left_out}


def apply(lam, provisioners, **_):
    build_config, update_code, create = lam._build_config, lam._update_code, provisioners._lambda_create
    answer = lam.json_response

    @functools.wraps(answer)
    def json_response(data, *args, **kwargs):
        return answer(told(data), *args, **kwargs)

    def tell(config):
        if config.get("ImageUri"):
            config["CodeSha256"] = digest_of(config["ImageUri"])

    @functools.wraps(build_config)
    def build_config_of_images(name, data, code_zip=None):
        config = build_config(name, data, code_zip)
        image = data.get("Code", {}).get("ImageUri")
        if image:
            config["CodeSha256"] = digest_of(image)
        return config

    @functools.wraps(update_code)
    def update_code_of_images(name, data):
        answer = update_code(name, data)
        if answer[0] >= 300 or not data.get("ImageUri"):
            return answer
        tell(lam._functions[name]["config"])
        return lam.json_response(lam._functions[name]["config"])

    @functools.wraps(create)
    def create_of_images(logical_id, props, stack_name):
        name, attributes = create(logical_id, props, stack_name)
        tell(lam._functions[name]["config"])
        return name, attributes

    lam.json_response = json_response
    lam._build_config = build_config_of_images
    lam._update_code = update_code_of_images
    put_handler(provisioners, "_lambda_create", create_of_images)
