"""What AWS's models (botocore's) say about calls and answers: https://smithy.io/2.0/spec/constraint-traits.html.

`requests` and `answers` read a call and its answer as the service's protocol writes them, `shapes` compares what they
have read with the model, `names` has what AWS checks beyond its models, and `refusals` tells a client what is wrong.
Values stay as JSON has them: a time is its number or text, bytes are Base64.
"""
