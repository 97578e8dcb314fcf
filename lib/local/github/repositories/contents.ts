/** @returns base64 as GitHub gives it: in lines of sixty characters. */
export const base64Lines = (content: Buffer): string =>
  content.toString('base64').replace(/.{1,60}/g, (line) => `${line}\n`);

/** @returns whether the bytes themselves are asked for. */
export const isRaw = (accept: string): boolean => /application\/vnd\.github(\.v3)?\.raw\b/.test(accept);
