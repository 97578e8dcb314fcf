import { readEnv } from '../../lib/config/environment';

describe('readEnv', () => {
  it('reads exactly the named variables', () => {
    expect(readEnv(['TABLE'], { TABLE: 't', OTHER: 'x' })).toEqual({ TABLE: 't' });
  });

  it('names every variable that is missing or empty', () => {
    expect(() => readEnv(['A', 'B', 'C'], { A: 'a', B: '' })).toThrow('environment variable not set: B, C');
  });
});
