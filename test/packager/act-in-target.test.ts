import { targetEnvironment } from '../../lib/packager/act-in-target';

const OF_CODEBUILD = {
  PATH: '/bin',
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
  AWS_ACCESS_KEY_ID: 'own',
  AWS_SESSION_TOKEN: 'own',
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/1',
  AWS_CONTAINER_AUTHORIZATION_TOKEN: 'own',
};

describe('what the app runs in a build', () => {
  it('works as the build role, in the region of the stage', () => {
    const role = { accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'token' };
    expect(targetEnvironment(OF_CODEBUILD, 'eu-central-1', role)).toEqual({
      PATH: '/bin',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
      AWS_SESSION_TOKEN: 'token',
    });
  });

  it('has no credentials where the stage has no build role: never those of the build environment', () => {
    expect(Object.keys(targetEnvironment(OF_CODEBUILD, 'eu-central-1')).sort()).toEqual([
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL',
      'AWS_REGION',
      'PATH',
    ]);
  });
});
