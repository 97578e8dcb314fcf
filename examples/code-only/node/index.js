// What a function holds until its first release: whoever makes the function needs some code for it.
// Requests are answered 503. Everything else fails, so that messages stay in their queue and events are tried again.
const isRequest = (event) => Boolean(event?.httpMethod ?? event?.requestContext?.http ?? event?.requestContext?.elb);

exports.handler = async (event) => {
  if (!isRequest(event)) throw new Error('nothing has been released to this function yet');
  return { statusCode: 503, headers: { 'content-type': 'text/plain', 'retry-after': '60' }, body: 'not released yet' };
};
