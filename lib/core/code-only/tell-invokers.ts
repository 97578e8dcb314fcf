import type { Target } from '../contracts/release';

/** What invokes a function itself, so not its alias, as far as Lambda knows of it. */
export type PlainInvoker =
  /** A queue, stream or the like, by its ARN, that Lambda reads. */
  | { readonly kind: 'event-source'; readonly id: string; readonly source: string }
  /** A statement of its policy: who may invoke it, such as events.amazonaws.com, and for which source. */
  | { readonly kind: 'permission'; readonly id: string; readonly principal: string; readonly source?: string }
  | { readonly kind: 'url'; readonly url: string };

/** As many as a person reads of one function. */
const MOST = 5;

/**
 * What invokes a function and not its alias gets new code as soon as it is put in place: before traffic shifts, and
 * also if the release fails. Only whoever made it can change that.
 *
 * @returns what to tell of a function; nothing if nothing is known to invoke it
 */
export function tellInvokers(
  name: string,
  invokers: readonly PlainInvoker[],
  {
    alias,
    target: { account, region },
  }: { readonly alias: string; readonly target: Pick<Target, 'account' | 'region'> },
): readonly string[] {
  if (invokers.length === 0) return [];
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const arn = `arn:${partition}:lambda:${region}:${account}:function:${name}:${alias}`;
  const shown = invokers.slice(0, MOST).map(inWords);
  const more = invokers.length > MOST ? `; and ${invokers.length - MOST} more` : '';
  return [
    `function "${name}" is invoked without its alias, so no shift and no rollback of the alias reaches what comes from: ` +
      `${shown.join('; ')}${more}. Where they are made, name ${arn} instead of the function (Terraform: the ARN of an ` +
      `aws_lambda_alias, or "qualifier = \\"${alias}\\"" of a permission or URL)`,
  ];
}

function inWords(invoker: PlainInvoker): string {
  switch (invoker.kind) {
    case 'event-source':
      return `event source mapping ${invoker.id} of ${invoker.source}`;
    case 'permission':
      return `${invoker.principal}${invoker.source ? ` for ${invoker.source}` : ''} (statement "${invoker.id}" of its policy)`;
    case 'url':
      return `its URL ${invoker.url}`;
  }
}
