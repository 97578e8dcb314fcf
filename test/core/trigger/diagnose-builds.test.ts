import type { Architecture } from '../../../lib/core/contracts/architecture';
import { buildMachine, type MachineSettings, type ProjectEnvironment } from '../../../lib/core/contracts/build-machine';
import type { BuildQuota } from '../../../lib/core/contracts/build-quota';
import { diagnoseBuilds } from '../../../lib/core/trigger/diagnose-builds';

const on = (compute: MachineSettings['compute'], architecture?: Architecture): ProjectEnvironment => ({
  ...buildMachine({ compute, architecture, docker: false }),
  variables: architecture === undefined ? [] : ['SEEDBED_BUILD_ARCHITECTURE'],
});
const quota = (machine: string, value: number, code = 'L-1'): BuildQuota => ({
  name: `Concurrently running builds for ${machine} environment`,
  code,
  value,
});
const diagnose = (
  machines: Readonly<Record<string, ProjectEnvironment>>,
  quotas: readonly BuildQuota[] | undefined,
  architectures: Readonly<Record<string, readonly Architecture[]>> = {},
) =>
  diagnoseBuilds(Object.keys(machines), {
    machines: new Map(Object.entries(machines)),
    architectures: new Map(Object.entries(architectures)),
    quotas,
  });

it.each([
  ['Linux/Small', on('small')],
  ['Linux/Medium', on('medium')],
  ['Linux/Large', on('large', 'x86_64')],
  ['ARM/Small', on('small', 'arm64')],
  ['ARM/Large', on('large', 'arm64')],
  ['Linux Lambda/4GB', on('lambda')],
  ['ARM Lambda/4GB', on('lambda', 'arm64')],
])('finds the quota of %s among others', (name, machine) => {
  const others = [
    quota('Windows/Medium', 0),
    quota('Linux GPU Small', 0),
    { name: 'Build projects', code: '', value: 0 },
  ];
  expect(diagnose({ dev: machine }, [...others, quota(name, 7)])).toEqual([
    { check: 'builds', level: 'ok', message: `the account may run 7 builds at once on ${name} (stage dev)` },
  ]);
});

it('fails where the account may run none, with how to get more and what to do until then', () => {
  expect(diagnose({ dev: on('medium') }, [quota('Linux/Medium', 0, 'L-2DC20C30')])).toEqual([
    {
      check: 'builds',
      level: 'fail',
      message: 'the account may run no build on Linux/Medium (stage dev): releases fail at their first build',
      fix: expect.stringMatching(/ --quota-code L-2DC20C30 .*"build\.compute"/),
    },
  ]);
});

it('warns where one build waits for another', () => {
  expect(diagnose({ dev: on('medium'), prod: on('medium') }, [quota('Linux/Medium', 1, 'L-2')])).toEqual([
    {
      check: 'builds',
      level: 'warn',
      message:
        'the account may run one build at a time on Linux/Medium (stages dev, prod): services wait for each other',
      fix: expect.stringContaining('--quota-code L-2 '),
    },
  ]);
});

it('judges each kind of machine by its own quota', () => {
  const machines = { dev: on('small'), qa: on('large', 'arm64'), prod: on('small') };
  const findings = diagnose(machines, [quota('Linux/Small', 0), quota('ARM/Large', 5)]);
  expect(findings.map(({ level, message }) => [level, /\(.*?\)/.exec(message)?.[0]])).toEqual([
    ['fail', '(stages dev, prod)'],
    ['ok', '(stage qa)'],
  ]);
});

it('says that it does not know, where no quota has that name or none may be read', () => {
  const level = 'warn';
  expect(diagnose({ dev: on('medium', 'arm64') }, [quota('ARM/Large', 20)])).toMatchObject([
    {
      level,
      message: expect.stringMatching(/not known: Service Quotas gives no value of ".* ARM\/Medium environment"/),
    },
  ]);
  expect(diagnose({ dev: on('medium') }, undefined)).toMatchObject([
    { level, message: expect.stringMatching(/not known: the platform may not read Service Quotas/) },
  ]);
  const strange = { ...on('medium'), type: 'MAC_ARM' };
  expect(diagnose({ dev: strange }, [quota('Linux/Medium', 20)])).toMatchObject([{ level }]);
});

it('fails for stages without a project', () => {
  const readings = {
    machines: new Map([['dev', on('small')]]),
    architectures: new Map(),
    quotas: [quota('Linux/Small', 20)],
  };
  expect(diagnoseBuilds(['dev', 'prod'], readings)).toMatchObject([
    { level: 'fail', message: 'CodeBuild has no project for stage prod' },
    { level: 'ok' },
  ]);
});

describe('builds that follow the functions that were deployed last', () => {
  const machines = { dev: on('medium'), qa: on('medium'), prod: on('medium', 'x86_64') };
  const architectures = { dev: ['arm64', 'arm64', 'x86_64'], qa: ['x86_64'], prod: ['arm64'] } as const;
  const find = (value: number) =>
    diagnose(machines, [quota('Linux/Medium', 20), quota('ARM/Medium', value, 'L-3')], architectures).slice(1);

  it('are looked at where they do, and not where an architecture is written', () => {
    expect(find(5)).toEqual([
      { check: 'builds', level: 'ok', message: 'the account may run 5 builds at once on ARM/Medium (stage dev)' },
    ]);
    expect(find(1)).toMatchObject([
      { level: 'warn', message: expect.stringContaining('one build at a time on ARM/Medium') },
    ]);
  });

  it('are not told of where their quota is not known', () => {
    expect(diagnose(machines, [quota('Linux/Medium', 20)], architectures)).toHaveLength(1);
  });

  it('run on the stage’s machine where the account may run none, which is no fault', () => {
    expect(find(0)).toEqual([
      {
        check: 'builds',
        level: 'warn',
        message:
          'the account may run no build on ARM/Medium, which functions of stage dev have: they are built on the ' +
          "stage's machine, and native code is refused",
        fix: expect.stringContaining('--quota-code L-3'),
      },
    ]);
  });
});
