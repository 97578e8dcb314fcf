import * as z from 'zod';
import type { Reference } from '../contracts/settings';
import { toParts } from '../template/intrinsics';
import { isJsonObject, type Json } from '../text/canonical-json';

/** What an alarm or a topic is named by; `either`: a logical id if the template has it, else a name. */
export type WrittenReference = Reference | { readonly either: string };

/**
 * A reference may be an intrinsic function of CloudFormation, and what that comes to no schema of plain data can tell;
 * so code reads it.
 */
const reference = (read: (value: unknown) => WrittenReference | undefined, expected: string) =>
  z.unknown().transform((value, context): WrittenReference => {
    const found = read(value);
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });

/**
 * One of `alarms`, as the plug-in has it: a text is a logical id of the template, a map holds the name of an existing
 * alarm.
 */
export const WrittenAlarm = reference((value) => {
  const isNamed = isJsonObject(value) && Object.hasOwn(value, 'name');
  const written = isNamed ? value.name : value;
  const id = refOf(written);
  if (id !== undefined) return { logicalId: id };
  if (typeof written !== 'string' || written === '') return undefined;
  return isNamed ? { name: written } : { logicalId: written };
}, 'write the logical id of an alarm in the template, or "name: " and the name of an alarm that exists already');

const TOPIC_NAME = /^[\w-]{1,256}(\.fifo)?$/;
const TOPIC_ARN = /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/;
/** An ARN of the stack's own account and region, put together by CloudFormation; ` ` stands for what it fills in. */
const OWN_TOPIC_ARN = /^arn:(?:[\w-]+| ):sns:(?:[a-z0-9-]+| ):(?:\d{12}| ):([\w.-]+)$/;
const PSEUDO = ['AWS::Partition', 'AWS::Region', 'AWS::AccountId'];

/** The topic of a trigger: its name or ARN, or a reference to a topic of the template. */
export const WrittenTopic = reference((value) => {
  if (typeof value === 'string' && TOPIC_ARN.test(value)) return { name: value };
  if (typeof value === 'string' && TOPIC_NAME.test(value)) return { either: value };
  const id = refOf(value) ?? topicArnOf(value);
  if (id !== undefined) return { logicalId: id };
  const text = toParts((value ?? null) as Json)
    .map((part) => (part.kind === 'text' ? part.text : part.kind === 'ref' && PSEUDO.includes(part.id) ? ' ' : '\n'))
    .join('');
  const [, name] = typeof value === 'object' ? (OWN_TOPIC_ARN.exec(text) ?? []) : [];
  return name === undefined ? undefined : { name };
}, 'write the name or ARN of an SNS topic, or "Ref" and a topic of the template');

function refOf(value: unknown): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const [part, ...more] = toParts(value);
  return more.length === 0 && part?.kind === 'ref' && !part.id.startsWith('AWS::') ? part.id : undefined;
}

function topicArnOf(value: unknown): string | undefined {
  const [part, ...more] = toParts((value ?? null) as Json);
  return more.length === 0 && part?.kind === 'att' && part.attribute === 'TopicArn' ? part.id : undefined;
}
