import type { Template } from '../template/template';
import type { NamedFunction } from './name-functions';

/** @returns functions as a template has them: what looks at the code of functions need not know who made them. */
export const describeFunctions = (functions: readonly NamedFunction[]): Template => ({
  Resources: Object.fromEntries(
    functions.map(({ name, runtime, architecture, handler }) => [
      name,
      {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: name,
          Runtime: runtime,
          Architectures: [architecture],
          ...(handler !== undefined && { Handler: handler }),
        },
      },
    ]),
  ),
});
