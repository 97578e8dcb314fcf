import type { Reference } from '../contracts/settings';
import { toParts } from '../template/intrinsics';
import { isJsonObject, type Json } from '../text/canonical-json';
import { keyText, type Place, shown } from '../text/place';

/** What an alarm or a topic is named by; `either`: a logical id if the template has it, else a name. */
export type WrittenReference = Reference | { readonly either: string };

/** A reference that was read, or what is wrong with it. */
export type ReferenceReading = { readonly reference: WrittenReference } | { readonly message: string };

/**
 * Reads one of `alarms`, as the plug-in does: a text is a logical id of the template, a map holds the name of an alarm that
 * is there already.
 */
export function readAlarm(value: unknown, place: Place): ReferenceReading {
  const isNamed = isJsonObject(value as Json) && Object.hasOwn(value as object, 'name');
  const written = isNamed ? (value as { readonly name: unknown }).name : value;
  const id = refOf(written);
  if (id !== undefined) return { reference: { logicalId: id } };
  if (typeof written === 'string' && written !== '') {
    return { reference: isNamed ? { name: written } : { logicalId: written } };
  }
  const message = `"${keyText(place)}" is ${shown(value)}; write the logical id of an alarm of the template, or "name: " and the name of an alarm that is there already`;
  return { message };
}

const TOPIC_NAME = /^[\w-]{1,256}(\.fifo)?$/;
const TOPIC_ARN = /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/;
/** An ARN of the stack's own account and region, put together by CloudFormation; ` ` stands for what it fills in. */
const OWN_TOPIC_ARN = /^arn:(?:[\w-]+| ):sns:(?:[a-z0-9-]+| ):(?:\d{12}| ):([\w.-]+)$/;
const PSEUDO = ['AWS::Partition', 'AWS::Region', 'AWS::AccountId'];

/** Reads the topic of a trigger: its name or ARN, or a reference to a topic of the template. */
export function readTopic(value: unknown, place: Place): ReferenceReading {
  if (typeof value === 'string' && TOPIC_ARN.test(value)) return { reference: { name: value } };
  if (typeof value === 'string' && TOPIC_NAME.test(value)) return { reference: { either: value } };
  const id = refOf(value) ?? topicArnOf(value);
  if (id !== undefined) return { reference: { logicalId: id } };
  const text = toParts((value ?? null) as Json)
    .map((part) => (part.kind === 'text' ? part.text : part.kind === 'ref' && PSEUDO.includes(part.id) ? ' ' : '\n'))
    .join('');
  const [, name] = typeof value === 'object' ? (OWN_TOPIC_ARN.exec(text) ?? []) : [];
  if (name !== undefined) return { reference: { name } };
  const is = value === undefined ? 'is missing' : `is ${shown(value)}`;
  return {
    message: `"${keyText(place)}" ${is}; write the name or ARN of an SNS topic, or "Ref" and a topic of the template`,
  };
}

function refOf(value: unknown): string | undefined {
  if (!isJsonObject(value as Json)) return undefined;
  const parts = toParts(value as Json);
  const [part] = parts;
  return parts.length === 1 && part?.kind === 'ref' && !part.id.startsWith('AWS::') ? part.id : undefined;
}

function topicArnOf(value: unknown): string | undefined {
  const parts = toParts((value ?? null) as Json);
  const [part] = parts;
  return parts.length === 1 && part?.kind === 'att' && part.attribute === 'TopicArn' ? part.id : undefined;
}
