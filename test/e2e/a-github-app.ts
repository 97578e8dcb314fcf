import { createHmac, randomUUID } from 'node:crypto';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Reconciled } from '../../lambdas/trigger/reconcile';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { secretsManagerClient } from '../../lib/aws/clients/secrets-manager';
import { connectGitHub } from '../../lib/cli/demo/connect-github';
import { GITHUB_SECRET, GitHubSecret } from '../../lib/core/contracts/github-secret';
import { localUrl } from '../../lib/local/calls/local-url';
import type { GitHubClient } from '../../lib/local/github/github-client';
import { type AnApp, anApp } from './an-app';
import { GITHUB_REPOSITORY } from './e2e-apps';

/** How a request to the webhook was answered, and how long that took. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly milliseconds: number;
}

/** An app whose repository is at the double of GitHub, which tells the platform of what happens there. */
export interface AGitHubApp extends AnApp {
  readonly developer: GitHubClient;
  /** Sends the webhook a request of one's own. */
  request(init: RequestInit, path?: string): Promise<Answered>;
  /** Sends a delivery with GitHub's signature. */
  deliver(kind: string, payload: unknown): Promise<Answered>;
  /** Has all deliveries of an event made again. @returns how many those are */
  redeliver(event: string): Promise<number>;
  /** @returns how the deliveries were answered, newest first. */
  deliveries(): Promise<readonly string[]>;
  /** Runs the worker that looks for what no event has told, for this app. */
  reconcile(): Promise<Reconciled>;
}

export async function aGitHubApp(): Promise<AGitHubApp> {
  const endpoint = process.env.AWS_ENDPOINT_URL!;
  const github = await connectGitHub({
    endpoint,
    region: process.env.AWS_REGION!,
    root: { accessKeyId: process.env.AWS_ACCESS_KEY_ID!, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY! },
    repository: GITHUB_REPOSITORY,
    secret: GITHUB_SECRET,
    webhookOf: 'repository',
  });
  const { developer } = github;
  const app = await anApp('github', 'dev', { ensure: async () => developer.gitUrl(GITHUB_REPOSITORY) });
  const webhook = localUrl(app.platform.gitHubWebhookUrl!, endpoint);
  await github.sendEventsTo(webhook);
  const { SecretString } = await secretsManagerClient().send(new GetSecretValueCommand({ SecretId: GITHUB_SECRET }));
  const [secret = ''] = GitHubSecret.parse(JSON.parse(SecretString!)).webhookSecrets;

  const request = async (init: RequestInit, path = ''): Promise<Answered> => {
    const before = performance.now();
    const answer = await fetch(webhook + path, init);
    return { status: answer.status, text: await answer.text(), milliseconds: performance.now() - before };
  };
  return {
    ...app,
    developer,
    request,
    deliver(kind, payload) {
      const body = JSON.stringify(payload);
      const headers = {
        'content-type': 'application/json',
        'x-github-event': kind,
        'x-github-delivery': randomUUID(),
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      };
      return request({ method: 'POST', headers, body });
    },
    async redeliver(event) {
      const { path, all } = await readDeliveries(developer);
      const again = all.filter((delivery) => delivery.event === event);
      await Promise.all(again.map(({ id }) => developer.rest('POST', `${path}/${id}/attempts`)));
      return again.length;
    },
    async deliveries() {
      const { all } = await readDeliveries(developer);
      return all.map(({ event, action, status_code }) => `${event} ${action ?? ''} ${status_code}`);
    },
    async reconcile() {
      const lambda = lambdaClient({ answerWithin: 0 });
      const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
      const { FunctionName } = Functions.find(({ FunctionName: name }) => /TriggerWorkersReconcile/.test(name!))!;
      // Of this app only: other files of tests push to theirs meanwhile.
      const request = { FunctionName, Payload: JSON.stringify({ app: 'github' }) };
      const { Payload, FunctionError } = await lambda.send(new InvokeCommand(request));
      const answer = Buffer.from(Payload!).toString('utf8');
      if (FunctionError) throw new Error(answer);
      return JSON.parse(answer);
    },
  };
}

interface Delivered {
  readonly id: number;
  readonly event: string;
  readonly action: string | null;
  readonly status_code: number;
}

async function readDeliveries(developer: GitHubClient) {
  const hooks = `/repos/${GITHUB_REPOSITORY}/hooks`;
  const [hook] = await developer.rest<{ id: number }[]>('GET', hooks);
  const path = `${hooks}/${hook!.id}/deliveries`;
  return { path, all: await developer.rest<Delivered[]>('GET', `${path}?per_page=100`) };
}
