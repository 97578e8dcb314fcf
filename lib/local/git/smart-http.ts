import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGunzip } from 'node:zlib';
import { requestUrl } from '../calls/request-url';
import { gitEnvironment } from './git';

/** One exchange of git's smart HTTP protocol (gitprotocol-http). */
export interface GitExchange {
  readonly service: 'git-upload-pack' | 'git-receive-pack';
  /** Whether it asks for the references, which precedes a fetch or a push. */
  readonly advertise: boolean;
}

/** @returns the exchange that a request begins, or undefined if it begins none. */
export function readExchange(request: IncomingMessage): GitExchange | undefined {
  const url = requestUrl(request);
  const [, what = ''] = /\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(url.pathname) ?? [];
  const service = what === 'info/refs' ? url.searchParams.get('service') : what;
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack') return undefined;
  return { service, advertise: what === 'info/refs' };
}

/**
 * Answers an exchange with git's own upload-pack or receive-pack; resolves when that has ended.
 * @param more environment variables for git, and so for the repository's hook
 */
export async function serveGit(
  { service, advertise }: GitExchange,
  directory: string,
  request: IncomingMessage,
  response: ServerResponse,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  response.writeHead(200, {
    'content-type': `application/x-${service}-${advertise ? 'advertisement' : 'result'}`,
    'cache-control': 'no-cache',
  });
  if (advertise) response.write(`${packetLine(`# service=${service}\n`)}0000`);
  const args = ['--stateless-rpc', ...(advertise ? ['--http-backend-info-refs'] : []), directory];
  const protocol = request.headers['git-protocol'];
  // No housekeeping after a push: these repositories do not outlive the cloud.
  const settings = ['-c', 'safe.directory=*', '-c', 'receive.autogc=false'];
  const child = spawn('git', [...settings, service.slice('git-'.length), ...args], {
    env: gitEnvironment({ ...more, ...(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}) }),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  child.stdin.on('error', () => undefined); // it may have refused before reading everything
  const body = bodyOf(request);
  body.on('error', () => response.destroy()); // what is no gzip, or breaks off, is no push
  body.pipe(child.stdin);
  child.stdout.pipe(response);
  response.on('close', () => child.kill());
  await ended;
}

const packetLine = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text;

const bodyOf = (request: IncomingMessage) =>
  request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
