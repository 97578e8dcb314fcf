import { slackMessage } from '../../../lib/core/notices/slack-message';
import { aRelease } from '../../builders';

const EXECUTION = 'arn:aws:states:eu-central-1:123456789012:execution:Seedbed-Release:shop-dev-1';

describe('the message for Slack', () => {
  it('says what became of which release, of whom, and where to look', () => {
    const record = {
      release: aRelease(),
      status: 'succeeded' as const,
      executionArn: EXECUTION,
      finishedAt: '2026-01-02T03:04:46.678Z',
    };
    expect(slackMessage({ record, services: [] }, { hasConsole: true })).toEqual({
      text: 'shop → dev: succeeded (nothing to do, 41.0 s)',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: '*shop → dev: succeeded*\nnothing to do, 41.0 s' } },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: expect.stringMatching(/^commit bbbbbbb of main · by ada · <https:.*\|execution>$/),
            },
          ],
        },
      ],
    });
  });

  it('lets no text name a channel, a person or a link, or grow too long', () => {
    const nasty = '<!channel> <@U123> <https://evil.example|click> *bold* ```\n';
    const record = {
      release: aRelease({ branch: nasty, trigger: { type: 'push', id: 'x', by: nasty } }),
      status: 'failed' as const,
      error: { code: 'BuildFailed', message: nasty.repeat(500) },
    };
    const message = slackMessage({ record, services: [] }, { hasConsole: true });
    const texts = JSON.stringify(message);
    expect(texts).not.toMatch(/<[!@h]|evil\.example\|click>/);
    for (const block of message.blocks) if ('text' in block) expect(block.text.text.length).toBeLessThanOrEqual(3_000);
    expect(texts.match(/```/g)).toHaveLength(2);
  });
});
