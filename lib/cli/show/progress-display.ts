import type { WriteStream } from 'node:tty';
import type { ReleaseView } from './follow-release';
import { type Paint, paintFor } from './paint';
import { renderNews, renderRunning, renderStepChanges } from './render-release';

const FRAME = 100;
/** Erase from the start of this line to the end of the screen. */
const ERASE = '\r\u001b[J';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** Shows a release while it runs. */
export interface ProgressDisplay {
  /** Shows a new reading. */
  readonly show: (view: ReleaseView) => void;
  /** Leaves the lines of what has happened, and removes those that were moving. */
  readonly close: () => void;
}

/**
 * On a terminal, what is running moves below the lines of what has happened; anywhere else every change is a line.
 * @param stream where to; standard error if standard output is for programs
 */
export function progressDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? terminalDisplay(stream) : lineDisplay(stream);
}

function lineDisplay(stream: NodeJS.WritableStream): ProgressDisplay {
  let before: ReleaseView | undefined;
  return {
    show(view) {
      const lines = [...renderNews(before, view), ...renderStepChanges(before, view)];
      before = view;
      if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
    },
    close: () => undefined,
  };
}

/** @returns as many lines as a screen has, the last one telling how many more there are. */
const fitToHeight = (lines: readonly string[], height: number): readonly string[] =>
  lines.length <= height ? lines : [...lines.slice(0, height - 1), `  and ${lines.length - height + 1} more`];

function terminalDisplay(stream: WriteStream): ProgressDisplay {
  const paint: Paint = paintFor(stream);
  let view: ReleaseView | undefined;
  let count = 0;
  let drawn = 0;
  let closed = false;
  const draw = (news: readonly string[]) => {
    const frame = { now: Date.now(), width: stream.columns || 80, count };
    // A block taller than the screen cannot be drawn over.
    const running = view ? fitToHeight(renderRunning(view, frame, paint), Math.max(1, (stream.rows || 24) - 2)) : [];
    const up = drawn > 0 ? `\u001b[${drawn}A` : '';
    stream.write(up + ERASE + [...news, ...running].map((line) => `${line}\n`).join(''));
    drawn = running.length;
  };
  const timer = setInterval(() => {
    count += 1;
    draw([]);
  }, FRAME);
  timer.unref();
  const showCursor = () => stream.write(SHOW_CURSOR);
  process.once('exit', showCursor);
  stream.write(HIDE_CURSOR);

  return {
    show(next) {
      const news = renderNews(view, next, { paint, width: stream.columns || 80 });
      view = next;
      draw(news);
    },
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      view = undefined;
      draw([]);
      showCursor();
      process.removeListener('exit', showCursor);
    },
  };
}
