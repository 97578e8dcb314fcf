import { visitReferences } from '../template/intrinsics';
import type { Template } from '../template/template';
import { useInstead } from '../text/nearest';
import type { ConfigProblem } from '../text/place';

/**
 * Finds what refers to nothing: CloudFormation would refuse the template, after all of it was packaged.
 *
 * @param template as its transform has made it
 */
export function brokenReferences(template: Template): readonly ConfigProblem[] {
  const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters ?? {})]);
  const problems: ConfigProblem[] = [];
  const look = (section: 'Resources' | 'Outputs') => {
    for (const [name, value] of Object.entries(template[section] ?? {})) {
      visitReferences(value as never, (id) => {
        if (known.has(id) || id.startsWith('AWS::') || id === '') return;
        const hint = useInstead(id, [...known], { otherwise: 'correct it, or add what it names' });
        problems.push({
          place: [section, name],
          message: `${name} refers to "${id}", which the template does not have; ${hint}`,
        });
      });
    }
  };
  look('Resources');
  look('Outputs');
  return problems;
}
