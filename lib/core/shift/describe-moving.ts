import type { StartedShift } from '../contracts/started-shift';

/** @returns how far the functions of a shift are, a line each */
export const describeMoving = ({ functions }: StartedShift): readonly string[] =>
  functions.map(
    ({ logicalId, allowed }) => `${logicalId}: moving${allowed.length > 0 ? `, passed ${allowed.join(' and ')}` : ''}`,
  );
