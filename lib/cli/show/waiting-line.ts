import { renderSeconds } from '../../core/text/seconds';
import { paintFor } from './paint';
import { fitToWidth } from './text-width';

/** A piece of work that takes a while and has nothing to show but that it goes on. */
export interface WaitingLine {
  /** Shows the last line that the work printed; on a terminal only. */
  readonly note: (line: string) => void;
  /** Leaves a line that tells how long it took. */
  readonly done: () => void;
  /** Takes the line away: something else tells what happened. */
  readonly close: () => void;
}

const FRAME = 100;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** @param text what goes on, such as `deploying the platform` */
export function waitingLine(stream: NodeJS.WriteStream, text: string): WaitingLine {
  const begun = performance.now();
  const paint = paintFor(stream);
  const took = () => renderSeconds(performance.now() - begun);
  let last = '';
  let count = 0;
  if (!stream.isTTY) {
    stream.write(`${text} …\n`);
    return { note: () => undefined, done: () => void stream.write(`${text}: ${took()}\n`), close: () => undefined };
  }
  const draw = () => {
    count += 1;
    const room = Math.max(0, (stream.columns || 80) - text.length - 14);
    const spinner = paint.cyan(SPINNER[count % SPINNER.length]!);
    stream.write(`\r\u001b[K${spinner} ${text} ${took()}  ${paint.dim(fitToWidth(last, room))}`);
  };
  const timer = setInterval(draw, FRAME);
  timer.unref();
  draw();
  const clear = () => {
    clearInterval(timer);
    stream.write('\r\u001b[K');
  };
  return {
    note: (line) => {
      last = line.trim() || last;
    },
    done: () => {
      clear();
      stream.write(`${paint.green('✔')} ${text} ${took()}\n`);
    },
    close: clear,
  };
}
