import { WORKER_GROUPS, type WorkerGroup } from '../../lambdas/workers';
import { constructName } from '../core/contracts/worker-declaration';

/** A role of the platform's, by the path of its construct, and why it has what it has. */
type Row = readonly [role: string, purpose: string];

const BUILDS: Row = ['SeedbedApps/Builds', 'One for each configured stage: builds, see above.'];
/** The roles that are no worker's. */
const OTHERS: readonly Row[] = [
  [
    'Seedbed/Release/StateMachine',
    'Invokes its workers, starts `ServiceRelease` and `Watcher`; writes what it waits for.',
  ],
  [
    'Seedbed/ServiceRelease/StateMachine',
    'Invokes its workers; writes what it waits for, and nothing else, into the table.',
  ],
  ['Seedbed/Watcher/StateMachine', 'Invokes its worker.'],
  [
    'SeedbedTarget/Roles/Deploy',
    'Assumed by workers of the platform alone, with the external id: stacks, functions, CodeDeploy; keys through Lambda alone.',
  ],
  [
    'SeedbedTarget/Roles/CloudFormation',
    "CloudFormation's, administrator as the one of `cdk bootstrap` unless `executionPolicies` say otherwise, and never over what is the platform's.",
  ],
  [
    'SeedbedTarget/Roles/CodeDeploy',
    "CodeDeploy's: moves aliases, calls the platform's hook functions, reads alarms; uses keys of topics.",
  ],
  [
    'SeedbedTarget/Builds',
    'One for each configured stage that lives there: what packager and hooks work with, see above.',
  ],
  ['SeedbedTarget/Removal', "Empties buckets of stacks that go; never the platform's or the CDK's own."],
];

/** @returns the table of all roles in docs/security.md: those of the workers as they are declared, and the others. */
export function rolesTable(): string {
  const rows = [BUILDS, ...WORKER_GROUPS.flatMap(rowsOf), ...OTHERS];
  return [
    '| role | why it has what it has |',
    '| --- | --- |',
    ...rows.map(([role, why]) => `| \`${role}\` | ${why} |`),
  ].join('\n');
}

function rowsOf({ path, workers, called }: WorkerGroup): readonly Row[] {
  return Object.entries(workers).flatMap(([key, { purpose }]) =>
    (called ?? [constructName(key)]).map((name): Row => [`${path}/${name}`, purpose]),
  );
}
