import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program called `docker` for a PATH, which notes what it is asked and answers as Docker does. */
export interface StandInDocker {
  /** Directory of the program. */
  readonly path: string;
  /** @returns what it was called with, a line for each call */
  calls(): readonly string[];
  /** @returns the environment that the last call of a command had, by `build` and `push`; undefined before one */
  environment(command: 'build' | 'push'): string | undefined;
  /** @returns the configuration with which it was last told to push; undefined before */
  login(): unknown;
}

/**
 * Makes one. An image of it has for its digest the SHA-256 of its Dockerfile.
 * @param directory empty
 * @param buildEnd what `docker build` ends with, in place of success
 */
export function standInDocker(directory: string, buildEnd = 'exit 0'): StandInDocker {
  const state = join(directory, 'state');
  const path = join(directory, 'bin');
  for (const made of [state, path]) mkdirSync(made, { recursive: true });
  writeFileSync(
    join(path, 'docker'),
    `#!/bin/sh
echo "$@" >> '${state}/calls'
digest_of() { echo '${state}'/"$(echo "$1" | tr ':/' '__')"; }
case "$1" in
  version) echo 28.0.0;;
  build)
    env > '${state}/build'
    while [ $# -gt 0 ]; do
      [ "$1" = --tag ] && tag="$2"
      [ "$1" = --file ] && file="$2"
      shift
    done
    sha256sum "$file" | cut -d ' ' -f 1 > "$(digest_of "$tag")"
    ${buildEnd};;
  --config)
    env > '${state}/push'
    cp "$2/config.json" '${state}/login'
    echo "The push refers to repository [$4]"
    echo "latest: digest: sha256:$(cat "$(digest_of "$4")") size: 1234";;
  *) echo "no such command: $1" >&2; exit 1;;
esac
`,
  );
  chmodSync(join(path, 'docker'), 0o755);
  const read = (name: string): string | undefined =>
    existsSync(join(state, name)) ? readFileSync(join(state, name), 'utf8') : undefined;
  return {
    path,
    calls: () => (read('calls') ?? '').split('\n').filter(Boolean),
    environment: read,
    login: () => JSON.parse(read('login') ?? 'null'),
  };
}
