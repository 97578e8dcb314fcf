/** Colours of what the commands print; each returns its text as it is where there are no colours. */
export type Paint = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

/** Select Graphic Rendition: how to begin and to end each. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

const paintWith = (paint: (text: string, codes: readonly [number, number]) => string): Paint =>
  Object.fromEntries(
    Object.entries(CODES).map(([name, codes]) => [name, (text: string) => paint(text, codes)]),
  ) as Paint;

/** No colours. */
export const PLAIN: Paint = paintWith((text) => text);

const COLOURED: Paint = paintWith((text, [begin, end]) => (text ? `\u001b[${begin}m${text}\u001b[${end}m` : ''));

/**
 * @param stream what is written to
 * @returns colours if the stream is a terminal that shows them and the user has not said otherwise (https://no-color.org)
 */
export const paintFor = (stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint =>
  stream.isTTY && !env.NO_COLOR && env.TERM !== 'dumb' ? COLOURED : PLAIN;
