import { type ConfigProblem, keyText, type Place } from './place';

/** Of one list; whoever wrote a thousand entries of a kind wrote them with one mistake. */
const MOST_OF_A_LIST = 5;
/** Of a file: more fill the screen, and the first are out of sight. */
const MOST = 50;

/**
 * @param problems of one file, in the order in which to tell them
 * @returns as many as a person reads: the first of each list, and of the file, with how many more there are
 */
export function boundProblems<Problem extends ConfigProblem>(
  problems: readonly Problem[],
): readonly (Problem | ConfigProblem)[] {
  const lists = new Map<string, { readonly place: Place; count: number }>();
  const few = problems.filter(({ place }) => {
    const list = listOf(place);
    if (list === undefined) return true;
    const seen = lists.get(keyText(list)) ?? { place: list, count: 0 };
    lists.set(keyText(list), seen);
    seen.count += 1;
    return seen.count <= MOST_OF_A_LIST;
  });
  const more = [...lists.values()].flatMap(({ place, count }): ConfigProblem[] =>
    count <= MOST_OF_A_LIST
      ? []
      : [{ place, message: `"${keyText(place)}" has ${count - MOST_OF_A_LIST} more such problems` }],
  );
  const left = few.length + more.length - MOST;
  if (left <= 0) return [...few, ...more];
  const shown = [...few, ...more].slice(0, MOST);
  return [...shown, { place: [], message: `and ${left} more problems; mend these first` }];
}

/** @returns the list that a place is in, the outermost if there are several. */
function listOf(place: Place): Place | undefined {
  const index = place.findIndex((part) => typeof part === 'number');
  return index < 0 ? undefined : place.slice(0, index);
}
