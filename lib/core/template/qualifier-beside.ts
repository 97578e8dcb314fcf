/**
 * Whether a function's name in a JSON text is that of a call whose version or alias is the property `Qualifier` of the
 * same object. Braces within strings are taken for those of objects: good enough for definitions of state machines.
 *
 * @param preceding what stands before the name, at least from the beginning of the object
 * @param following what stands behind it
 */
export function hasQualifierBeside(preceding: string, following: string): boolean {
  if (!/"FunctionName"\s*:\s*"$/.test(preceding)) return false;
  const start = bracketOf(preceding, preceding.length - 1, -1);
  const end = bracketOf(following, 0, 1);
  const object = preceding.slice(start + 1) + following.slice(0, end);
  return /"Qualifier(\.\$)?"\s*:/.test(withoutInner(object));
}

/** @returns the position of the brace that opens (going back) or closes (going on) the object that `from` is in. */
function bracketOf(text: string, from: number, step: 1 | -1): number {
  const [opening, closing] = step === 1 ? ['{', '}'] : ['}', '{'];
  let depth = 0;
  for (let at = from; at >= 0 && at < text.length; at += step) {
    if (text[at] === opening) depth++;
    if (text[at] === closing && depth-- === 0) return at;
  }
  return step === 1 ? text.length : -1;
}

/** @returns an object's text without the objects within it. */
function withoutInner(text: string): string {
  const next = text.replaceAll(/\{[^{}]*\}/g, '');
  return next === text ? text : withoutInner(next);
}
