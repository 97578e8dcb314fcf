import { nativeFile, wrongNativeFiles } from '../../../lib/core/build/native-code';

const X86_64 = 62;
const ARM64 = 183;
const ARM = 40;
/** The beginning of an ELF file, 64 bits and little-endian unless asked otherwise. */
function elf(machine: number, { bigEndian = false } = {}): Uint8Array {
  const header = new DataView(new ArrayBuffer(64));
  [0x7f, 0x45, 0x4c, 0x46, 2, bigEndian ? 2 : 1, 1].forEach((byte, at) => {
    header.setUint8(at, byte);
  });
  header.setUint16(16, 3, !bigEndian);
  header.setUint16(18, machine, !bigEndian);
  return new Uint8Array(header.buffer);
}
const files = (...named: [path: string, machine: number][]) =>
  named.map(([path, machine]) => nativeFile(path, elf(machine))!);
const wrong = (named: [path: string, machine: number][], architecture: 'arm64' | 'x86_64') =>
  wrongNativeFiles(files(...named), architecture).map(({ path }) => path);

describe('a native library', () => {
  it.each([
    ['build/Release/addon.node', X86_64, 'x86_64'],
    ['build/Release/addon.node', ARM64, 'arm64'],
    ['lib/libvips.so', ARM64, 'arm64'],
    ['numpy.libs/libopenblas.so.0.3', X86_64, 'x86_64'],
    ['build/Release/addon.node', ARM, 'other'],
  ])('says in its header what it runs on: %s, machine %i', (path, machine, runsOn) => {
    expect(nativeFile(path, elf(machine))).toEqual({ path, runsOn });
  });

  it('says it in either order of bytes', () => {
    expect(nativeFile('a.node', elf(ARM64, { bigEndian: true }))).toMatchObject({ runsOn: 'arm64' });
  });

  it.each<[string, string, Uint8Array]>([
    ['a program without an extension', 'bin/esbuild', elf(X86_64)],
    ['a source map', 'addon.node.map', elf(X86_64)],
    ['a library of macOS', 'addon.node', new Uint8Array([0xcf, 0xfa, 0xed, 0xfe, ...Array(60).fill(0)])],
    ["a linker's script", 'libc.so', Buffer.from('/* GNU ld script */ OUTPUT_FORMAT(elf64-x86-64)')],
    ['an empty file', 'empty.node', new Uint8Array()],
    ['a header that breaks off', 'short.node', elf(X86_64).slice(0, 19)],
  ])('is not %s', (_, path, bytes) => {
    expect(nativeFile(path, bytes)).toBeUndefined();
  });
});

describe('native libraries of a function', () => {
  it('are wrong if they were built for the other processor', () => {
    const built: [string, number][] = [
      ['node_modules/bcrypt/build/Release/bcrypt.node', ARM64],
      ['node_modules/other/build/Release/other.node', X86_64],
    ];
    expect(wrong(built, 'x86_64')).toEqual(['node_modules/bcrypt/build/Release/bcrypt.node']);
    expect(wrong(built, 'arm64')).toEqual(['node_modules/other/build/Release/other.node']);
  });

  it('are right if a package brings them for every platform, and has the function’s among them', () => {
    const prebuilt: [string, number][] = [
      ['node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node', X86_64],
      ['node_modules/bufferutil/prebuilds/linux-arm64/bufferutil.armv8.node', ARM64],
      ['node_modules/bufferutil/prebuilds/linux-arm/bufferutil.armv7.node', ARM],
      ['node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node', X86_64],
      ['node_modules/@img/sharp-linuxmusl-arm64/lib/sharp-linuxmusl-arm64.node', ARM64],
    ];
    expect(wrong(prebuilt, 'x86_64')).toEqual([]);
    expect(wrong(prebuilt, 'arm64')).toEqual([]);
  });

  it('are wrong if the function’s is not among them', () => {
    const prebuilt: [string, number][] = [
      ['node_modules/@img/sharp-linux-arm64/lib/sharp-linux-arm64.node', ARM64],
      ['node_modules/@swc/core-linux-x64-gnu/swc.linux-x64-gnu.node', X86_64],
    ];
    expect(wrong(prebuilt, 'x86_64')).toEqual(['node_modules/@img/sharp-linux-arm64/lib/sharp-linux-arm64.node']);
  });

  it('are of two things if only their names resemble each other', () => {
    const both: [string, number][] = [
      ['node_modules/charm/a.node', ARM64],
      ['node_modules/ch/a.node', X86_64],
    ];
    expect(wrong(both, 'x86_64')).toEqual(['node_modules/charm/a.node']);
  });
});
