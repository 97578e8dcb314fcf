import { styleText } from 'node:util';

const STYLES = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'] as const;
type Style = (typeof STYLES)[number];

/** Colours of what the commands print; each returns its text unchanged where there are no colours. */
export type Paint = Readonly<Record<Style, (text: string) => string>>;

const paintWith = (paint: (style: Style, text: string) => string): Paint =>
  Object.fromEntries(STYLES.map((style) => [style, (text: string) => paint(style, text)])) as Paint;

/** No colours. */
export const PLAIN: Paint = paintWith((_, text) => text);

/** The stream has been looked at already, and there is nothing to colour in an empty text. */
const COLOURED: Paint = paintWith((style, text) => text && styleText(style, text, { validateStream: false }));

/**
 * @param stream what is written to
 * @returns colours if the stream is a terminal that shows them and the user has not turned them off
 *   (https://no-color.org)
 */
export const paintFor = (stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint =>
  stream.isTTY && !env.NO_COLOR && env.TERM !== 'dumb' ? COLOURED : PLAIN;
