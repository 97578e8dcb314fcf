import { DisableRuleCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import type { LocalCloud } from '../../lib/local/local-cloud';

/**
 * Disables every rule with a schedule: sweep and reconciliation would run in the middle of whatever a test is doing.
 * Tests that want them invoke their workers.
 */
export async function stopSchedules({ endpoint, region, root: credentials }: LocalCloud): Promise<void> {
  const client = new EventBridgeClient({ endpoint, region, credentials });
  const { Rules = [], NextToken } = await client.send(new ListRulesCommand({ Limit: 100 }));
  const scheduled = Rules.filter(({ ScheduleExpression }) => ScheduleExpression);
  if (NextToken || scheduled.length === 0) throw new Error(`${scheduled.length} schedules found, and maybe more`);
  await Promise.all(scheduled.map(({ Name }) => client.send(new DisableRuleCommand({ Name }))));
}
