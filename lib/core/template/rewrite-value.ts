import { isJsonObject, type Json } from '../text/canonical-json';
import type { AliasTarget, Around, FunctionNames, Mention } from './function-names';
import { ifArguments, intrinsicOf } from './intrinsics';
import type { InvocationSite } from './invocation-sites';
import { TOKEN } from './value-text';

/** What rewriting needs to know and what it reports. */
export interface Rewriting {
  readonly names: FunctionNames;
  readonly form: InvocationSite['form'];
  /** Whether a Ref of the alias may stand here without making a circle of dependencies. */
  readonly mayReference: (target: AliasTarget, mention: { readonly literal: boolean }) => boolean;
  /**
   * Called for each place that goes to an alias now (or did before); `bySuffix` if nothing refers to the alias itself.
   */
  readonly onAlias: (target: AliasTarget, how: { readonly bySuffix: boolean; readonly literal: boolean }) => void;
}

/**
 * Points a value at the alias wherever it names a function: as a whole or within a longer text, in any nesting of Ref,
 * Fn::GetAtt, Fn::Sub, Fn::Join and Fn::If. An ARN becomes a Ref of the alias (whose value is the alias's ARN); a name
 * within a longer text gets the alias as a suffix. A version or alias that the user wrote is left as it is.
 *
 * @returns the new value, or the very same one if nothing in it changes
 */
export function rewriteValue(value: Json, rewriting: Rewriting): Json {
  return rewriting.form === 'document' && intrinsicOf(value) === undefined && typeof value === 'object'
    ? rewriteDocument(value, rewriting)
    : rewriteText(value, NOTHING, rewriting);
}

function rewriteDocument(value: Json, rewriting: Rewriting): Json {
  if (Array.isArray(value)) return value.map((element) => rewriteDocument(element, rewriting));
  const branches = ifArguments(value);
  if (branches !== undefined) {
    const [condition, yes, no] = branches;
    return { 'Fn::If': [condition, rewriteDocument(yes, rewriting), rewriteDocument(no, rewriting)] };
  }
  if (!isJsonObject(value) || intrinsicOf(value) !== undefined) return rewriteText(value, NOTHING, rewriting);
  // A call with a Qualifier of its own is of a version or alias that the user chose.
  const isQualified = value.Qualifier !== undefined || value['Qualifier.$'] !== undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      if (isQualified && key === 'FunctionName') return [key, child];
      const form = /^functionname(\.\$)?$/i.test(key) ? 'substitution' : 'document';
      return [key, child === undefined ? child : rewriteDocument(child, { ...rewriting, form })];
    }),
  );
}

const NOTHING: Around = { before: '', after: '' };

/** @param around the encoded text that this value is nested in */
function rewriteText(value: Json, around: Around, rewriting: Rewriting): Json {
  const { names } = rewriting;
  if (value === null || (typeof value !== 'string' && !isJsonObject(value))) return value;
  const branches = ifArguments(value);
  if (branches !== undefined) {
    const [condition, yes, no] = branches;
    return { 'Fn::If': [condition, rewriteText(yes, around, rewriting), rewriteText(no, around, rewriting)] };
  }
  const text = names.encode(value);
  let result = '';
  let end = 0;
  for (const mention of names.mentions(text, around)) {
    const rewritten = rewriteMention(text, mention, rewriting);
    result += rewriteBranches(text, [end, mention.start], around, rewriting) + rewritten.text;
    end = rewritten.end;
  }
  result += rewriteBranches(text, [end, text.length], around, rewriting);
  return result === text ? value : names.decode(result, value);
}

/** Rewrites the Fn::Ifs among the tokens of a stretch of `text`. */
function rewriteBranches(
  text: string,
  stretch: readonly [number, number],
  around: Around,
  rewriting: Rewriting,
): string {
  const { names } = rewriting;
  return text.slice(...stretch).replaceAll(new RegExp(TOKEN, 'g'), (token, offset: number) => {
    const part = names.part(token);
    if (part.kind !== 'other' || ifArguments(part.value) === undefined) return token;
    const start = stretch[0] + offset;
    const before = around.before + text.slice(0, start);
    const after = text.slice(start + token.length) + around.after;
    const value = rewriteText(part.value, { before, after }, rewriting);
    return value === part.value ? token : names.token({ kind: 'other', value });
  });
}

function rewriteMention(text: string, mention: Mention, rewriting: Rewriting): { text: string; end: number } {
  const { names, form, mayReference, onAlias } = rewriting;
  const { target, start, end, kind, qualifier, whole } = mention;
  const unchanged = { text: text.slice(start, end), end };
  const expected = kind === 'arn' || (mention.named && !(whole && form === 'document'));
  if (!expected || mention.home !== 'here') return unchanged;
  if (qualifier === target.aliasName) onAlias(target, { bySuffix: true, literal: mention.literal });
  const former = qualifier !== undefined && target.formerQualifiers.includes(qualifier);
  const rest = former ? end + 1 + qualifier.length : end;
  if ((qualifier !== undefined && !former) || rest > text.length) return unchanged;
  const bySuffix = !mayReference(target, mention) || (kind === 'name' && (!whole || form === 'substitution'));
  onAlias(target, { bySuffix, literal: mention.literal });
  const alias = names.token({ kind: 'ref', id: target.aliasId });
  return { text: bySuffix ? `${text.slice(start, end)}:${target.aliasName}` : alias, end: rest };
}
