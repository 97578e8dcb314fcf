import { plainText } from '../../../lib/core/notices/plain-text';
import { summarise } from '../../../lib/core/notices/summary';
import { releaseEvent } from '../../../lib/core/record/release-event';
import type { Topic } from '../../../lib/ports/topic';
import type { Destination } from './destination';

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: less than 100 characters, all ASCII. */
const LONGEST_SUBJECT = 99;

/** The topic that anybody may subscribe to: each status of a release, as its event tells it. */
export const topic = (releases: Topic): Destination => ({
  name: 'topic',
  async tell({ view: { record, services }, notice }) {
    const { release, status } = record;
    if (notice.told[this.name] === status) return undefined;
    const subject = `${release.app} ${release.stage}: ${status} (${summarise(record, services)})`;
    const ascii = subject.replace(/…/g, '...').replace(/[^\x20-\x7e]/g, '?');
    await releases.publish({
      subject: plainText(ascii, LONGEST_SUBJECT).replace('…', '?'),
      text: JSON.stringify(releaseEvent(record, services)),
      attributes: { app: release.app, stage: release.stage, status, trigger: release.trigger.type },
    });
    return status;
  },
});
