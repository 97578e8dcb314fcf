import { boundText } from '../text/bound-text';
import { plainText } from './plain-text';
import { linkTo, type ReleaseView, type StageView } from './stage-view';
import { summarise } from './summary';

/** Of a section's text: https://docs.slack.dev/reference/block-kit/blocks/section-block */
const LONGEST_TEXT = 3_000;
const COMMIT = 7;

/** @returns a message for an incoming webhook of Slack, or of anything compatible with it. */
export function slackMessage({ record, services }: ReleaseView, view: Pick<StageView, 'hasConsole'>) {
  const { release, status, error } = record;
  const title = `${release.app} → ${release.stage}: ${titleOf(record)}`;
  const summary = summarise(record, services);
  const link = linkTo(record, view);
  const by = release.trigger.by ? [`by ${plainText(release.trigger.by, 100)}`] : [];
  const of = release.branch ?? release.tag;
  const facts = [`commit ${release.commit.slice(0, COMMIT)}${of ? ` of ${plainText(of, 100)}` : ''}`, ...by];
  const context = [...facts.map(safe), ...(link ? [`<${link}|execution>`] : [])].join(' · ');
  const details = status === 'failed' && error ? [section(`\`\`\`${inCode(error.message)}\`\`\``)] : [];
  return {
    text: safe(`${title} (${summary})`),
    blocks: [
      section(`*${safe(title)}*\n${safe(summary)}`),
      ...details,
      { type: 'context', elements: [{ type: 'mrkdwn', text: context }] },
    ],
  };
}

const titleOf = ({ status, release }: ReleaseView['record']): string => (release.remove ? `removal ${status}` : status);

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

/**
 * Without these no text can name a channel, a person or a link:
 * https://docs.slack.dev/messaging/formatting-message-text
 */
const safe = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('*', '∗')
    .replaceAll('`', 'ˋ');

/** Escapes may be five times as long as what they stand for. */
const inCode = (text: string): string => safe(boundText(text, LONGEST_TEXT / 6));
