import { NO_STAGE_SHIFT, type StageShift } from '../../../lib/core/contracts/settings';
import { ALL_AT_ONCE, type Shift } from '../../../lib/core/contracts/shift';
import { effectiveShift } from '../../../lib/core/shift/effective-shift';

const canary = (percent: number, minutes: number): Shift => ({ kind: 'canary', percent, minutes });
const prod = (shift: Shift): { name: string; shift: StageShift } => ({
  name: 'prod',
  shift: { shift, mustBeGradual: false },
});

describe('the shift of a function', () => {
  it('is the floor of the stage if the app asks for nothing', () => {
    expect(effectiveShift(undefined, prod(canary(10, 5)))).toEqual({ shift: canary(10, 5) });
    expect(effectiveShift({}, prod(canary(10, 5)))).toEqual({ shift: canary(10, 5) });
  });

  it('is what the app asks for if that is as careful as the floor or more', () => {
    expect(effectiveShift({ shift: canary(10, 5) }, prod(canary(10, 5)))).toEqual({ shift: canary(10, 5) });
    expect(effectiveShift({ shift: canary(5, 10) }, prod(canary(10, 5)))).toEqual({ shift: canary(5, 10) });
  });

  it('is anything the app asks for in a stage without a floor', () => {
    const stage = { name: 'dev', shift: NO_STAGE_SHIFT };
    expect(effectiveShift({ shift: ALL_AT_ONCE }, stage)).toEqual({ shift: ALL_AT_ONCE });
    expect(effectiveShift({ shift: canary(99, 1) }, stage)).toEqual({ shift: canary(99, 1) });
  });

  it('is a problem if the app asks for less care than the floor, which names both and the fix', () => {
    const writtenAt = { file: 'services/api/serverless.yml', key: 'functions.hello.deploymentSettings.type' };
    expect(effectiveShift({ shift: ALL_AT_ONCE, writtenAt }, prod(canary(10, 5)))).toEqual({
      problem:
        'services/api/serverless.yml: "functions.hello.deploymentSettings.type" asks for all at once, but stage ' +
        '"prod" (seedbed.yml) demands at least 10 % for 5 minutes, then all; ask for a shift that is never ' +
        'faster, or remove the key to shift as the stage does',
    });
  });

  it('is a problem if neither is more careful than the other: the floor holds at every moment', () => {
    const asked = { shift: { kind: 'linear', percent: 10, minutes: 1 } } as const;
    expect(effectiveShift(asked, prod(canary(10, 5)))).toEqual({
      problem: expect.stringContaining('"shift" asks for 10 % every minute'),
    });
  });
});
