import type { Architecture } from '../contracts/architecture';

/** A native library of a bundle: an add-on of Node or Python, or what one of those links to. */
export interface NativeFile {
  /** Within the bundle. */
  readonly path: string;
  /** What it runs on; `other` for a processor that Lambda does not have. */
  readonly runsOn: Architecture | 'other';
}

const NATIVE = /\.(node|so(\.\d+)*)$/;
const ELF = [0x7f, 0x45, 0x4c, 0x46];
const LITTLE_ENDIAN = 1;
/** https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const DATA_AT = 5;
const MACHINE_AT = 18;
const MACHINES: Readonly<Record<number, Architecture>> = { 62: 'x86_64', 183: 'arm64' };

/** @returns whether a file may be a native library, by its name alone */
export const hasLibraryName = (path: string): boolean => NATIVE.test(path);

/**
 * @param bytes the file, or its first 20 bytes
 * @returns undefined for what is no native library of Linux, such as one of macOS or a script of a linker
 */
export function nativeFile(path: string, bytes: Uint8Array): NativeFile | undefined {
  if (!hasLibraryName(path) || bytes.length < MACHINE_AT + 2 || ELF.some((byte, at) => bytes[at] !== byte))
    return undefined;
  const [first, second] = [bytes[MACHINE_AT]!, bytes[MACHINE_AT + 1]!];
  const machine = bytes[DATA_AT] === LITTLE_ENDIAN ? first + second * 256 : first * 256 + second;
  return { path, runsOn: MACHINES[machine] ?? 'other' };
}

/** How packages name the platform of what they bring: `linux-x64`, `sharp-linuxmusl-arm64`, `linux-arm64-gnu`. */
const PLATFORM =
  /(?:(?:linux(?:musl|glibc)?|darwin|win32|freebsd|android|manylinux\w*)[-_.]?)?(?:x64|x86_64|x86|amd64|ia32|arm64|armv?\d\w*|aarch64|arm)(?:[-_.](?:gnu|musl|glibc|gnueabihf|musleabihf|eabi))?(?![a-z\d])/gi;

/** Directory without the names of platforms: what stands side by side there is the same thing for each of them. */
const familyOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1).replace(PLATFORM, '*');

/**
 * Finds libraries that a function cannot load. Some packages bring a library for each platform and choose as they
 * start: those are right if one of them is.
 *
 * @param architecture of the function
 * @returns those of which there is none for that processor
 */
export function wrongNativeFiles(files: readonly NativeFile[], architecture: Architecture): readonly NativeFile[] {
  const right = new Set(files.flatMap(({ path, runsOn }) => (runsOn === architecture ? [familyOf(path)] : [])));
  return files.filter(({ path, runsOn }) => runsOn !== architecture && !right.has(familyOf(path)));
}
