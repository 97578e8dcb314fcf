/** What a text of the framework's configuration takes from another place of it, as `${self:…}`. */
export interface VariableRead {
  /** What is read: `provider.region`. */
  readonly address: string;
  /**
   * How: `dead` if a variable before it always has a value (`${opt:region, self:provider.region}`: a build gives both
   * options); `fallback` if one before it may have; `part` if it only helps to find a value; else `value`.
   */
  readonly as: 'value' | 'fallback' | 'part' | 'dead';
}

/** Begins a variable, or a reference of CloudFormation's, which has no source that is looked for. */
const OPEN = '${';
/** What always has a value: a build names stage and region to the framework. */
const ALWAYS_GIVEN = /^(opt:(stage|region)|sls:stage|aws:region)$/;
const SELF = /^self:\s*([^\s${}]+)$/;

/**
 * Reads as the framework does: https://www.serverless.com/framework/docs/guides/variables. What stands in quotes is
 * text, and a backslash before `$` makes it text, too.
 *
 * @param text of any value of the configuration
 * @returns in the order of the text
 */
export function variableReads(text: string): readonly VariableRead[] {
  return variablesIn(text).flatMap((variable) => readsOf(variable, undefined));
}

/** A variable: what is tried one after the other, each with the variables in it. */
interface Variable {
  readonly sources: readonly { readonly text: string; readonly parts: readonly Variable[] }[];
}

function readsOf({ sources }: Variable, within: 'part' | 'dead' | undefined): readonly VariableRead[] {
  const given = sources.findIndex(({ text }) => ALWAYS_GIVEN.test(text.replaceAll(/\s/g, '')));
  return sources.flatMap(({ text, parts }, index): readonly VariableRead[] => {
    const isDead = within === 'dead' || (given !== -1 && index > given);
    const address = SELF.exec(text.trim())?.[1];
    const as: VariableRead['as'] = isDead ? 'dead' : (within ?? (index > 0 ? 'fallback' : 'value'));
    return [
      ...(address === undefined ? [] : [{ address, as }]),
      ...parts.flatMap((part) => readsOf(part, isDead ? 'dead' : 'part')),
    ];
  });
}

function variablesIn(text: string): readonly Variable[] {
  const found: Variable[] = [];
  for (let at = text.indexOf(OPEN); at !== -1; at = text.indexOf(OPEN, at)) {
    if (text[at - 1] === '\\') {
      at += OPEN.length;
      continue;
    }
    const { variable, end } = variableAt(text, at + OPEN.length);
    found.push(variable);
    at = end;
  }
  return found;
}

/** @param from behind the opening brace */
function variableAt(text: string, from: number): { readonly variable: Variable; readonly end: number } {
  const sources: { text: string; parts: Variable[] }[] = [{ text: '', parts: [] }];
  let brackets = 0;
  let at = from;
  while (at < text.length) {
    const current = sources.at(-1)!;
    const sign = text[at]!;
    if (sign === '}') break;
    if (text.startsWith(OPEN, at)) {
      const { variable, end } = variableAt(text, at + OPEN.length);
      current.parts.push(variable);
      current.text += OPEN;
      at = end;
      continue;
    }
    const closing = sign === '"' || sign === "'" ? text.indexOf(sign, at + 1) : -1;
    if (closing !== -1) {
      current.text += text.slice(at, closing + 1);
      at = closing + 1;
      continue;
    }
    if (sign === '(') brackets++;
    if (sign === ')') brackets--;
    if (sign === ',' && brackets <= 0) sources.push({ text: '', parts: [] });
    else current.text += sign;
    at++;
  }
  return { variable: { sources }, end: at + 1 };
}
