import { resolveConfig } from '../../lib/config/resolve-config';

const PLACE = { account: '111122223333', region: 'eu-central-1' };
const TOPIC = 'arn:aws:sns:eu-central-1:444455556666:on-call';
const resolve = (text: string) => resolveConfig(text, PLACE).alarms;
const problem = (text: string): string => {
  try {
    resolve(text);
    return 'no problem';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('alarms in seedbed.yml', () => {
  it.each(['', 'alarms:', 'alarms: {}'])('%j tells nobody yet', (text) => {
    expect(resolve(text)).toEqual({});
  });

  it('go to an address', () => {
    expect(resolve('alarms: { email: team@example.com }')).toEqual({ email: 'team@example.com' });
  });

  it('go to a topic of any account in the region', () => {
    expect(resolve(`alarms: { topic: "${TOPIC}" }`)).toEqual({ topic: TOPIC });
  });

  it('may name a topic of any region while that of the platform is not known', () => {
    const topic = TOPIC.replace('eu-central-1', 'us-east-1');
    const place = { account: '111122223333', region: '$' + '{Token[AWS.Region.4]}' };
    expect(resolveConfig(`alarms: { topic: "${topic}" }`, place).alarms).toEqual({ topic });
  });

  it.each([
    ['alarms: team@example.com', 'seedbed.yml, line 1: "alarms" is "team@example.com"; write its keys: email, topic'],
    ['alarms: { email: team }', '"alarms.email" is "team"; write an address'],
    ['alarms: { email: "a@b.de, c@d.de" }', '; write an address'],
    ['alarms: { email: [a@b.de] }', '; write an address'],
    ['alarms: { topic: on-call }', '"alarms.topic" is "on-call"; write the ARN of a standard topic'],
    [`alarms: { topic: "${TOPIC}.fifo" }`, 'write the ARN of a standard topic'],
    ['alarms: { topic: "arn:aws:sqs:eu-central-1:444455556666:on-call" }', 'write the ARN of a standard topic'],
    [
      `alarms: { topic: "${TOPIC.replace('eu-central-1', 'us-east-1')}" }`,
      '"alarms.topic" is in "us-east-1", but the platform and its alarms are in "eu-central-1"',
    ],
    [`alarms: { email: a@b.de, topic: "${TOPIC}" }`, '"alarms.email" is "a@b.de", but "alarms.topic" takes the alarms'],
    ['alarms: { mail: a@b.de }', 'unknown key "alarms.mail"'],
  ])('%s is refused', (text, message) => {
    expect(problem(text)).toContain(message);
  });
});
