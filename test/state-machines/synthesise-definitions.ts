import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnFunction, CfnVersion } from 'aws-cdk-lib/aws-lambda';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { resolveConfig } from '../../lib/config/resolve-config';
import { addSeedbed } from '../../lib/infra/seedbed-app';
import type { Definition } from './definition';
import { STATE_TABLE } from './definitions';
import { functionArn, stateMachineArn } from './state-machines';

/**
 * Makes the platform as `bin/app.ts` does, but bundles no code: that takes a child process and seconds, and no
 * definition depends on it.
 *
 * @returns the definitions by the names of their state machines; functions are known by the modules of their workers
 */
export const synthesiseDefinitions = (): Readonly<Record<string, Definition>> =>
  ofMachines((platform, machine) => definitionOf(platform, machine));

/** @returns of each state machine the logical ids of the functions that it calls, by its name */
export const synthesiseCalledFunctions = (): Readonly<Record<string, readonly string[]>> =>
  ofMachines((platform, machine) => {
    const text = JSON.stringify(platform.resolve(machine.definitionString));
    const versions = platform.node.findAll().filter((node) => node instanceof CfnVersion);
    const called = versions.filter((version) => text.includes(`"${platform.resolve(version.logicalId)}"`));
    return called.map((version) => platform.resolve(version.functionName).Ref as string).sort();
  });

function ofMachines<T>(make: (platform: Stack, machine: CfnStateMachine) => T): Readonly<Record<string, T>> {
  const outdir = mkdtempSync(join(tmpdir(), 'seedbed-definitions-'));
  try {
    const app = new App({ analyticsReporting: false, outdir, context: { 'aws:cdk:bundling-stacks': [] } });
    const place = { account: '111122223333', region: 'eu-central-1' };
    const config = resolveConfig('apps: {}', place);
    const { platform } = addSeedbed(app, { ...place, keep: false, config });
    const machines = platform.node.findAll().filter((node) => node instanceof CfnStateMachine);
    return Object.fromEntries(machines.map((machine) => [machine.stateMachineName!, make(platform, machine)]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const KNOWN = [CfnFunction, CfnVersion, CfnStateMachine, CfnGlobalTable];

function definitionOf(stack: Stack, machine: CfnStateMachine): Definition {
  const text: string | { readonly 'Fn::Join': [string, readonly unknown[]] } = stack.resolve(machine.definitionString);
  const parts = typeof text === 'string' ? [text] : text['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : onDeployment(stack, part))).join(''));
}

/** @returns what a reference will be, as the interpreter knows it */
function onDeployment(stack: Stack, reference: unknown): string {
  const { Ref, 'Fn::GetAtt': [id, attribute] = [Ref] } = reference as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  if (Ref === 'AWS::Partition') return 'aws';
  const found = stack.node.findAll().find((node) => {
    return KNOWN.some((kind) => node instanceof kind && stack.resolve(node.logicalId) === id);
  });
  if (found instanceof CfnGlobalTable) return STATE_TABLE;
  if (found instanceof CfnFunction && attribute === 'Arn') return functionArn(found.handler!.replace(/\.handler$/, ''));
  // Which version it is concerns none of these tests.
  if (found instanceof CfnVersion) {
    const { 'Fn::GetAtt': ofFunction, Ref: name } = stack.resolve(found.functionName);
    return onDeployment(stack, { 'Fn::GetAtt': ofFunction ?? [name, 'Arn'] });
  }
  if (found instanceof CfnStateMachine) return stateMachineArn(found.stateMachineName!);
  throw new Error(`what is ${JSON.stringify(reference)} in a definition?`);
}
