import { spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { AwsError } from '../gateway/aws-error';
import type { PathHandler } from '../gateway/gateway';
import { gitEnvironment } from './git';
import type { Repositories } from './repositories';

/** Where repositories are cloned from and pushed to, as at CodeCommit. */
export const REPOSITORIES_PATH = '/v1/repos/';

const REQUEST = /^\/v1\/repos\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Git's smart HTTP protocol (gitprotocol-http), answered by git's own upload-pack and receive-pack. */
export const gitHttp =
  (repositories: Repositories): PathHandler =>
  async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://local');
    const [, name = '', what = ''] = REQUEST.exec(url.pathname) ?? [];
    const service = what === 'info/refs' ? url.searchParams.get('service') : what;
    if (service !== 'git-upload-pack' && service !== 'git-receive-pack') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('clone and push only, with git 1.6.6 or newer\n');
      return;
    }
    let directory: string;
    try {
      directory = await repositories.directory(decodeURIComponent(name));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      response.writeHead(404, { 'content-type': 'text/plain' }).end(`${error.message}\n`);
      return;
    }
    const advertise = what === 'info/refs';
    response.writeHead(200, {
      'content-type': `application/x-${service}-${advertise ? 'advertisement' : 'result'}`,
      'cache-control': 'no-cache',
    });
    if (advertise) response.write(`${packetLine(`# service=${service}\n`)}0000`);
    const args = ['--stateless-rpc', ...(advertise ? ['--http-backend-info-refs'] : []), directory];
    const protocol = request.headers['git-protocol'];
    // No housekeeping after a push: these repositories live no longer than the cloud.
    const settings = ['-c', 'safe.directory=*', '-c', 'receive.autogc=false'];
    const child = spawn('git', [...settings, service.slice('git-'.length), ...args], {
      env: gitEnvironment(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.on('error', () => undefined); // it may have refused before reading everything
    bodyOf(request).pipe(child.stdin);
    child.stdout.pipe(response);
    response.on('close', () => child.kill());
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', () => resolve());
    });
  };

const packetLine = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text;

const bodyOf = (request: IncomingMessage) =>
  request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
