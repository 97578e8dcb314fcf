import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { FieldEntry, Fields, FieldType } from './fields';

type Database = ReturnType<typeof loadAwsServiceSpecSync>;
type Definition = ReturnType<Database['get']> & {
  readonly properties: Readonly<Record<string, { readonly type: Type; readonly required?: boolean }>>;
};
type Type = { readonly type: string; readonly reference?: { readonly $ref: string }; readonly element?: Type };

let loaded: Database | undefined;
/** It takes a second, and only some tests of a file may need it. */
function database(): Database {
  loaded ??= loadAwsServiceSpecSync();
  return loaded;
}

/**
 * What EventBridge's own registry of schemas (`aws.events`) says of an event, as the CDK's database of AWS has it.
 *
 * @param detailType such as `CodeBuild Build State Change`
 * @returns the fields of the event's detail
 * @throws Error if AWS has no such event
 */
export function registeredFields(source: string, detailType: string): Fields {
  const events = database().all('event');
  const event = events.find((each) => each.source === source && each.detailType === detailType);
  if (!event) throw new Error(`AWS's registry has no event "${detailType}" of ${source}`);
  return new Map(fieldsOfDefinition(event.rootProperty, ''));
}

function fieldsOfDefinition(reference: { readonly $ref: string }, at: string): readonly FieldEntry[] {
  const { properties } = database().get('eventTypeDefinition', reference) as Definition;
  return Object.entries(properties).flatMap(([name, { type, required = false }]) =>
    fieldsOfType(`${at}${name}`, type, required),
  );
}

function fieldsOfType(path: string, type: Type, required: boolean): readonly FieldEntry[] {
  if (type.reference) {
    return [[path, { type: 'object', required }], ...fieldsOfDefinition(type.reference, `${path}.`)];
  }
  if (type.element) return [[path, { type: 'array', required }], ...fieldsOfType(`${path}[]`, type.element, false)];
  const simple = type.type === 'integer' ? 'number' : (type.type as FieldType);
  return [[path, { type: simple, required }]];
}

/** @returns the paths of fields that the registry does not know, or knows to be of another type */
export const strangers = (fields: Fields, registered: Fields): readonly string[] =>
  [...fields].filter(([path, { type }]) => registered.get(path)?.type !== type).map(([path]) => path);

/** @returns the paths of fields that the registry requires of an event that has what is around them */
export const missing = (fields: Fields, registered: Fields): readonly string[] =>
  [...registered]
    .filter(([path, { required }]) => required && !fields.has(path) && hasParent(fields, path))
    .map(([path]) => path);

function hasParent(fields: Fields, path: string): boolean {
  const end = Math.max(path.lastIndexOf('.'), path.endsWith('[]') ? path.length - 2 : -1);
  return end < 0 || fields.has(path.slice(0, end));
}
