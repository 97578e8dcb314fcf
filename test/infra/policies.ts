import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A call of AWS, as IAM sees it. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** Condition keys; one that is left out is not in the request. */
  readonly context?: Readonly<Record<string, string>>;
}

/** A statement of a role's policies. */
export interface RoleStatement {
  readonly effect: string;
  readonly actions: readonly string[];
  /** Actions that it is not about, where it is about all others. */
  readonly notActions?: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Resource = { readonly Type: string; readonly Properties?: Readonly<Record<string, Json>> };

const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
};
const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/**
 * The roles of synthesised stacks and what their own policies allow: allow and deny, wildcards, and the conditions that
 * we use. It knows no policies of resources, boundaries or organisations. Within an account those can only take away;
 * across accounts the resource's policy has to allow, too, which the local cloud judges.
 */
export class Policies {
  /** Statements by `<stack>/<construct path>` of the role. */
  readonly roles = new Map<string, RoleStatement[]>();
  readonly #templates = new Map<string, Record<string, Resource>>();
  readonly #exports = new Map<string, string>();

  constructor(stacks: readonly Stack[]) {
    const templates = stacks.map((stack) => [stack.stackName, Template.fromStack(stack).toJSON()] as const);
    for (const [stack, { Resources }] of templates) this.#templates.set(stack, Resources);
    for (const [stack, { Outputs = {} }] of templates)
      for (const { Value, Export } of Object.values(Outputs) as { Value: Json; Export?: { Name: string } }[])
        if (Export) this.#exports.set(Export.Name, this.#text(stack, Value));
    for (const stack of stacks) this.#read(stack);
  }

  /** @returns the text that stands for a resource's ARN. */
  arnOf = (stack: string, logicalId: RegExp): string => {
    const found = Object.keys(this.#templates.get(stack)!).filter((id) => logicalId.test(id));
    if (found.length !== 1) throw new Error(`${logicalId} is ${found.length} resources of ${stack}`);
    return `arn:${stack}/${found[0]}`;
  };

  /** @returns whether the role's policies allow the call */
  can(role: string, request: Request): boolean {
    const statements = this.roles.get(role);
    if (!statements) throw new Error(`there is no role ${role}; there are: ${[...this.roles.keys()].join(', ')}`);
    const applying = statements.filter((statement) => applies(statement, request));
    return applying.some(({ effect }) => effect === 'Allow') && !applying.some(({ effect }) => effect === 'Deny');
  }

  /** @returns all roles that may do it */
  whoCan = (request: Request): readonly string[] =>
    [...this.roles.keys()].filter((role) => this.can(role, request)).sort();

  #read(stack: Stack): void {
    const name = stack.stackName;
    const resources = this.#templates.get(name)!;
    const paths = new Map<string, string>();
    for (const construct of stack.node.findAll()) {
      const id = (construct as { logicalId?: string }).logicalId;
      if (id !== undefined && (construct as { cfnResourceType?: string }).cfnResourceType === 'AWS::IAM::Role')
        paths.set(stack.resolve(id), construct.node.path.replace(/\/Resource$/, ''));
    }
    const documents = (role: string, policy: Json) =>
      this.roles.get(role)!.push(...this.#statements(name, (policy as { Statement: Json }).Statement));
    for (const [id, { Type, Properties = {} }] of Object.entries(resources)) {
      if (Type !== 'AWS::IAM::Role') continue;
      const role = paths.get(id)!;
      this.roles.set(role, []);
      for (const { PolicyDocument } of list(Properties.Policies) as unknown as { PolicyDocument: Json }[])
        documents(role, PolicyDocument);
      for (const managed of list(Properties.ManagedPolicyArns)) {
        if (!this.#text(name, managed).endsWith(':policy/AdministratorAccess'))
          throw new Error(`${role}: nothing is known of the policy ${this.#text(name, managed)}`);
        documents(role, { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
      }
    }
    for (const { Type, Properties = {} } of Object.values(resources)) {
      if (Type !== 'AWS::IAM::Policy') continue;
      for (const { Ref } of list(Properties.Roles) as unknown as { Ref: string }[])
        documents(paths.get(Ref)!, Properties.PolicyDocument!);
    }
  }

  #statements(stack: string, statements: Json): RoleStatement[] {
    return (list(statements) as Record<string, Json>[]).map(
      ({ Effect, Action, NotAction, Resource, Condition, ...others }) => {
        for (const key of Object.keys(others))
          if (key !== 'Sid') throw new Error(`statements with ${key} are not known`);
        const texts = (value: Json | undefined) => list(value).map((one) => this.#text(stack, one as Json));
        return {
          effect: String(Effect),
          actions: NotAction === undefined ? texts(Action) : ['*'],
          notActions: texts(NotAction),
          resources: texts(Resource),
          conditions: (Condition ?? {}) as RoleStatement['conditions'],
        };
      },
    );
  }

  /** @returns a value as text; of what only AWS will know, a text that stands for it */
  #text(stack: string, value: Json): string {
    if (typeof value === 'string') return value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return String(value);
    const [[name, of]] = Object.entries(value) as [[string, Json]];
    if (name === 'Ref') return PSEUDO[String(of)] ?? `ref:${stack}/${of}`;
    if (name === 'Fn::GetAtt') {
      const [id, attribute] = of as [string, string];
      return attribute === 'Arn' ? `arn:${stack}/${id}` : `${attribute}:${stack}/${id}`;
    }
    if (name === 'Fn::Join') {
      const [between, parts] = of as [string, readonly Json[]];
      return parts.map((part) => this.#text(stack, part)).join(between);
    }
    if (name === 'Fn::ImportValue') return this.#exports.get(String(of)) ?? `import:${of}`;
    if (name === 'Fn::Sub') return String(of).replace(/\$\{(AWS::\w+)\}/g, (_, pseudo) => PSEUDO[pseudo] ?? pseudo);
    if (name === 'Fn::Select' || name === 'Fn::Split') return JSON.stringify(value);
    throw new Error(`${name} is not known`);
  }
}

function applies(
  { actions, notActions = [], resources, conditions }: RoleStatement,
  { action, resource, context = {} }: Request,
): boolean {
  return (
    actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    !notActions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    resources.some((pattern) => matches(pattern, resource)) &&
    Object.entries(conditions).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, context[key], list(wanted as Json).map(String))),
    )
  );
}

/**
 * A key that is not in the request fulfils no condition but the one that it is not there, and negated ones:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function holds(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  if (operator === 'Null') return wanted.includes(String(value === undefined));
  if (operator === 'ForAllValues:StringLike') return value === undefined || holds('StringLike', value, wanted);
  if (operator === 'StringNotEquals') return value === undefined || !wanted.includes(value);
  if (value === undefined) return false;
  if (operator === 'StringEquals' || operator === 'Bool') return wanted.includes(value);
  if (operator === 'StringLike' || operator === 'ArnLike') return wanted.some((pattern) => matches(pattern, value));
  throw new Error(`the condition ${operator} is not known`);
}

/** @returns whether a text is what a pattern with `*` and `?` says; a `/` is a character as any other */
const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[\\s\\S]*')
      .replaceAll('?', '[\\s\\S]')}$`,
  ).test(text);
