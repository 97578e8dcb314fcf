import { arch } from 'node:os';
import { CreateFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { type ACloud, aCloud, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

/** A native library runs on the processor that it is for; which that is, is in the header of its file. */
let at: ACloud;
let count = 0;
beforeAll(async () => {
  at = await aCloud('native');
});
afterAll(() => at.cloud.stop());

const MACHINES = { x86_64: 62, arm64: 183 } as const;
type Architecture = keyof typeof MACHINES;
const OWN: Architecture = arch() === 'arm64' ? 'arm64' : 'x86_64';
const OTHER: Architecture = OWN === 'arm64' ? 'x86_64' : 'arm64';

/** The beginning of a library: the loader of the system refuses it too, but for another reason. */
function library(machine: Architecture): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.set([MACHINES[machine], 0], 18);
  return bytes;
}
const WRONG = 'cannot open shared object file: No such file or directory';
/** @returns what a function with these files says when it is invoked for the first time */
async function run(files: Readonly<Record<string, Uint8Array | string>>, Architecture?: Architecture, python = false) {
  count += 1;
  const FunctionName = `native-${count}`;
  await at.lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: python ? 'python3.12' : 'nodejs20.x',
      Handler: 'index.handler',
      Role: ROLE,
      Architectures: Architecture && [Architecture],
      Code: {
        ZipFile: zipSync(
          Object.fromEntries(
            Object.entries(files).map(([name, bytes]) => [name, typeof bytes === 'string' ? strToU8(bytes) : bytes]),
          ),
        ),
      },
    }),
  );
  const answer = await at.lambda.send(new InvokeCommand({ FunctionName }));
  return { failed: answer.FunctionError !== undefined, text: Buffer.from(answer.Payload!).toString() };
}
const LOADING = "require('./addon.node'); exports.handler = async () => 'loaded';";

describe('a function that loads a library as it starts', () => {
  it('fails if that is for another processor', async () => {
    expect(await run({ 'index.js': LOADING, 'addon.node': library(OWN) }, OTHER)).toMatchObject({
      failed: true,
      text: expect.stringContaining(WRONG),
    });
    // It gets as far as the system's loader, which knows that it is none.
    expect((await run({ 'index.js': LOADING, 'addon.node': library(OWN) }, OWN)).text).not.toContain(WRONG);
  });

  it('is of x86_64 unless it says otherwise', async () => {
    expect((await run({ 'index.js': LOADING, 'addon.node': library('arm64') })).text).toContain(WRONG);
  });

  it('may have brought one for each processor', async () => {
    const code = `require('./linux-${OWN === 'arm64' ? 'arm64' : 'x64'}/addon.node'); exports.handler = async () => 1;`;
    const both = { 'linux-x64/addon.node': library('x86_64'), 'linux-arm64/addon.node': library('arm64') };
    expect((await run({ 'index.js': code, ...both }, OTHER)).text).not.toContain(WRONG);
  });

  it('is not asked about libraries that it does not load', async () => {
    const code = "exports.handler = async () => 'never';";
    expect(await run({ 'index.js': code, 'addon.node': library(OWN) }, OTHER)).toEqual({
      failed: false,
      text: '"never"',
    });
  });

  it('may be written in Python', async () => {
    const code = "import addon\n\n\ndef handler(event, context):\n    return 'loaded'\n";
    const files = { 'index.py': code, 'addon.so': library(OWN) };
    expect(await run(files, OTHER, true)).toMatchObject({ failed: true, text: expect.stringContaining(WRONG) });
    expect((await run(files, OWN, true)).text).not.toContain(WRONG);
  });
});
