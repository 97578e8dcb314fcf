import type { Json } from '../text/canonical-json';
import { hasQualifierBeside } from './qualifier-beside';
import { resourcesOfType, type Template } from './template';
import { createValueText, OPEN, TOKEN, type ValueText } from './value-text';

/** A function and the alias that stands for it. */
export interface AliasTarget {
  readonly functionId: string;
  readonly aliasId: string;
  readonly aliasName: string;
  /** Qualifiers that mean the alias too: those of the framework's own alias, which ours takes the place of. */
  readonly formerQualifiers: readonly string[];
}

/** Account and region the stack lives in, as far as known: an ARN written out in full is ours only if it names them. */
export interface Home {
  readonly region?: string;
  readonly accountId?: string;
}

/** A place within an encoded text that names a function. */
export interface Mention {
  readonly target: AliasTarget;
  readonly start: number;
  readonly end: number;
  /** `arn`: Fn::GetAtt Arn; `name`: Ref or the literal name, as a whole or in an ARN that is put together here. */
  readonly kind: 'arn' | 'name';
  /** The version or alias written behind it: a literal, `dynamic` (also if it is a property beside it), or none. */
  readonly qualifier: string | undefined;
  /** Whether the ARN around a name is of this account and region. */
  readonly home: 'here' | 'elsewhere' | 'unknown';
  /** Whether it is all there is. */
  readonly whole: boolean;
  /**
   * Whether it is all there is (but for a qualifier), or what stands before it says that a function's name must follow.
   */
  readonly named: boolean;
  /** Whether it is written out, so that nothing refers to the function's resource. */
  readonly literal: boolean;
}

/** The text around a text that is nested in a longer one. */
export interface Around {
  readonly before: string;
  readonly after: string;
}

/** Finds the functions that a value names, in whatever spelling. */
export interface FunctionNames extends ValueText {
  readonly mentions: (text: string, around?: Around) => readonly Mention[];
  /** @returns what stands for a function, if it has the alias. */
  readonly target: (functionId: string) => AliasTarget | undefined;
}

const NAME = `(?:[A-Za-z0-9_-]|${TOKEN})+`;
const SEGMENT = `((?:[^:\\u0001\\u0002]|${TOKEN})*)`;
/**
 * How many characters on either side may say what a name is: looking at all of a long text each time takes too long.
 */
const NEAR = 2_000;
const BEFORE_NAME = /(?:(?:^|:)function:|"(?:FunctionName|functionName)(?:\.\$)?"\s*:\s*")$/;

/**
 * @param targets the functions to look for
 * @param home    where the stack lives
 */
export function createFunctionNames(template: Template, targets: readonly AliasTarget[], home: Home): FunctionNames {
  const values = createValueText();
  const byArn = new Map<string, AliasTarget>();
  const byName = new Map<string, AliasTarget>();
  const functions = new Map(resourcesOfType(template, 'AWS::Lambda::Function'));
  for (const target of targets) {
    const name = functions.get(target.functionId)?.Properties?.FunctionName;
    if (name !== undefined) byName.set(values.encode(name), target);
    byName.set(values.token({ kind: 'ref', id: target.functionId }), target);
    byArn.set(values.token({ kind: 'att', id: target.functionId, attribute: 'Arn' }), target);
    for (const value of namesCutOut(target.functionId)) byName.set(values.token({ kind: 'other', value }), target);
  }
  const pseudo = (id: string) => values.token({ kind: 'ref', id });
  const isHome = (segment: string, name: string, known: string | undefined): boolean | undefined => {
    if (segment === '' || segment === '*' || segment === pseudo(name)) return true;
    return segment.startsWith(OPEN) || known === undefined ? undefined : segment === known;
  };
  const arnPrefix = new RegExp(`arn:${SEGMENT}:lambda:${SEGMENT}:${SEGMENT}:function:$`);
  const homeOf = (before: string): Mention['home'] => {
    const arn = arnPrefix.exec(before);
    if (arn === null) return 'here';
    const found = [isHome(arn[2]!, 'AWS::Region', home.region), isHome(arn[3]!, 'AWS::AccountId', home.accountId)];
    if (found.includes(false)) return 'elsewhere';
    return found.includes(undefined) ? 'unknown' : 'here';
  };

  const scan = new RegExp(NAME, 'g');
  const tokenScan = new RegExp(TOKEN, 'g');
  const mentions = (text: string, { before, after }: Around = { before: '', after: '' }): readonly Mention[] => {
    const found: Mention[] = [];
    const near = (start: number, length: number): Around => ({
      before: (start < NEAR ? before.slice(-NEAR) : '') + text.slice(Math.max(0, start - NEAR), start),
      after:
        text.slice(start + length, start + length + NEAR) +
        (text.length < start + length + NEAR ? after.slice(0, NEAR) : ''),
    });
    const add = (target: AliasTarget, start: number, length: number, kind: Mention['kind']) => {
      const { before: preceding, after: following } = near(start, length);
      found.push({
        target,
        start,
        end: start + length,
        kind,
        qualifier: qualifierAt(following) ?? (hasQualifierBeside(preceding, following) ? 'dynamic' : undefined),
        whole: preceding === '' && following === '',
        named: isAlone(preceding, following) || BEFORE_NAME.test(preceding),
        home: homeOf(preceding),
        literal: text[start] !== OPEN,
      });
    };
    const isNamed = (start: number, length: number): boolean => {
      const { before: preceding, after: following } = near(start, length);
      return BEFORE_NAME.test(preceding) || isAlone(preceding, following) || length === text.length;
    };
    for (const { 0: word, index } of text.matchAll(scan)) {
      const target = byName.get(word);
      // A bare word that happens to be a function's name is one only where a name is expected.
      if (target !== undefined && isNamed(index, word.length)) {
        add(target, index, word.length, 'name');
        continue;
      }
      for (const { 0: token, index: offset } of word.matchAll(tokenScan)) {
        const named = byArn.get(token) ?? byName.get(token);
        if (named !== undefined) add(named, index + offset, token.length, byArn.has(token) ? 'arn' : 'name');
      }
    }
    return found;
  };
  return { ...values, mentions, target: (id) => targets.find(({ functionId }) => functionId === id) };
}

/** The function's name cut out of its ARN, as the CDK does; in all spellings. */
const namesCutOut = (functionId: string): readonly Json[] =>
  [[functionId, 'Arn'], `${functionId}.Arn`].flatMap((attribute): readonly Json[] =>
    [6, '6'].map((position) => ({ 'Fn::Select': [position, { 'Fn::Split': [':', { 'Fn::GetAtt': attribute }] }] })),
  );

/** Whether there is nothing but a name, or a name and its qualifier. */
const isAlone = (preceding: string, following: string): boolean =>
  preceding === '' && /^(:(\$LATEST|[A-Za-z0-9_-]+))?$/.test(following);

function qualifierAt(rest: string): string | undefined {
  const literal = /^:(\$LATEST|[A-Za-z0-9_-]+)/.exec(rest);
  if (literal !== null) return literal[1];
  return rest.startsWith(`:${OPEN}`) || rest.startsWith(':*') ? 'dynamic' : undefined;
}

/** @returns the value of a property if it is a literal string once put together. */
export function literalOf(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = createValueText().encode(value);
  return text.includes(OPEN) ? undefined : text;
}
