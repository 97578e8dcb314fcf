import { paintFor } from '../../../lib/cli/show/paint';

const TERMINAL = { isTTY: true };

describe('colours', () => {
  it('are there on a terminal, and end where the text ends', () => {
    const { red, dim } = paintFor(TERMINAL, {});
    expect(red('failed')).toBe('\u001b[31mfailed\u001b[39m');
    expect(dim('skip')).toBe('\u001b[2mskip\u001b[22m');
  });

  it('leave an empty text empty', () => {
    expect(paintFor(TERMINAL, {}).bold('')).toBe('');
  });

  it.each<[string, { isTTY?: boolean }, NodeJS.ProcessEnv]>([
    ['in a file or a pipe', {}, {}],
    ['in a file or a pipe, even if FORCE_COLOR is set', {}, { FORCE_COLOR: '1' }],
    ['with NO_COLOR', TERMINAL, { NO_COLOR: '1' }],
    ['on a terminal that knows none', TERMINAL, { TERM: 'dumb' }],
  ])('are left out %s', (_, stream, env) => {
    expect(paintFor(stream, env).red('failed')).toBe('failed');
  });
});
