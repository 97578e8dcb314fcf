import { localApiUrls } from '../../../lib/cli/demo/service-api';

describe('the URLs of a service on the local cloud', () => {
  it.each([
    ['REST API', 'https://a1b2c3.execute-api.us-east-1.amazonaws.com/dev', 'a1b2c3/dev'],
    ['HTTP API', 'https://a1b2c3.execute-api.us-east-1.amazonaws.com', 'a1b2c3/$default'],
    ['API in China', 'https://a1b2c3.execute-api.cn-north-1.amazonaws.com.cn/dev/', 'a1b2c3/dev'],
  ])('are those of its %s', (_, url, path) => {
    const outputs = { Url: url, Bucket: 'some-bucket' };
    expect(localApiUrls(outputs, 'http://127.0.0.1:4000')).toEqual([`http://127.0.0.1:4000/_aws/execute-api/${path}`]);
  });

  it('are none if it has no API', () => {
    expect(localApiUrls({ Queue: 'https://sqs.us-east-1.amazonaws.com/1/q' }, 'http://127.0.0.1:4000')).toEqual([]);
  });
});
