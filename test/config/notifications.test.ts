import { resolveConfig } from '../../lib/config/resolve-config';

const PLACE = { account: '111122223333', region: 'eu-central-1' };
const resolve = (text: string) => resolveConfig(text, PLACE).notifications;
const problem = (text: string): string => {
  try {
    resolve(text);
    return 'no problem';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('notifications in seedbed.yml', () => {
  it('are none unless written', () => {
    expect(resolve('')).toEqual([]);
    expect(resolve('notifications:')).toEqual([]);
  });

  it('name a secret; the rest has defaults', () => {
    expect(resolve('notifications: [{ webhook: seedbed/hook }]')).toEqual([
      { webhook: 'seedbed/hook', format: 'json', on: ['succeeded', 'failed', 'aborted'] },
    ]);
  });

  it('choose format, statuses, apps and stages', () => {
    const text = 'notifications: [{ webhook: a, format: slack, on: [failed], apps: [shop], stages: [prod, "pr-*"] }]';
    expect(resolve(text)).toEqual([
      { webhook: 'a', format: 'slack', on: ['failed'], apps: ['shop'], stages: ['prod', 'pr-*'] },
    ]);
  });

  it.each([
    [
      'notifications: { webhook: a }',
      'seedbed.yml, line 1: "notifications" is {"webhook":"a"}; write a list of webhooks',
    ],
    ['notifications: [{}]', '"notifications[0].webhook" is missing; write the name of a secret'],
    ['notifications: [{ webhook: "https://x.y/z?a" }]', 'write the name of a secret in AWS Secrets Manager'],
    ['notifications: [{ webhook: a, format: teams }]', '"notifications[0].format" is "teams"; write json or slack'],
    ['notifications: [{ webhook: a, on: [done] }]', 'write a list of statuses: waiting, running, succeeded'],
    ['notifications: [{ webhook: a, stages: prod }]', 'write a list of names or globs of stages'],
    ['notifications: [{ webhook: a, when: x }]', 'unknown key "notifications[0].when"'],
    [
      'notifications: [{ webhook: a }, { webhook: a, on: [running] }]',
      '"notifications[1].webhook" is "a" with format json, as "notifications[0]" is; put both into one entry',
    ],
    [
      `notifications: [${Array.from({ length: 60 }, (_, index) => `{ webhook: hook-${index} }`)}]`,
      '"notifications" is too long; write fewer webhooks',
    ],
  ])('%s is refused', (text, message) => {
    expect(problem(text)).toContain(message);
  });
});
