import { createHash } from 'node:crypto';
import { type MemoryRepository, memorySource } from '../../lib/memory/memory-source';
import type { PullRequestReading } from '../../lib/ports/source';
import { type AHistory, sourceContract } from './source-contract';

describe('memorySource', () =>
  sourceContract(async (): Promise<AHistory> => {
    const branches: Record<string, string> = {};
    const tags: Record<string, string> = {};
    const messages: Record<string, string> = {};
    const commits: Record<string, Record<string, string>> = {};
    const links: Record<string, Record<string, string>> = {};
    const pullRequests: Record<number, PullRequestReading> = {};
    const parents: Record<string, string[]> = {};
    const repository: MemoryRepository = { branches, tags, messages, commits, links, parents, pullRequests };
    return {
      source: memorySource({ 'acme/shop': repository }),
      repository: { provider: 'github', name: 'acme/shop' },
      async commit(files, message = 'a commit', linked = {}) {
        const commit = createHash('sha1')
          .update(JSON.stringify([files, message, linked]))
          .digest('hex');
        commits[commit] = { ...files };
        links[commit] = { ...linked };
        messages[commit] = message;
        return commit;
      },
      async commitOn(parent, files) {
        const commit = createHash('sha1')
          .update(JSON.stringify([parent, files]))
          .digest('hex');
        commits[commit] = { ...files };
        parents[commit] = [parent];
        return commit;
      },
      async branch(name, commit) {
        if (commit === undefined) delete branches[name];
        else branches[name] = commit;
      },
      async tag(name, commit) {
        tags[name] = commit;
      },
      pulls: {
        async open(branch, into) {
          const commit = branches[branch]!;
          const head = { commit, message: messages[commit]! };
          pullRequests[1] = { number: 1, state: 'open', into, branch, head, isFork: false };
          return 1;
        },
        async close(number) {
          pullRequests[number] = { ...pullRequests[number]!, state: 'closed' };
        },
      },
    };
  }));
