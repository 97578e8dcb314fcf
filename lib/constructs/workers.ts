import type { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { constructName, kebabName, type WorkerDeclarations } from '../core/contracts/worker-declaration';
import type { PlatformRights } from './platform-rights';
import { Worker } from './worker';

export interface WorkersProps<Declarations extends WorkerDeclarations> {
  readonly declarations: Declarations;
  /** The code of all workers. */
  readonly code: Code;
  /** The values of all variables that workers declare. */
  readonly variables: Readonly<Record<string, string>>;
  readonly rights: PlatformRights;
}

/**
 * The workers of a step, made of what is declared of them: each with its own role, which has the rights that it
 * declares.
 */
export class Workers<Declarations extends WorkerDeclarations> extends Construct {
  /** By their keys. */
  readonly all: { readonly [Key in keyof Declarations]: Worker };

  constructor(scope: Construct, id: string, { declarations, code, variables, rights }: WorkersProps<Declarations>) {
    super(scope, id);
    const workers = Object.entries(declarations).map(([key, declaration]) => {
      const worker = new Worker(this, constructName(key), { declaration, module: kebabName(key), code, variables });
      rights.grant(worker, declaration.rights);
      return [key, worker] as const;
    });
    this.all = Object.fromEntries(workers) as typeof this.all;
  }
}
