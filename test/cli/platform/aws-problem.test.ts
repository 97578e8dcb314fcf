import { awsProblem } from '../../../lib/cli/platform/aws-problem';
import { describeError } from '../../../lib/cli/platform/run-command';

const named = (name: string, message = 'words of AWS', more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

it.each([
  [
    'ExpiredTokenException',
    /your AWS credentials have expired; get new ones \(with SSO: aws sso login\).*\(words of AWS\)$/,
  ],
  ['ExpiredToken', /have expired/],
  ['UnrecognizedClientException', /AWS does not accept your credentials; check AWS_ACCESS_KEY_ID/],
  ['AccessDeniedException', /do not allow this; use those of the ops account/],
  ['TokenProviderError', /SSO session has ended; sign in with: aws sso login/],
  ['ThrottlingException', /try again/],
])('says what to do about %s, in words of its own and of AWS', (name, message) => {
  expect(describeError(named(name), {})).toMatch(message);
});

it('says that AWS cannot be reached, also if the error says nothing', () => {
  expect(awsProblem(named('Error', 'getaddrinfo ENOTFOUND sts', { code: 'ENOTFOUND' }))).toMatch(
    /cannot be reached.*ENOTFOUND/,
  );
  expect(awsProblem(named('AggregateError', '', { code: 'ECONNREFUSED' }))).toMatch(
    /cannot be reached.*\(ECONNREFUSED\)$/,
  );
});

it('leaves other errors alone', () => {
  expect(awsProblem(new TypeError('x'))).toBeUndefined();
  expect(awsProblem('x')).toBeUndefined();
});
