import { localUrl } from '../../../lib/local/calls/local-url';

const ENDPOINT = 'http://127.0.0.1:4000';

it('finds the path of an HTTP API on the local cloud', () => {
  const url = 'https://a1b2c3.execute-api.us-east-1.amazonaws.com/github';
  expect(localUrl(url, ENDPOINT)).toBe(`${ENDPOINT}/_aws/execute-api/a1b2c3/$default/github`);
});

it.each(['http://127.0.0.1:5000/hook?x=1', 'https://hooks.example.com/execute-api'])('leaves %s as it is', (url) => {
  expect(localUrl(url, ENDPOINT)).toBe(url);
});
