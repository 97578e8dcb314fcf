import { DOOR_CALLS, type DoorCall, doorCalls, namedInPath, routeOf } from '../core/contracts/door';

/** Which command makes each call; commands choose app, stage and release by those that have none of their own. */
const COMMANDS: Readonly<Record<DoorCall, string>> = {
  startRelease: 'deploy',
  startRollback: 'rollback',
  cancelRelease: 'cancel',
  holdServices: 'stage hold',
  resumeServices: 'stage resume',
  removeStage: 'stage rm',
  previewRelease: 'plan',
  previewRollback: 'rollback --dry-run',
  diagnose: 'app doctor',
  listApps: 'all',
  readApp: 'all',
  listStages: 'all',
  readStage: 'status, stage list',
  listReleases: 'history, status',
  readRelease: 'all that follow a release',
  listServices: 'all that follow a release',
  listBuilds: 'logs',
  readProgress: 'all that follow a release',
  readServiceProgress: 'all that follow a release',
  listIgnored: 'history --ignored',
  listIgnoredOfNoApp: 'history --ignored',
  listCodeStorages: 'status',
};

/** @returns the table of the door's calls in docs/door.md. */
export function callsTable(): string {
  return ['| call | takes | command |', '| --- | --- | --- |', ...doorCalls().map(rowOf)].join('\n');
}

function rowOf(name: DoorCall): string {
  const { route, input } = DOOR_CALLS[name];
  const inPath = namedInPath(routeOf(name).path);
  const others = Object.keys(input.shape).filter((key) => !inPath.includes(key) && key !== 'by');
  return `| \`${route}\` | ${others.map((key) => `\`${key}\``).join(', ')} | ${COMMANDS[name]} |`;
}
